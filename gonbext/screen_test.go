package gonbext

import (
	"bytes"
	"encoding/gob"
	"image"
	"strings"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// fakeFigure is a picture of so many bytes.
type fakeFigure struct{ err error }

func (f fakeFigure) PNG() ([]byte, error) { return []byte("picture"), f.err }
func (fakeFigure) Alt() string            { return "Layer 1 carries it all." }
func (fakeFigure) CSSWidth() int          { return 624 }

// kernel is a screen that keeps what a GoNB kernel would decode.
type kernel struct {
	t     *testing.T
	shown []*protocol.DisplayData
	syncs int
}

func (k *kernel) screen() screen {
	return notebook{
		deliver: func(d *protocol.DisplayData) {
			var b bytes.Buffer
			if err := gob.NewEncoder(&b).Encode(d); err != nil { // a type that is not registered is lost without a word
				k.t.Fatal(err)
			}
			got := new(protocol.DisplayData)
			if err := gob.NewDecoder(&b).Decode(got); err != nil {
				k.t.Fatal(err)
			}
			k.shown = append(k.shown, got)
		},
		flush: func() { k.syncs++ },
	}
}

// with makes s the screen of this process until the test ends.
func with(t *testing.T, s screen) {
	old := here
	here = newProcess(func() screen { return s }, func(code int) { t.Errorf("the cell ended with %d", code); select {} })
	t.Cleanup(func() { here = old })
}

func TestShowSendsBundles(t *testing.T) {
	k := &kernel{t: t}
	with(t, k.screen())
	m := steertest.NewModel()
	Show(m.Predict("The capital of France is"), fakeFigure{}, "text\n<b>", image.NewGray(image.Rect(0, 0, 3, 2)), 1.5)
	if len(k.shown) != 5 || k.syncs != 1 {
		t.Fatalf("%d bundles, %d syncs; want 5 and 1", len(k.shown), k.syncs)
	}
	card := k.shown[0].Data
	if h, ok := card[protocol.MIMETextHTML].(string); !ok || !strings.Contains(h, "<table") {
		t.Errorf("HTML of a card: %v", card[protocol.MIMETextHTML])
	}
	if s, ok := card[protocol.MIMETextPlain].(string); !ok || !strings.Contains(s, "·Paris") {
		t.Errorf("text of a card: %v", card[protocol.MIMETextPlain])
	}
	fig := k.shown[1]
	if !bytes.Equal(fig.Data[protocol.MIMEImagePNG].([]byte), []byte("picture")) || fig.Data[protocol.MIMETextPlain] != "Layer 1 carries it all." {
		t.Errorf("figure: %v", fig.Data)
	}
	if h, _ := fig.Data[protocol.MIMETextHTML].(string); !strings.Contains(h, `alt="Layer 1 carries it all."`) || !strings.Contains(h, `width="624"`) ||
		!strings.Contains(h, "base64,cGljdHVyZQ==") || !strings.Contains(h, "neuronsteer-on-paper") {
		t.Errorf("HTML of a figure: %s", h)
	}
	if w, ok := fig.Metadata["image/png"].(map[string]int); !ok || w["width"] != 624 {
		t.Errorf("metadata of a figure: %v", fig.Metadata)
	}
	if s := k.shown[2].Data; len(s) != 1 || s[protocol.MIMETextPlain] != "text\n<b>" {
		t.Errorf("a string: %v", s)
	}
	if img := k.shown[3].Data; !bytes.HasPrefix(img[protocol.MIMEImagePNG].([]byte), []byte("\x89PNG")) || img[protocol.MIMETextPlain] != "image, 3 × 2 pixels" {
		t.Errorf("an image: %v", img[protocol.MIMETextPlain])
	}
	if s := k.shown[4].Data[protocol.MIMETextPlain]; s != "1.5" {
		t.Errorf("a number: %v", s)
	}
}

func TestSyncDoesNotHang(t *testing.T) {
	began := time.Now()
	notebook{flush: func() { select {} }}.sync()
	if took := time.Since(began); took > syncTime+2*time.Second {
		t.Errorf("waited %v for a kernel that does not answer", took)
	}
}

func TestConsoleIsText(t *testing.T) {
	var out, errs bytes.Buffer
	with(t, console{&out, &errs, false})
	Show(fakeFigure{}, steertest.NewModel().Tokens("Paris"))
	if got := out.String(); !strings.HasPrefix(got, "Layer 1 carries it all.\n") || strings.Contains(got, "<table") || errs.Len() > 0 {
		t.Errorf("out %q, err %q", got, errs.String())
	}
}
