package hub

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for ref, want := range map[string]Name{
		"org/model":                     {"org/model", "", "main"},
		"meta-llama/Llama-3.2-1B":       {"meta-llama/Llama-3.2-1B", "", "main"},
		"org/model@v1.0":                {"org/model", "", "v1.0"},
		"org/model@refs/pr/1":           {"org/model", "", "refs/pr/1"},
		"org/m-GGUF:Q4_K_M":             {"org/m-GGUF", "Q4_K_M", "main"},
		"org/m-GGUF:BF16/m.gguf@feat/x": {"org/m-GGUF", "BF16/m.gguf", "feat/x"},
		"0/_":                           {"0/_", "", "main"},
		"a/" + strings.Repeat("b", 94):  {"a/" + strings.Repeat("b", 94), "", "main"},
		"org/model@" + strings.Repeat("0123456789", 4): {"org/model", "", strings.Repeat("0123456789", 4)},
	} {
		n, ok := Parse(ref)
		if !ok || n != want {
			t.Errorf("%q: %+v, %v", ref, n, ok)
		}
		if again, ok := Parse(n.String()); !ok || again != n {
			t.Errorf("%q: its name %q is %+v, %v", ref, n, again, ok)
		}
	}
	for _, ref := range []string{
		"", "teaching", "a/b/c", "/a", "a/", "./a", "../a", "~/a", "a/.b", "a/-b", "a/b-", "a--b/c", "a/b..c", "a/b.git", "a b/c", "ä/b", "a/b.gguf", "a/b.SAFETENSORS",
		"a/b@", "a/b@../x", "a/b@x/../y", "a/b@.x", "a/b@x.lock", "a/b@x..y", "a/b@x y", "a/b@/x", "a/b@x/", "a/b@x:y", "a/b@x\\y", "a/b@-\n", "a/b@" + strings.Repeat("x", 201),
		"a/b:", "a/b:../x", "a/b:/x", `a/b:x\y`, "a/b:x\x00", "a/b:x:y", "a/b:.", "a/b:" + strings.Repeat("x", 401), `C:\models`, "C:/models", "http://host/a", "a/" + strings.Repeat("b", 95),
	} {
		if n, ok := Parse(ref); ok {
			t.Errorf("%q is taken for %+v", ref, n)
		}
	}
}

// FuzzParse: whatever is taken for a name stays inside the cache.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"org/model@v1", "org/model:a/b.gguf@refs/pr/1", "a/..", "a/b@../../c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, ref string) {
		n, ok := Parse(ref)
		if !ok {
			return
		}
		c := Cache(string(filepath.Separator) + "cache")
		for _, path := range []string{c.Ref(n.Repo, n.Revision), c.Folder(n.Repo), filepath.Join(c.Folder(n.Repo), filepath.FromSlash(n.File))} {
			if rel, err := filepath.Rel(string(c), path); err != nil || !filepath.IsLocal(rel) || rel == "." {
				t.Fatalf("%q leads to %s", ref, path)
			}
		}
		if again, ok := Parse(n.String()); !ok || again != n {
			t.Fatalf("%q is %+v, and %q is %+v", ref, n, n, again)
		}
	})
}

func TestCaches(t *testing.T) {
	user := t.TempDir()
	t.Setenv("HOME", user)
	wd := t.TempDir()
	t.Chdir(wd)
	all := []string{"HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME", "TRANSFORMERS_CACHE"}
	for _, c := range []struct {
		set  map[string]string
		want []string
	}{
		{nil, []string{user + "/.cache/huggingface/hub"}},
		{map[string]string{"HF_HOME": "~"}, []string{user + "/hub"}},
		{map[string]string{"HF_HOME": "~other/h", "HF_HUB_CACHE": "here"}, []string{wd + "/here"}},
		{map[string]string{"HF_HOME": "/~other"}, []string{"/~other/hub"}},
		{map[string]string{"HF_HOME": "~other/h"}, []string{wd + "/~other/h/hub"}},
		{map[string]string{"TRANSFORMERS_CACHE": "here/"}, []string{user + "/.cache/huggingface/hub", wd + "/here"}},
		{map[string]string{"XDG_CACHE_HOME": "/x"}, []string{"/x/huggingface/hub"}},
		{map[string]string{"XDG_CACHE_HOME": "/x", "HF_HOME": "/h"}, []string{"/h/hub"}},
		{map[string]string{"HF_HOME": "~/h"}, []string{user + "/h/hub"}},
		{map[string]string{"HF_HOME": "$HOME/h/$NO_SUCH"}, []string{user + "/h/$NO_SUCH/hub"}},
		{map[string]string{"HF_HOME": "/h", "HUGGINGFACE_HUB_CACHE": "/old"}, []string{"/old"}},
		{map[string]string{"HUGGINGFACE_HUB_CACHE": "/old", "HF_HUB_CACHE": "/new"}, []string{"/new"}},
		{map[string]string{"HF_HUB_CACHE": "/new", "TRANSFORMERS_CACHE": "/t"}, []string{"/new", "/t"}},
		{map[string]string{"HF_HUB_CACHE": "/new", "TRANSFORMERS_CACHE": "/new"}, []string{"/new"}},
	} {
		for _, name := range all {
			t.Setenv(name, c.set[name])
		}
		var got []string
		for _, c := range Caches() {
			got = append(got, string(c))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: %q, want %q", c.set, got, c.want)
		}
	}
}

func TestToken(t *testing.T) {
	home := t.TempDir()
	other := filepath.Join(home, "other")
	if err := errors.Join(os.WriteFile(filepath.Join(home, "token"), []byte("of-the-file\n"), 0o600), os.WriteFile(other, []byte("of-the-other"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ token, old, path, implicit, want, from string }{
		{"", "", "", "", "of-the-file", filepath.Join(home, "token")},
		{"", "", other, "", "of-the-other", other},
		{"", "", filepath.Join(home, "none"), "", "", ""},
		{" of-the-environment\n", "x", "", "", "of-the-environment", "HF_TOKEN"},
		{"", "of-old", "", "", "of-old", "HUGGING_FACE_HUB_TOKEN"},
		{"", "", "", "1", "", ""},
		{"two\nlines", "", "", "", "of-the-file", filepath.Join(home, "token")},
		{"of-the-énvironment", "", "", "", "of-the-file", filepath.Join(home, "token")},
	} {
		t.Setenv("HF_HOME", home)
		t.Setenv("HF_TOKEN", c.token)
		t.Setenv("HUGGING_FACE_HUB_TOKEN", c.old)
		t.Setenv("HF_TOKEN_PATH", c.path)
		t.Setenv("HF_HUB_DISABLE_IMPLICIT_TOKEN", c.implicit)
		if got, from := Token(); got != c.want || from != c.from {
			t.Errorf("%+v: %q from %q", c, got, from)
		}
	}
}

func TestOffline(t *testing.T) {
	for _, c := range []struct {
		hub, transformers string
		want              bool
	}{{"", "", false}, {"1", "", true}, {"yes", "", true}, {"0", "", false}, {"", "True", true}, {"0", "1", false}} {
		t.Setenv("HF_HUB_OFFLINE", c.hub)
		t.Setenv("TRANSFORMERS_OFFLINE", c.transformers)
		if got := Offline(); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// snapshot makes a snapshot of a repository with one file.
func snapshot(t *testing.T, c Cache, repo, revision, commit string) {
	t.Helper()
	dir := c.Snapshot(repo, commit)
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "config.json"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if revision != "" {
		at := c.Ref(repo, revision)
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(commit), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCommit(t *testing.T) {
	c := Cache(t.TempDir())
	one, two, three := strings.Repeat("a", 40), strings.Repeat("a", 20)+strings.Repeat("b", 20), strings.Repeat("c", 40)
	snapshot(t, c, "org/model", "main", one)
	snapshot(t, c, "org/model", "refs/pr/1", two)
	snapshot(t, c, "org/model", "", three)
	write := func(revision, text string) {
		t.Helper()
		if err := os.WriteFile(c.Ref("org/model", revision), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("gone", strings.Repeat("d", 40))
	write("newline", one+"\n")
	write("damaged", "../../..")
	write("x.lock", one) // git's own, which is no revision
	folder := c.Ref("org/model", three)
	file := c.Snapshot("org/model", strings.Repeat("f", 40))
	if err := errors.Join(os.Mkdir(folder, 0o755), os.WriteFile(file, nil, 0o600), os.Mkdir(c.Snapshot("org/model", "cccccccc"), 0o755)); err != nil {
		t.Fatal(err)
	}
	for revision, want := range map[string]string{
		"main": one, "refs/pr/1": two, one: one, three: three, "ccccccc": three, "newline": one, strings.Repeat("f", 40): "", "fffffff": "",
		"aaaaaaa": "!begins 2 commits", "damaged": "!is no commit", "v1": "", "gone": "", "ddddddd": "", strings.Repeat("e", 40): "", "cccccc": "",
	} {
		got, err := c.Commit("org/model", revision)
		says, bad := strings.CutPrefix(want, "!")
		switch {
		case want == "" && !errors.Is(err, ErrNone),
			bad && (err == nil || errors.Is(err, ErrNone) || !strings.Contains(err.Error(), says)),
			want != "" && !bad && (err != nil || got != want):
			t.Errorf("%s: %q, %v, want %q", revision, got, err, want)
		}
	}
	if got, want := c.Revisions("org/model"), []string{"main", "newline", "refs/pr/1", three}; !slices.Equal(got, want) {
		t.Errorf("revisions %q, want %q", got, want)
	}
	if got := c.Revisions("org/none"); len(got) > 0 {
		t.Errorf("of nothing: %q", got)
	}
}

func TestPlaceOf(t *testing.T) {
	commit := strings.Repeat("0a", 20)
	c := Cache(filepath.Join(string(filepath.Separator)+"x", "hub"))
	for _, file := range []string{"", "a.gguf", "BF16/a.gguf"} {
		path := filepath.Join(c.Snapshot("my-org/model-1.0", commit), filepath.FromSlash(file))
		if p, ok := PlaceOf(path); !ok || p != (Place{c, "my-org/model-1.0", commit, file}) {
			t.Errorf("%s: %+v, %v", path, p, ok)
		}
	}
	for _, path := range []string{"/x/model", "/x/models--a/snapshots/" + commit, "/x/models--a--b/snapshots/main", "/x/models--a--b/blobs/" + commit} {
		if p, ok := PlaceOf(path); ok {
			t.Errorf("%s is %+v", path, p)
		}
	}
}
