package pagecheck

import (
	"path/filepath"
	"testing"
)

// TestCommittedNotebooks: no output of a committed notebook leaves anybody out, fetches anything, or shows what was meant for a machine.
func TestCommittedNotebooks(t *testing.T) {
	files, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d notebooks: %v", len(files), err)
	}
	for _, f := range files {
		found, err := Notebook(f)
		if err != nil {
			t.Error(err)
		}
		for _, x := range found {
			t.Error(x)
		}
	}
}
