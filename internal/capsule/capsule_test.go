package capsule

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// kept computes two results of the suite's model into a store, and returns both.
func kept(t *testing.T) (*store.Store, []journal.Source) {
	t.Helper()
	s, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := steertest.NewModel()
	var out []journal.Source
	for _, task := range []interface{ Request() (steer.Request, error) }{m.Predict("The capital of France is"), m.Generate("The capital of France is").MaxTokens(2)} {
		r, err := task.Request()
		if err != nil {
			t.Fatal(err)
		}
		rec, err := m.Runner().Run(t.Context(), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Keep(rec); err != nil {
			t.Fatal(err)
		}
		out = append(out, journal.NewSource(rec))
	}
	return s, out
}

// tree writes a notebook with data beside and above it.
func tree(t *testing.T) (notebook string) {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{"course/n.ipynb": "the notebook", "course/own.jsonl": "own", "testdata/set.jsonl": "set", "testdata/other.jsonl": "not named"} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(root, "course", "n.ipynb")
}

// pack makes a capsule and returns its path.
func pack(t *testing.T) (file string, sources []journal.Source) {
	t.Helper()
	s, sources := kept(t)
	notebook := tree(t)
	data := Data(filepath.Dir(notebook), []string{"var a = steer.Examples(\"../testdata/set.jsonl\") // \"../testdata\"", "b(`own.jsonl`, \"/etc/hosts\", \"../../../../../../etc/hosts\", \"none.jsonl\")"})
	if want := []string{"../testdata/set.jsonl", "own.jsonl"}; !slices.Equal(data, want) {
		t.Fatalf("the notebook reads %q, want %q", data, want)
	}
	file = filepath.Join(t.TempDir(), "n.capsule.zip")
	_, err := Pack(file, Contents{File: notebook, Data: data, Sources: sources, Circuits: []journal.Circuit{{Name: "two", Units: []string{"L0/N1"}}},
		Record: func(ref string) (string, bool) { r, ok := store.ParseRef(ref); return s.Path(r), ok }})
	if err != nil {
		t.Fatal(err)
	}
	return file, sources
}

// TestCapsuleAnswersWithoutComputing: in what was opened, every result is found where nothing can be computed, and files stand to
// each other as they did.
func TestCapsuleAnswersWithoutComputing(t *testing.T) {
	file, sources := pack(t)
	dir := filepath.Join(t.TempDir(), "opened")
	m, err := Open(file, dir)
	if err != nil {
		t.Fatal(err)
	}
	if m.File != "files/course/n.ipynb" {
		t.Errorf("the notebook is %s", m.File)
	}
	for name, want := range map[string]string{m.File: "the notebook", "files/course/own.jsonl": "own", "files/testdata/set.jsonl": "set"} {
		if b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))); err != nil || string(b) != want {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
	s, err := store.Open(filepath.Join(dir, "store"))
	if err != nil {
		t.Fatal(err)
	}
	nothing := steer.RunnerFunc(func(context.Context, steer.Request, func(steer.Event)) (steer.Record, error) {
		return steer.Record{}, errors.New("something is computed")
	})
	for _, x := range sources {
		r, err := x.Request()
		if err != nil {
			t.Fatal(err)
		}
		rec, err := store.Memo(nothing, s, func(context.Context) (steer.Identity, error) { return x.Identity, nil }).Run(t.Context(), r, nil)
		if err != nil {
			t.Errorf("%v: %v", x, err)
			continue
		}
		if differ, _ := x.Summary.Compare(journal.Summarize(rec), journal.Tolerance{Relative: 1e-8}); len(differ) > 0 {
			t.Errorf("%v: %q", x, differ)
		}
	}
	if readme, err := os.ReadFile(filepath.Join(dir, "README.md")); err != nil || !strings.Contains(string(readme), "NEURONSTEER_STORE=") {
		t.Errorf("README: %v", err)
	}
	if _, err := Open(file, dir); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("opened over what is there: %v", err)
	}
}

// TestMissingResults: a capsule that could not be run again is not made.
func TestMissingResults(t *testing.T) {
	_, sources := kept(t)
	to := filepath.Join(t.TempDir(), "x.zip")
	_, err := Pack(to, Contents{File: tree(t), Sources: sources, Record: func(string) (string, bool) { return "", false }})
	if err == nil || !strings.Contains(err.Error(), "2 of the 2 results") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(to); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
}

// rewritten copies a capsule with its entries changed: change returns the new name and bytes, or drops the entry.
func rewritten(t *testing.T, file string, change func(name string, b []byte) (string, []byte), more map[string]string) string {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	put := func(name string, b []byte) {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if string(b) == "link" {
			h.SetMode(fs.ModeSymlink | 0o777)
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range z.File {
		r, err := x.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		if name, b := change(x.Name, b.Bytes()); name != "" {
			put(name, b)
		}
	}
	for name, text := range more {
		put(name, []byte(text))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.zip")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func same(name string, b []byte) (string, []byte) { return name, b }

// TestHostileCapsules: what leads out of the folder, is no file, or is not what the manifest says, is refused, and nothing is left.
func TestHostileCapsules(t *testing.T) {
	file, _ := pack(t)
	const root = "n.capsule/"
	for name, c := range map[string]struct {
		change func(string, []byte) (string, []byte)
		more   map[string]string
		says   string
	}{
		"up":          {same, map[string]string{root + "../../evil": "x"}, "leads out"},
		"absolute":    {same, map[string]string{"/etc/evil": "x"}, "leads out"},
		"backslash":   {same, map[string]string{root + `..\evil`: "x"}, "leads out"},
		"drive":       {same, map[string]string{root + "c:evil": "x"}, "leads out"},
		"top":         {same, map[string]string{"evil": "x"}, "leads out"},
		"two folders": {same, map[string]string{"other/evil": "x"}, "two folders"},
		"link":        {same, map[string]string{root + "evil": "link"}, "is no file"},
		"extra":       {same, map[string]string{root + "evil": "x"}, "is not in its manifest"},
		"twice":       {same, map[string]string{root + "README.md": "x"}, "is there twice"},
		"changed": {func(n string, b []byte) (string, []byte) {
			return n, bytes.Replace(b, []byte("the notebook"), []byte("another one!"), 1)
		}, nil, "is not the file that was packed"},
		"gone":        {func(n string, b []byte) (string, []byte) { return strings.TrimSuffix(n, root+"README.md"), b }, nil, "is missing"},
		"no manifest": {func(n string, b []byte) (string, []byte) { return strings.TrimSuffix(n, root+"manifest.json"), b }, nil, "no manifest"},
		"torn manifest": {func(n string, b []byte) (string, []byte) {
			return n, bytes.Replace(b, []byte(`"version": 1`), []byte(`"version": 9`), 1)
		}, nil, "of version 9"},
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "opened")
			_, err := Open(rewritten(t, file, c.change, c.more), dir)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
			if left, _ := os.ReadDir(parent); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	none := filepath.Join(t.TempDir(), "none.zip")
	if err := os.WriteFile(none, []byte("PK\x03\x04 torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(none, filepath.Join(t.TempDir(), "x")); err == nil || !strings.Contains(err.Error(), "no capsule") {
		t.Errorf("%v", err)
	}
}

// TestUnpackIsBounded: more than is left is not written, whatever the entry says of its size.
func TestUnpackIsBounded(t *testing.T) {
	file, _ := pack(t)
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	to := filepath.Join(t.TempDir(), "x")
	if n, err := unpack(z.File[0], to, "", 3); err == nil || !strings.Contains(err.Error(), "holds more than") || n > 4 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// FuzzOpen: no bytes of a stranger panic, or write beside the folder.
func FuzzOpen(f *testing.F) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range map[string]string{"a/manifest.json": `{"version":1,"file":"f","files":{"f":"x"}}`, "a/f": "f"} {
		x, err := w.Create(name)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := x.Write([]byte(text)); err != nil {
			f.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, b []byte) {
		parent := t.TempDir()
		file := filepath.Join(parent, "x.zip")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _ = Open(file, filepath.Join(parent, "opened"))
		left, err := os.ReadDir(parent)
		if err != nil || len(left) > 2 {
			t.Errorf("%v, %v", left, err)
		}
	})
}
