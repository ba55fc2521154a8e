package journal

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
)

func record(t *testing.T, body any, data ...float32) steer.Record {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return steer.Record{
		Header: steer.Header{Request: steer.Request{Kind: "predict", Version: 2, Settings: json.RawMessage(`{"top":10,"a":null}`)},
			Identity: steer.Identity{Model: "m", Tokenizer: "t"}, Model: "teaching", Body: b},
		Tensors: map[string]steer.Tensor{"logits": {Shape: []int{len(data)}, Data: data}},
	}
}

type body struct {
	Text  string    `json:"text"`
	IDs   []int     `json:"ids"`
	Few   []float64 `json:"few"`
	Many  []float64 `json:"many"`
	Whole float64   `json:"whole"`
}

func usual() body {
	b := body{Text: " Paris", IDs: []int{40011, 7, 40013, 9, 11}, Few: []float64{.25, 1e-7}, Whole: 1}
	for i := range 400 {
		b.Many = append(b.Many, math.Sin(float64(i)))
	}
	return b
}

// TestSummaryTellsResultsApart: what another machine rounds otherwise is the same; one number, one token or one word that is
// another is found, and named where it can be.
func TestSummaryTellsResultsApart(t *testing.T) {
	data := make([]float32, 3*sampled+5)
	for i := range data {
		data[i] = float32(math.Cos(float64(i)))
	}
	kept := Summarize(record(t, usual(), data...))
	for name, c := range map[string]struct {
		change func(b *body, data []float32)
		says   string // "": the same
	}{
		"nothing":         {func(*body, []float32) {}, ""},
		"rounded":         {func(b *body, d []float32) { b.Few[0] *= 1 + 1e-6; b.Many[7] += 1e-6; d[0] *= 1 + 1e-6 }, ""},
		"no longer whole": {func(b *body, _ []float32) { b.Whole = 1 - 1e-7 }, ""},
		"a word":          {func(b *body, _ []float32) { b.Text = " Rome" }, "text is another text"},
		"an id":           {func(b *body, _ []float32) { b.IDs[1] = 8 }, "ids is another text"},
		"a number":        {func(b *body, _ []float32) { b.Few[0] = .26 }, "few is 0.26, 1e-07, recorded 0.25, 1e-07"},
		"one of many":     {func(b *body, _ []float32) { b.Many[7] += .01 }, "many differs"},
		"one less":        {func(b *body, _ []float32) { b.Many = b.Many[1:] }, "many has 399 numbers, recorded 400"},
		"all a little": {func(_ *body, d []float32) {
			for i := range d {
				d[i] *= 1.001
			}
		}, "the tensor logits differs"},
	} {
		t.Run(name, func(t *testing.T) {
			b, d := usual(), slices.Clone(data)
			c.change(&b, d)
			differ, worst := kept.Compare(Summarize(record(t, b, d...)), Usual)
			if got := strings.Join(differ, "; "); (c.says == "") != (got == "") || !strings.Contains(got, c.says) {
				t.Errorf("says %q, want %q; %v of the tolerance", got, c.says, worst)
			}
		})
	}
}

// TestOriginTravels: what is read from the metadata is what was put there, byte for byte where an address depends on it.
func TestOriginTravels(t *testing.T) {
	rec := record(t, usual(), 1, 2, 3, 4, 5, 6.5)
	o := Origin{Version: Version, Type: "Prediction", Shown: Digests(map[string][]byte{"text/plain": []byte("12 %")}), Sources: []Source{NewSource(rec)}}
	m, err := o.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), ": null") {
		t.Errorf("there is a null, which gob cannot carry: %s", b)
	}
	got, err := ReadOrigin(b)
	if err != nil {
		t.Fatal(err)
	}
	r, err := got.Sources[0].Request()
	if err != nil || r.Ref(got.Sources[0].Identity) != rec.Header.Request.Ref(rec.Header.Identity) {
		t.Errorf("the request became %v, %v", r, err)
	}
	if differ, _ := o.Sources[0].Summary.Compare(got.Sources[0].Summary, Tolerance{Relative: 1e-8}); len(differ) > 0 {
		t.Errorf("the summary changed on its way: %v", differ)
	}
	changed := got.Sources[0]
	changed.Settings = strings.Replace(changed.Settings, "10", "11", 1)
	if _, err := changed.Request(); err == nil || !strings.Contains(err.Error(), "were changed") {
		t.Errorf("changed settings: %v", err)
	}
	if a := got.Altered(map[string][]byte{"text/plain": []byte("12 %\n")}); len(a) > 0 {
		t.Errorf("a line break at the end counts: %v", a)
	}
	if a := got.Altered(map[string][]byte{"text/plain": []byte("21 %"), "text/html": []byte("x")}); !slices.Equal(a, []string{"text/html", "text/plain"}) {
		t.Errorf("altered: %v", a)
	}
}

// TestLongSettingsArePacked: settings of many prompts are small, and come back byte for byte; what cannot be unpacked computes
// nothing.
func TestLongSettingsArePacked(t *testing.T) {
	rec := record(t, usual())
	rec.Header.Request.Settings = json.RawMessage(`{"texts":["` + strings.Repeat(`I loved the film. It was","`, 2000) + `"]}`)
	s := NewSource(rec)
	if s.Settings != "" || s.Packed == "" || len(s.Packed) > 2000 || !s.Whole() {
		t.Fatalf("%d bytes as they are, %d packed", len(s.Settings), len(s.Packed))
	}
	if r, err := s.Request(); err != nil || string(r.Settings) != string(rec.Header.Request.Settings) {
		t.Errorf("the request came back otherwise: %v", err)
	}
	s.Packed = s.Packed[:len(s.Packed)/2]
	if _, err := s.Request(); err == nil {
		t.Error("half of the settings are taken for all")
	}
	bomb := Source{Settings: strings.Repeat(" ", longest-1)}.Pack()
	bomb.Settings = bomb.Unpack().Settings + "  "
	if again := bomb.Pack(); again.Whole() {
		t.Error("settings beyond the limit go along")
	}
}

// TestLongSourcesArePacked: what a hundred results of the same prompts say is a fraction in the metadata, and read as it was; a part of
// it is an error, and few sources can be read by eye.
func TestLongSourcesArePacked(t *testing.T) {
	o := Origin{Version: Version, Shown: map[string]string{}}
	for i := range 100 {
		rec := record(t, usual(), 1, 2, float32(i))
		rec.Header.Request.Settings = json.RawMessage(`{"n":` + strconv.Itoa(i) + `,"texts":["` + strings.Repeat(`I loved the film. It was","`, 200) + `"]}`)
		o.Sources = append(o.Sources, NewSource(rec))
	}
	plain, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	m, err := o.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > len(plain)/3 {
		t.Errorf("%d bytes of %d", len(b), len(plain))
	}
	got, err := ReadOrigin(b)
	if err != nil || len(got.Sources) != 100 || got.Packed != "" {
		t.Fatalf("%d sources, %v", len(got.Sources), err)
	}
	for i, s := range got.Sources {
		if _, err := s.Request(); err != nil || s.Ref != o.Sources[i].Ref {
			t.Fatalf("source %d: %v", i, err)
		}
		if differ, _ := o.Sources[i].Summary.Compare(s.Summary, Tolerance{Relative: 1e-8}); len(differ) > 0 {
			t.Errorf("source %d changed on its way: %v", i, differ)
		}
	}
	m["packed"] = m["packed"].(string)[:1000]
	if b, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadOrigin(b); err == nil || !strings.Contains(err.Error(), "packed sources") {
		t.Errorf("a part of the sources is taken for all: %v", err)
	}
	if few := (Origin{Sources: []Source{NewSource(record(t, usual()))}}).Pack(); few.Packed != "" || len(few.Sources) != 1 {
		t.Error("one source is packed")
	}
}

// TestJournalReplacesACell: a cell that runs again has only its last outputs, at its first place; what a killed process left
// half written is left out.
func TestJournalReplacesACell(t *testing.T) {
	j := Journal{Folder: filepath.Join(t.TempDir(), "journal")}
	if got, err := j.Read(); err != nil || got != nil {
		t.Fatalf("before anything was shown: %v, %v", got, err)
	}
	now := time.Now()
	for i, c := range []struct{ key, text string }{{"a", "old"}, {"b", "other"}, {"a", "new"}} {
		w, err := j.Begin(Cell{Key: c.key, First: now.Add(time.Duration(i) * time.Second)})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Add(Entry{Text: c.text}); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	torn := filepath.Join(j.Folder, Digest([]byte("b"))+".jsonl")
	f, err := os.OpenFile(torn, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"text": "cut sh`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := j.Read()
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %v", got, err)
	}
	if !reflect.DeepEqual(got[0].Entries, []Entry{{Text: "new"}}) || !reflect.DeepEqual(got[1].Entries, []Entry{{Text: "other"}}) {
		t.Errorf("%+v", got)
	}
}
