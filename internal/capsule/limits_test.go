package capsule

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/store"
)

// TestCutAndFlippedCapsules: one that was cut anywhere, or has a bit changed, is refused and leaves nothing, or is what was packed.
func TestCutAndFlippedCapsules(t *testing.T) {
	file, _ := pack(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parent := t.TempDir()
	broken, dir := filepath.Join(parent, "x.zip"), filepath.Join(parent, "opened")
	try := func(what string, b []byte) error {
		if err := os.WriteFile(broken, b, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := Open(broken, dir)
		if err != nil {
			if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: something is left: %v", what, err)
			}
			return err
		}
		if b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(m.File))); err != nil || string(b) != "the notebook" {
			t.Errorf("%s: the notebook is %q (%v)", what, b, err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		return nil
	}
	if err := try("as it is", whole); err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(whole); n += 97 {
		if try(fmt.Sprint("cut at ", n), whole[:n]) == nil {
			t.Errorf("cut at %d it is opened", n)
		}
		b := bytes.Clone(whole)
		b[n] ^= 0x10
		_ = try(fmt.Sprint("changed at ", n), b)
	}
}

// TestForeignCapsules: a file that is not there, manifests that say nothing of use, and names that mean another place are refused.
func TestForeignCapsules(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		says  string
	}{
		"no JSON":         {map[string]string{"a/manifest.json": "{"}, "its manifest cannot be read"},
		"no files":        {map[string]string{"a/manifest.json": `{"version":1,"file":"f"}`}, "names no notebook or report"},
		"another file":    {map[string]string{"a/manifest.json": `{"version":1,"file":"g","files":{"f":"x"}}`, "a/f": "f"}, "names no notebook or report"},
		"no version":      {map[string]string{"a/manifest.json": `{}`}, "of version 0"},
		"only the folder": {map[string]string{"a/": ""}, "leads out"},
		"a way around":    {map[string]string{"a/b/../f": "f"}, "leads out"},
		"twice a slash":   {map[string]string{"a//f": "f"}, "leads out"},
		"a dot":           {map[string]string{"a/./f": "f"}, "leads out"},
		"nothing":         {nil, "it has no manifest"},
		"own digest":      {map[string]string{"a/manifest.json": `{"version":1,"file":"manifest.json","files":{"manifest.json":"x"}}`}, ""},
	} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for n, text := range c.files {
			x, err := w.Create(n)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := x.Write([]byte(text)); err != nil && !strings.HasSuffix(n, "/") {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		parent := t.TempDir()
		file := filepath.Join(parent, "x.zip")
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(file, filepath.Join(parent, "opened"))
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range mostFiles + 1 {
		if _, err := w.Create(fmt.Sprint("a/", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := entries(z); err == nil || !strings.Contains(err.Error(), "it holds 20001 files, at most 20000") {
		t.Error(err)
	}
	if z.File = z.File[1:]; true {
		if files, err := entries(z); err != nil || len(files) != mostFiles {
			t.Errorf("%d files: %v", len(files), err)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.zip"), filepath.Join(t.TempDir(), "x")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestPackSaysWhy: what cannot be read leaves no capsule; a build is said where it counts, each model once.
func TestPackSaysWhy(t *testing.T) {
	s, sources := kept(t)
	record := func(ref string) (string, bool) { r, ok := store.ParseRef(ref); return s.Path(r), ok }
	notebook := tree(t)
	for what, c := range map[string]Contents{
		"no notebook": {File: filepath.Join(t.TempDir(), "none.ipynb"), Sources: sources, Record: record},
		"no data":     {File: notebook, Data: []string{"none.csv"}, Sources: sources, Record: record},
		"no record":   {File: notebook, Sources: sources, Record: func(string) (string, bool) { return filepath.Join(t.TempDir(), "none"), true }},
	} {
		dir := t.TempDir()
		_, err := Pack(filepath.Join(dir, "x.zip"), c)
		left, _ := os.ReadDir(dir)
		if !errors.Is(err, fs.ErrNotExist) || len(left) > 0 {
			t.Errorf("%s: %v, left %v", what, err, left)
		}
	}
	if _, err := Pack(filepath.Join(t.TempDir(), "none", "x.zip"), Contents{File: notebook, Sources: sources, Record: record}); err == nil {
		t.Error("a capsule is in a folder that is not there")
	}
	list := []string{"a", "b", "c", "d", "e", "f"}
	if short(list[:5]) != "a, b, c, d, e" || short(list) != "a, b, c, d, e, …" {
		t.Errorf("%s; %s", short(list[:5]), short(list))
	}
	two := slices.Clone(sources)
	if text := readme("f", two); strings.Count(text, "- fake (weights") != 1 || strings.Contains(text, "development build") {
		t.Errorf("%s", text)
	}
	for i := range two {
		two[i].Identity.Build = "b1d"
	}
	if text := readme("f", two); strings.Count(text, "b1d") != 1 || !strings.Contains(text, "development build") {
		t.Errorf("%s", text)
	}
}

// TestDataIsNear: what is named is a file, once, in the notebook's folder or up to three above it.
func TestDataIsNear(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "1", "2", "3", "4")
	if err := os.MkdirAll(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{filepath.Join(root, "far"), filepath.Join(root, "1", "near"), filepath.Join(dir, "own"), filepath.Join(root, "1", "2", "3", "abs")} {
		if err := os.WriteFile(p, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code := fmt.Sprintf("a(%q, `own`, \"./own\", \"\", \"folder\", \"../../../near\", \"../../../../far\", %q, \"own\\n\", \"own\\q\", \"..\\\\abs\")", "own", filepath.Join(dir, "own"))
	if got, want := Data(dir, []string{code, `b("own")`}), []string{"own", "../../../near"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	large := filepath.Join(dir, "large")
	for size, goes := range map[int64]bool{largestData: true, largestData + 1: false} {
		f, err := os.Create(large)
		if err == nil {
			err = errors.Join(f.Truncate(size), f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := Data(dir, []string{`"large"`}); (len(got) == 1) != goes {
			t.Errorf("of %d bytes: %q", size, got)
		}
	}
}
