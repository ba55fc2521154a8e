package plotting

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSaveWritesEveryFormat(t *testing.T) {
	dir, fig := t.TempDir(), ByLayer(profile(6))
	paths := []string{filepath.Join(dir, "a.png"), filepath.Join(dir, "b.SVG"), filepath.Join(dir, "c.pdf")}
	if err := fig.Save(paths...); err != nil {
		t.Fatal(err)
	}
	for i, magic := range []string{"\x89PNG", "<svg ", "%PDF-"} {
		data, err := os.ReadFile(paths[i])
		if err != nil || !bytes.HasPrefix(data, []byte(magic)) {
			t.Errorf("%s: %.8q, %v", paths[i], data, err)
		}
	}
}

func TestSaveJoinsErrorsAndWritesTheRest(t *testing.T) {
	dir, fig := t.TempDir(), ByLayer(profile(6))
	good, taken := filepath.Join(dir, "good.svg"), filepath.Join(dir, "taken.svg")
	if err := os.Mkdir(taken, 0o755); err != nil {
		t.Fatal(err)
	}
	err := fig.Save(filepath.Join(dir, "x.gif"), filepath.Join(dir, "none", "y.svg"), taken, filepath.Join(dir, ".png"), good)
	if !errors.Is(err, ErrFormat) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	for _, part := range []string{"x.gif", `x.pdf"`, "y.svg", "taken.svg"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v lacks %q", err, part)
		}
	}
	if _, err := os.Stat(good); err != nil {
		t.Errorf("the good path: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*.svg.*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files stay behind: %q, %v", left, err)
	}
	if err := fig.Save(); !errors.Is(err, ErrFormat) {
		t.Errorf("no path: %v", err)
	}
}

func TestSaveKeepsTheOldFileOfABadFigure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept.png")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := ByLayer(layered{}).Save(path); !errors.Is(err, ErrNoData) {
		t.Errorf("got %v", err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "old" {
		t.Errorf("the file holds %q, %v", data, err)
	}
}
