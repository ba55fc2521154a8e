package jupyter

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"
)

const key = "a key"

// came is a message as Jupyter's own client sends it, with an order of fields and spaces that Go would not write, and a
// buffer.
func came() [][]byte {
	parts := [][]byte{
		[]byte(`{"msg_type": "execute_request", "msg_id": "m1",  "session": "s", "username": "u", "date": "d", "version": "5.3"}`),
		[]byte(`{}`), []byte(`{"x" : 1}`), []byte(`{"code":"%%\nnb.Show(1)",  "silent": false, "unknown": [1, 2]}`),
	}
	return slices.Concat([][]byte{{0, 1, 2}, []byte("client"), delimiter, signature(key, parts)}, parts, [][]byte{{9, 8, 7}})
}

// What is not changed is sent as the bytes that came; what is changed has a new content, a right signature, and everything
// else as it was.
func TestMessageUnchanged(t *testing.T) {
	frames := came()
	m, err := Parse(frames, key)
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Type != "execute_request" || m.Header.ID != "m1" || len(m.Route) != 2 {
		t.Errorf("read %+v", m)
	}
	if got := m.Frames(key); !same(got, came()) {
		t.Errorf("sent %q", got)
	}
	unsigned, err := Parse(came(), "") // of a kernel without a key: what stands in the signature's place stays too
	if err != nil || !same(unsigned.Frames(""), came()) {
		t.Errorf("without a key it is sent as %q, %v", unsigned.Frames(""), err)
	}
	moved := m.To([][]byte{[]byte("other")}).Frames(key)
	if !same(moved, slices.Concat([][]byte{[]byte("other")}, came()[2:])) {
		t.Errorf("with another route %q", moved)
	}
	c := *m
	if err := c.Change(map[string]any{"code": "x"}); err != nil {
		t.Fatal(err)
	}
	changed := c.Frames(key)
	back, err := Parse(changed, key)
	if err != nil {
		t.Fatalf("what was changed is not signed anew: %v", err)
	}
	if string(back.Content) != `{"code":"x"}` || !bytes.Equal(changed[4], came()[4]) || !bytes.Equal(changed[6], came()[6]) || !bytes.Equal(changed[8], []byte{9, 8, 7}) {
		t.Errorf("changed %q", changed)
	}
	if !same(m.Frames(key), came()) {
		t.Error("changing a copy has changed the message")
	}
}

func TestMessageForged(t *testing.T) {
	frames := came()
	frames[7] = []byte(`{"code":"!rm"}`)
	if _, err := Parse(frames, key); !errors.Is(err, ErrSignature) {
		t.Errorf("a forged message: %v", err)
	}
	if _, err := Parse(frames, ""); err != nil {
		t.Errorf("without a key nothing is signed: %v", err)
	}
	for _, bad := range [][][]byte{nil, {[]byte("a")}, came()[:6], {delimiter}} {
		if _, err := Parse(bad, key); err == nil {
			t.Errorf("%q is taken for a message", bad)
		}
	}
}

// An answer goes where the question came from, names it as its parent as it was written, and is signed.
func TestMessageAnswer(t *testing.T) {
	m, err := Parse(came(), key)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Parse(m.Answer("execute_reply", map[string]any{"status": "ok"}).Frames(key), key)
	if err != nil {
		t.Fatal(err)
	}
	if a.Parent != m.Header || a.Header.Type != "execute_reply" || !same(a.Route, m.Route) || a.Header.ID == "" {
		t.Errorf("answer %+v", a)
	}
	if got := m.Answer("x", nil).Frames(key); !bytes.Equal(got[5], came()[4]) {
		t.Errorf("the parent is %s", got[5])
	}
	var content map[string]any
	if err := json.Unmarshal(a.Content, &content); err != nil || content["status"] != "ok" {
		t.Errorf("content %s", a.Content)
	}
}

func same(a, b [][]byte) bool { return slices.EqualFunc(a, b, bytes.Equal) }
