package kerneltest

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// A Completion is what can be typed at a place, Start and End in characters.
type Completion struct {
	Matches []string `json:"matches"`
	Start   int      `json:"cursor_start"`
	End     int      `json:"cursor_end"`
}

// Complete asks what can be typed where the cell has a "|".
func (k *Kernel) Complete(t testing.TB, code string) (c Completion) {
	t.Helper()
	k.typed(t, "complete", code, &c)
	return c
}

// Inspect asks for the documentation of what stands where the cell has a "|", as Markdown; "" is none.
func (k *Kernel) Inspect(t testing.TB, code string) string {
	t.Helper()
	var c struct {
		Data map[string]string `json:"data"`
	}
	k.typed(t, "inspect", code, &c)
	return c.Data["text/markdown"]
}

func (k *Kernel) typed(t testing.TB, op, code string, content any) {
	t.Helper()
	before, after, ok := strings.Cut(code, "|")
	if !ok {
		t.Fatalf("%q has no cursor", code)
	}
	r := k.await(t, k.send(t, map[string]any{"op": op, "code": before + after, "cursor": utf8.RuneCountInString(before)}))
	if err := json.Unmarshal(r.Content, content); err != nil {
		t.Fatal(err)
	}
}

// Comm sends a message of a comm, comm_open or comm_msg, and waits for data of the given type, or of an error.
func (k *Kernel) Comm(t testing.TB, kind, comm, until string, data, answer any) {
	t.Helper()
	content := map[string]any{"comm_id": comm, "target_name": "neuronsteer", "data": data}
	r := k.await(t, k.send(t, map[string]any{"op": "comm", "type": kind, "content": content, "until": until}))
	if err := json.Unmarshal(r.Content, answer); err != nil {
		t.Fatal(err)
	}
}
