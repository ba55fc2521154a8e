package steer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

const byteOrderMark = "\ufeff"

// A byte-order mark before a text is no part of it.
func TestFilesWithAMark(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lines := `{"prompt": "a", "target": " b"}` + "\n" + `{"prompt": "c", "target": " d"}` + "\n"
	plain, err := Examples(write("plain.jsonl", lines)).Read()
	if err != nil {
		t.Fatal(err)
	}
	marked, err := Examples(write("marked.jsonl", byteOrderMark+lines)).Read()
	if err != nil || len(marked) != 2 || marked[0].Prompt != plain[0].Prompt {
		t.Errorf("examples: %v, %v", marked, err)
	}
	if ps, err := Pairs(write("pairs.jsonl", byteOrderMark+`{"positive": "a", "negative": "b"}`)).Read(); err != nil || len(ps) != 1 {
		t.Errorf("pairs: %v, %v", ps, err)
	}
	if b, err := readCircuitFile(write("c.json", byteOrderMark+"{}")); err != nil || string(b) != "{}" {
		t.Errorf("circuit: %q, %v", b, err)
	}
	if _, err := Examples(write("wide.jsonl", "\xff\xfe{\x00")).Read(); err == nil || !strings.Contains(err.Error(), "save it as UTF-8") {
		t.Errorf("UTF-16: %v", err)
	}
	if _, err := Examples(dir).Read(); err == nil || !strings.Contains(err.Error(), "it is a folder") || engine.Mistakes(err)[0].Hint == "" {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Examples(write("pointer.jsonl", "version https://git-lfs.github.com/spec/v1\nsize 7\n")).Read(); err == nil || !strings.Contains(err.Error(), "git lfs pull") {
		t.Errorf("a git-LFS pointer: %v", err)
	}
}
