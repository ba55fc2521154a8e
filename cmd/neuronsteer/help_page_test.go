package main

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var regen = flag.Bool("regen", false, "write docs/terminal.md and docs/study.schema.json anew")

// TestTerminalPage: docs/terminal.md is what help says, and docs/study.schema.json what run -schema prints.
func TestTerminalPage(t *testing.T) {
	for path, args := range map[string][]string{"../../docs/terminal.md": {"help", "-markdown"}, "../../docs/study.schema.json": {"run", "-schema"}} {
		var b bytes.Buffer
		if err := run(t.Context(), args, &b); err != nil {
			t.Fatal(err)
		}
		if *regen {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, b.Bytes()) {
			t.Errorf("%s is not what neuronsteer %v prints now (%v); write it by: go test ./cmd/neuronsteer -run TestTerminalPage -regen", path, args, err)
		}
	}
}
