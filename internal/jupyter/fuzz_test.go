package jupyter

import (
	"bytes"
	"slices"
	"testing"
)

// FuzzParse: whatever frames come in, they are a message that goes on as it came, and can be answered, or a mistake; nothing is believed
// without the key.
func FuzzParse(f *testing.F) {
	f.Add([]byte("id\n<IDS|MSG>\n\n{\"msg_type\":\"comm_msg\"}\n{}\n{}\n{\"comm_id\":\"x\"}\nbuffer"))
	f.Add([]byte("<IDS|MSG>\n\n{}\n{}\n{}\n"))
	f.Add([]byte("<IDS|MSG>\n\n[]\n{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		frames := bytes.Split(b, []byte("\n"))
		if _, err := Parse(frames, "a key"); err == nil {
			t.Fatalf("%q is believed", b)
		}
		m, err := Parse(frames, "")
		if err != nil {
			return
		}
		if !slices.EqualFunc(m.Frames(""), frames, bytes.Equal) {
			t.Fatalf("%q goes on as %q", frames, m.Frames(""))
		}
		_ = m.Metadata()
		var content map[string]any
		_ = m.Read(&content)
		a, err := Parse(m.Answer("reply", content).To([][]byte{[]byte("x")}).Frames("a key"), "a key")
		if err != nil || a.Header.Type != "reply" || a.Parent != m.Header || !slices.EqualFunc(a.Route, [][]byte{[]byte("x")}, bytes.Equal) {
			t.Fatalf("%q is answered by %+v (%v)", b, a, err)
		}
	})
}

// TestMetadata: what stands beside the content of a message that came.
func TestMetadata(t *testing.T) {
	m, err := Parse([][]byte{delimiter, nil, []byte("{}"), []byte("{}"), []byte(`{"cellId":"x"}`), []byte("{}")}, "")
	if err != nil || string(m.Metadata()) != `{"cellId":"x"}` {
		t.Errorf("%s (%v)", m.Metadata(), err)
	}
	if (&Message{}).Metadata() != nil {
		t.Error("no message has metadata")
	}
	if got := string(New("x", func() {}).Content); got != "null" {
		t.Errorf("what has no JSON is %s", got)
	}
	for _, frames := range [][][]byte{{delimiter, nil, []byte("["), []byte("{}"), nil, []byte("{}")}, {delimiter, nil, []byte("{}"), []byte("["), nil, []byte("{}")}, {nil, nil, nil, nil, nil, nil}, {delimiter, nil, nil, nil, nil}} {
		if m, err := Parse(frames, ""); err == nil {
			t.Errorf("%q is the message %+v", frames, m)
		}
	}
}
