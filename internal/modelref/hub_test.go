package modelref_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/internal/hub/hubtest"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

const tinyLlama = "../../testdata/golden/tiny-llama"

// cache puts the files of a folder into a cache as a repository, as links into blobs, and returns the snapshot.
func cache(t *testing.T, c hub.Cache, repo, revision, folder string) string {
	t.Helper()
	commit := hubtest.Commit(revision)
	dir := c.Snapshot(repo, commit)
	ref := c.Ref(repo, revision)
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.MkdirAll(filepath.Dir(ref), 0o755), os.MkdirAll(c.Blob(repo, ""), 0o755), os.WriteFile(ref, []byte(commit), 0o600)); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		etag := hubtest.Etag(e.Name(), b)
		if err := os.WriteFile(c.Blob(repo, etag), b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join("..", "..", "blobs", etag), filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func alone(t *testing.T) hub.Cache {
	t.Helper()
	hubtest.Alone(t)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Chdir(t.TempDir())
	return hub.Caches()[0]
}

// A model of the cache is what its files are, wherever they lie and whatever their links are called.
func TestHubModel(t *testing.T) {
	tiny, err := filepath.Abs(tinyLlama)
	if err != nil {
		t.Fatal(err)
	}
	c := alone(t)
	dir := cache(t, c, "org/tiny", "main", tiny)
	cache(t, c, "org/tiny", "v2", tiny)
	wantModel, wantTokenizer := identify(t, tiny)
	for _, ref := range []string{"org/tiny", "org/tiny@main", "org/tiny@v2", "org/tiny@" + hubtest.Commit("main"), "org/tiny@" + hubtest.Commit("v2")[:7]} {
		m, f := open(t, ref)
		if m.Name != "org/tiny" || m.Kind != modelref.Directory || !strings.HasPrefix(m.Path, c.Folder("org/tiny")) {
			t.Errorf("%s: %+v", ref, m)
		}
		if model, tokenizer := identify(t, ref); model != wantModel || tokenizer != wantTokenizer {
			t.Errorf("%s has another identity than its files", ref)
		}
		if id, err := f.Identity(t.Context()); err != nil || id.Model != wantModel || id.Tokenizer != wantTokenizer {
			t.Errorf("%s, open: %v, %v", ref, id, err)
		}
		if err := f.Unchanged(t.Context()); err != nil {
			t.Errorf("%s: %v", ref, err)
		}
		// What a resident process is told leads to the same, also without the environment.
		if again, err := modelref.Resolve(m.Ref()); err != nil || again != m {
			t.Errorf("%s: its Ref is %+v, %v", ref, again, err)
		}
	}
	// A new commit moves the name, not what was resolved before.
	m, _ := open(t, "org/tiny")
	if err := os.WriteFile(c.Ref("org/tiny", "main"), []byte(hubtest.Commit("v2")), 0o600); err != nil {
		t.Fatal(err)
	}
	if now, _ := open(t, "org/tiny"); now.Path == m.Path || m.Path != dir {
		t.Errorf("%s, before %s", now.Path, m.Path)
	}
}

// What is not in the cache, or not whole, is named together with the command that fetches it; nothing is fetched.
func TestHubModelThatIsNotThere(t *testing.T) {
	tiny, err := filepath.Abs(tinyLlama)
	if err != nil {
		t.Fatal(err)
	}
	h := hubtest.New(t, map[string]hubtest.Files{"org/tiny": {}})
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Chdir(t.TempDir())
	c := hub.Caches()[0]
	says := func(ref string, code engine.Code, want ...string) {
		t.Helper()
		_, err := modelref.Resolve(ref)
		if !errors.Is(err, code) {
			t.Errorf("%s: %v, want the code %v", ref, err, code)
			return
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v\nwant %q in it", ref, err, w)
			}
		}
	}
	says("org/tiny", engine.UnknownModel, "org/tiny is not on this machine: there is no such path", string(c), "type: neuronsteer pull org/tiny")
	says("org/tiny:Q4_K_M@v1", engine.UnknownModel, "type: neuronsteer pull org/tiny:Q4_K_M@v1")
	says("./org/tiny", engine.UnknownModel, `no model or path "./org/tiny"`)
	says("org/tiny.gguf", engine.UnknownModel, `no model or path`)
	t.Setenv("HF_HUB_OFFLINE", "1")
	says("org/tiny", engine.UnknownModel, "type: neuronsteer pull org/tiny, without HF_HUB_OFFLINE")
	t.Setenv("HF_HUB_OFFLINE", "")

	dir := cache(t, c, "org/tiny", "v1", tiny)
	says("org/tiny", engine.UnknownModel, `org/tiny has no revision "main"`, "which has v1", "type: neuronsteer pull org/tiny")
	says("org/tiny@v1:Q4", engine.UnknownModel, "no model or path")
	says("org/tiny:Q4@v1", engine.BadModel, "no .gguf file", "type: neuronsteer pull org/tiny:Q4@v1")

	target, err := filepath.EvalSymlinks(filepath.Join(dir, "model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(target); err != nil { // a link to nowhere
		t.Fatal(err)
	}
	says("org/tiny@v1", engine.BadModel, "is not whole: model.safetensors is missing", "type: neuronsteer pull org/tiny@v1")
	index := `{"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors","c":"model-3.safetensors"}}`
	if err := errors.Join(os.Remove(filepath.Join(dir, "tokenizer.json")), os.WriteFile(filepath.Join(dir, "model.safetensors.index.json"), []byte(index), 0o600),
		os.WriteFile(filepath.Join(dir, "model-2.safetensors"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	says("org/tiny@v1", engine.BadModel, "is not whole: tokenizer.json, model-1.safetensors, model-3.safetensors are missing")
	if err := os.WriteFile(c.Ref("org/tiny", "v1"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	says("org/tiny@v1", engine.BadModel, "which is no commit", "type: neuronsteer pull org/tiny@v1")
	if seen := h.Seen(); len(seen) > 0 {
		t.Errorf("a name asked the hub: %q", seen)
	}
}

func TestHubGGUF(t *testing.T) {
	c := alone(t)
	folder := t.TempDir()
	for _, name := range []string{"m-Q4_K_M.gguf", "m-Q8_0.gguf", "mmproj-m.gguf", "config.json"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir := cache(t, c, "org/m-GGUF", "main", folder)
	for ref, want := range map[string]string{"org/m-GGUF:Q4_K_M": "m-Q4_K_M.gguf", "org/m-GGUF:q8_0": "m-Q8_0.gguf", "org/m-GGUF:m-Q8_0.gguf": "m-Q8_0.gguf"} {
		m, err := modelref.Resolve(ref)
		if err != nil || m != (modelref.Model{Name: "org/m-GGUF:" + want, Kind: modelref.GGUF, Path: filepath.Join(dir, want)}) {
			t.Errorf("%s: %+v, %v", ref, m, err)
		}
		for _, again := range []string{m.Name, m.Ref()} {
			if m2, err := modelref.Resolve(again); err != nil || m2 != m {
				t.Errorf("%s: %s is %+v, %v", ref, again, m2, err)
			}
		}
		if _, err := m.Identity(); err != nil {
			t.Error(err)
		}
	}
	for ref, want := range map[string]string{
		"org/m-GGUF":        `it has 2 models: m-Q4_K_M.gguf, m-Q8_0.gguf; name one of them, e.g. "org/m-GGUF:m-Q4_K_M.gguf"`,
		"org/m-GGUF:_0":     `it has no "_0"`,
		"org/m-GGUF:mmproj": `it has no "mmproj"`,
	} {
		if _, err := modelref.Resolve(ref); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", ref, err, want)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "s-00001-of-00002.gguf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := modelref.Resolve("org/m-GGUF:s"); err == nil || !strings.Contains(err.Error(), "is not whole: s-00002-of-00002.gguf is missing") {
		t.Errorf("one of two parts: %v", err)
	}
}

// A path comes before the hub, and where both are there nobody is left to guess.
func TestHubNameOrPath(t *testing.T) {
	tiny, err := filepath.Abs(tinyLlama)
	if err != nil {
		t.Fatal(err)
	}
	c := alone(t)
	if err := errors.Join(os.Mkdir("org", 0o755), os.CopyFS("org/tiny", os.DirFS(tiny))); err != nil {
		t.Fatal(err)
	}
	here, err := modelref.Resolve("org/tiny")
	if err != nil || here.Name != "tiny" {
		t.Fatalf("a path: %+v, %v", here, err)
	}
	cache(t, c, "org/tiny", "main", tiny)
	if _, err := modelref.Resolve("org/tiny"); !errors.Is(err, engine.UnknownModel) ||
		!strings.Contains(err.Error(), `is a path here and a model in the Hugging Face cache; name the path as "./org/tiny", or the model as "org/tiny@main"`) {
		t.Errorf("both: %v", err)
	}
	if m, err := modelref.Resolve("./org/tiny"); err != nil || m != here {
		t.Errorf("the path: %+v, %v", m, err)
	}
	if m, err := modelref.Resolve("org/tiny@main"); err != nil || m.Name != "org/tiny" {
		t.Errorf("the model: %+v, %v", m, err)
	}
}

// Links of a snapshot are followed within the cache and nowhere else, whoever made them; a pipe behind one stops nothing.
func TestHubLinksStayInTheCache(t *testing.T) {
	tiny, err := filepath.Abs(tinyLlama)
	if err != nil {
		t.Fatal(err)
	}
	c := alone(t)
	dir := cache(t, c, "org/tiny", "main", tiny)
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"config.json", "model.safetensors"} {
		at := filepath.Join(dir, name)
		link, err := os.Readlink(at)
		if err != nil {
			t.Fatal(err)
		}
		blob := filepath.Join(dir, link)
		for what, change := range map[string]func() error{
			"a link out of the cache": func() error { return errors.Join(os.Remove(at), os.Symlink(outside, at)) },
			"a blob that is one":      func() error { return errors.Join(os.Rename(blob, blob+".kept"), os.Symlink(outside, blob)) },
		} {
			if err := change(); err != nil {
				t.Fatal(err)
			}
			m, f := open(t, "org/tiny")
			for _, byPath := range []bool{false, true} { // as a resident process resolves it
				if byPath {
					m, f = open(t, m.Ref())
				}
				_, readErr := f.ReadFile(name)
				_, openErr := f.Open(name)
				_, _, weightsErr := f.Weights(name)
				for _, err := range []error{readErr, openErr, weightsErr} {
					if _, ok := errors.AsType[*fs.PathError](err); !ok || !strings.Contains(err.Error(), "a link out of the cache, to "+outside) {
						t.Errorf("%s, %s: %v", name, what, err)
					}
				}
			}
			_ = os.Remove(at)
			if err := errors.Join(os.Symlink(link, at)); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(blob + ".kept"); err == nil {
				if err := os.Rename(blob+".kept", blob); err != nil {
					t.Fatal(err)
				}
			}
		}
		// Newer versions of huggingface_hub keep blobs for all repositories in the cache and link to them; people move
		// a repository to another disk and leave a link.
		shared := filepath.Join(string(c), "blobs", "00", "0011")
		if err := errors.Join(os.MkdirAll(filepath.Dir(shared), 0o755), os.Rename(blob, shared), os.Symlink(filepath.Join("..", "..", "blobs", "00", "0011"), blob)); err != nil {
			t.Fatal(err)
		}
		_, f := open(t, "org/tiny")
		if _, err := f.ReadFile(name); err != nil {
			t.Errorf("%s in the blobs of the cache: %v", name, err)
		}
		if err := errors.Join(os.Remove(blob), os.Rename(shared, blob)); err != nil {
			t.Fatal(err)
		}
	}
	moved := filepath.Join(t.TempDir(), "moved")
	if err := errors.Join(os.Rename(c.Folder("org/tiny"), moved), os.Symlink(moved, c.Folder("org/tiny"))); err != nil {
		t.Fatal(err)
	}
	_, f := open(t, "org/tiny")
	if _, err := f.ReadFile("config.json"); err != nil {
		t.Errorf("a repository that was moved: %v", err)
	}
}
