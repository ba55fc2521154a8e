package kernelproxy

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"golang.org/x/mod/modfile"
)

// TestUnwatched: the clone replaces the module in a way that GoNB does not take for a folder to watch.
func TestUnwatched(t *testing.T) {
	watches := regexp.MustCompile(`(?m)^\s*replace\s+.*?=>\s+(.*)$`) // GoNB v0.11.4, goexec/tracking.go
	root := t.TempDir()
	for _, clone := range []string{filepath.Join(root, "clone"), filepath.Join(root, "a clone")} {
		dir := t.TempDir()
		if err := os.Mkdir(clone, 0o700); err != nil {
			t.Fatal(err)
		}
		for path, text := range map[string]string{clone + "/go.mod": "module " + module + "\n\ngo 1.26\n", clone + "/go.sum": "", dir + "/go.mod": "module gonb_x\n"} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // a second time after a reset
			if err := (modules{clone: clone}).write(dir); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(dir + "/go.mod")
			if err != nil {
				t.Fatal(err)
			}
			f, err := modfile.Parse("go.mod", text, nil)
			if err != nil || len(f.Replace) != 1 || f.Replace[0].New.Path != clone || watches.Match(text) {
				t.Errorf("%v: go.mod is\n%s", err, text)
			}
		}
	}
}
