package gonbext

import (
	"encoding/gob"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/neuronsteer/neuronsteer/internal/journal"
)

// A bundle is one output in the forms that a host may choose from. Text is never empty.
type bundle struct {
	html, text string
	still      string // the html without its script, for the journal of the session; empty: it has none
	markdown   string
	png        []byte
	width      int             // of the png, in CSS pixels; 0: its own
	svg        []byte          // of the same picture, for the journal of the session; not sent
	origin     *journal.Origin // what it was made from; nil: of nothing that was computed
}

// forms returns what a host may choose from, by MIME type.
func (b bundle) forms() map[string][]byte {
	all := map[string][]byte{string(protocol.MIMETextPlain): []byte(b.text)}
	if b.html != "" {
		all[string(protocol.MIMETextHTML)] = []byte(b.html)
	}
	if b.markdown != "" {
		all[string(protocol.MIMETextMarkdown)] = []byte(b.markdown)
	}
	if b.png != nil {
		all[string(protocol.MIMEImagePNG)] = b.png
	}
	return all
}

func (c *card) bundle() bundle { return bundle{html: c.html(), text: c.text()} }

// A screen is where a cell's output goes.
type screen interface {
	send(b bundle)
	update(id string, b bundle) // replaces what the same id showed
	progress() bool             // updates are of use
	sync()                      // returns when everything sent has arrived
}

// notebook is the screen of a GoNB kernel.
type notebook struct {
	deliver func(*protocol.DisplayData)
	flush   func()
}

func (n notebook) send(b bundle) { n.deliver(display(b, "")) }

func (n notebook) update(id string, b bundle) { n.deliver(display(b, id)) }

func (n notebook) progress() bool { return true }

// syncTime bounds the wait for a kernel that may have closed its end.
const syncTime = 3 * time.Second

func (n notebook) sync() {
	done := make(chan struct{})
	go func() { n.flush(); close(done) }()
	select {
	case <-done:
	case <-time.After(syncTime):
	}
}

// display makes the message of a bundle. The metadata of an image is nested under its MIME type: a flat width is ignored
// by JupyterLab. map[string]int is a type that the kernel's decoder knows, as are the types that init names to the encoder
// at this end.
func display(b bundle, id string) *protocol.DisplayData {
	d := &protocol.DisplayData{Data: map[protocol.MIMEType]any{protocol.MIMETextPlain: b.text}, DisplayID: id}
	if b.html != "" {
		d.Data[protocol.MIMETextHTML] = b.html
	}
	if b.markdown != "" {
		d.Data[protocol.MIMETextMarkdown] = b.markdown
	}
	if b.png != nil {
		d.Data[protocol.MIMEImagePNG] = b.png
		if b.width > 0 {
			d.Metadata = map[string]any{string(protocol.MIMEImagePNG): map[string]int{"width": b.width}}
		}
	}
	if b.origin != nil {
		if m, err := b.origin.Metadata(); err == nil {
			if d.Metadata == nil {
				d.Metadata = map[string]any{}
			}
			d.Metadata[journal.Key] = m
		}
	}
	return d
}

func init() { //nolint:gochecknoinits // gob knows types by a register
	gob.Register(map[string]any{})
	gob.Register([]any{})
}

// console is the screen outside a notebook: text, and progress where somebody watches.
type console struct {
	out, err io.Writer
	watched  bool
}

func (c console) send(b bundle) { fmt.Fprintln(c.out, b.text) }

func (c console) update(_ string, b bundle) { fmt.Fprintf(c.err, "\r\x1b[K%s", b.text) }

func (c console) progress() bool { return c.watched }

func (c console) sync() {}

// findScreen is asked once, when something is first shown.
func findScreen() screen {
	if gonbui.IsNotebook {
		return notebook{gonbui.SendData, gonbui.Sync}
	}
	info, err := os.Stderr.Stat()
	return console{stdout{}, os.Stderr, err == nil && info.Mode()&os.ModeCharDevice != 0}
}

// stdout is standard output as it is when something is written; a test may have put another in its place.
type stdout struct{}

func (stdout) Write(b []byte) (int, error) { return os.Stdout.Write(b) }
