package hub

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestValidPath: a path that others chose stays below its root on every system, and means there what it says.
func TestValidPath(t *testing.T) {
	for _, s := range []string{"a", "BF16/a b.gguf", ".gitattributes", "ä"} {
		if !ValidPath(s) {
			t.Errorf("%q is refused", s)
		}
	}
	for _, s := range []string{
		"", ".", "..", "a/../b", "/a", "a//b", "a/", "\xff",
		`a\b`, "C:x", "a*", "a?", `a"`, "a<", "a>", "a|", "a\n", "a\x1f", "a\x7f",
		"a.", "a./b", "a ", "a /b",
	} {
		if ValidPath(s) {
			t.Errorf("%q is taken", s)
		}
	}
}

// TestNames: the files of a snapshot at every depth, links among them, and no folders.
func TestNames(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "b", "empty"), 0o755), os.WriteFile(filepath.Join(dir, "b", "c"), nil, 0o600),
		os.WriteFile(filepath.Join(dir, "d"), nil, 0o600), os.Symlink("nowhere", filepath.Join(dir, "a"))); err != nil {
		t.Fatal(err)
	}
	if got, want := Names(dir), []string{"a", "b/c", "d"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Names(filepath.Join(dir, "none")); len(got) > 0 {
		t.Errorf("of nothing: %q", got)
	}
}

// TestManyNames: a folder of endlessly many files is looked at to a bound.
func TestManyNames(t *testing.T) {
	c, commit := Cache(t.TempDir()), strings.Repeat("a", 40)
	snapshot(t, c, "org/model", "main", commit)
	for i := range maxNames {
		if err := os.Link(c.Ref("org/model", "main"), c.Ref("org/model", fmt.Sprintf("v%05d", i))); err != nil {
			t.Skip("no links here:", err)
		}
	}
	if got := c.Revisions("org/model"); len(got) != maxNames {
		t.Errorf("%d revisions, want %d", len(got), maxNames)
	}
	if got := Names(filepath.Dir(c.Ref("org/model", "main"))); len(got) != maxNames {
		t.Errorf("%d names, want %d", len(got), maxNames)
	}
}

// TestCheck: a file of a snapshot is read from the repository's folder or the cache, even where those are links, and from nowhere
// else.
func TestCheck(t *testing.T) {
	root, commit := t.TempDir(), strings.Repeat("a", 40)
	direct, linked := Cache(filepath.Join(root, "disk", "hub")), Cache(filepath.Join(root, "hub"))
	snapshot(t, direct, "org/model", "main", commit)
	dir := direct.Snapshot("org/model", commit)
	blobs := filepath.Dir(direct.Blob("org/model", "x"))
	moved := filepath.Join(root, "other disk")
	if err := errors.Join(
		os.Symlink(filepath.Dir(string(linked))+"/disk/hub", string(linked)),
		os.MkdirAll(blobs, 0o755), os.WriteFile(filepath.Join(blobs, "x"), nil, 0o600), os.Symlink("../../blobs/x", filepath.Join(dir, "blob")),
		os.WriteFile(filepath.Join(root, "secret"), nil, 0o600), os.Symlink(filepath.Join(root, "secret"), filepath.Join(dir, "out")),
		os.WriteFile(filepath.Join(string(direct), "shared"), nil, 0o600), os.Symlink(filepath.Join(string(direct), "shared"), filepath.Join(dir, "cache")),
		os.Symlink("round", filepath.Join(dir, "round")),
		os.MkdirAll(moved, 0o755), os.WriteFile(filepath.Join(moved, "x"), nil, 0o600), os.Symlink(moved, direct.Folder("org/moved")),
	); err != nil {
		t.Skip("no links here:", err)
	}
	for _, c := range []Cache{direct, linked} {
		p := Place{Cache: c, Repo: "org/model", Commit: commit}
		for _, name := range []string{"config.json", "blob", "cache", "none"} {
			if err := p.Check(filepath.Join(c.Snapshot(p.Repo, commit), name)); err != nil {
				t.Errorf("%s of %s: %v", name, c, err)
			}
		}
		if err := p.Check(filepath.Join(c.Snapshot(p.Repo, commit), "out")); err == nil || !strings.Contains(err.Error(), "a link out of the cache") {
			t.Errorf("a link out of %s: %v", c, err)
		}
		if err := p.Check(filepath.Join(c.Snapshot(p.Repo, commit), "round")); err == nil {
			t.Errorf("a link to itself passes")
		}
		if err := (Place{Cache: c, Repo: "org/moved", Commit: commit}).Check(filepath.Join(c.Folder("org/moved"), "x")); err != nil {
			t.Errorf("a repository that is on another disk: %v", err)
		}
		if err := p.Check(filepath.Join(c.Folder("org/moved"), "x")); err == nil {
			t.Errorf("a file of another repository, which is outside the cache, passes")
		}
	}
}

// TestNobodysHome: where the user has no folder nothing is looked for in the one that the program happens to run in.
func TestNobodysHome(t *testing.T) {
	for _, name := range []string{"HOME", "USERPROFILE", "home", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HUB_DISABLE_IMPLICIT_TOKEN"} {
		t.Setenv(name, "")
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("token", []byte("planted"), 0o600); err != nil {
		t.Fatal(err)
	}
	if token, from := Token(); token != "" {
		t.Errorf("the token %q of %s", token, from)
	}
	if got := Caches(); len(got) > 0 {
		t.Errorf("caches %q", got)
	}
}

func TestEndpoint(t *testing.T) {
	for set, want := range map[string]string{"": DefaultEndpoint, "http://mirror//": "http://mirror", "http://mirror": "http://mirror"} {
		t.Setenv("HF_ENDPOINT", set)
		if got := Endpoint(); got != want {
			t.Errorf("%q is %q, want %q", set, got, want)
		}
	}
}
