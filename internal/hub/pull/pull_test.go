package pull_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/internal/hub/hubtest"
	"github.com/neuronsteer/neuronsteer/internal/hub/pull"
)

// large is longer than a buffer and differs everywhere.
func large(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8*13 + i>>16)
	}
	return b
}

// llama is a repository as people have it, with files that no model is opened from.
func llama() hubtest.Files {
	return hubtest.Files{
		"config.json": []byte(`{"model_type":"llama"}`), "generation_config.json": []byte(`{}`), "tokenizer.json": []byte(`{"model":{}}`),
		"tokenizer_config.json": []byte(`{"a":1}`), "special_tokens_map.json": []byte(`{}`), "chat_template.jinja": []byte("{{ messages }}"),
		"model.safetensors": large(3 << 20), "README.md": []byte("# no"), "pytorch_model.bin": []byte("no"), "original/consolidated.00.pth": []byte("no"),
	}
}

func sharded() hubtest.Files {
	f := llama()
	delete(f, "model.safetensors")
	f["model.safetensors.index.json"] = []byte(`{"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}`)
	f["model-00001-of-00002.safetensors"], f["model-00002-of-00002.safetensors"] = large(1000), large(2000)
	f["consolidated.safetensors"] = large(500)
	return f
}

func ggufs() hubtest.Files {
	return hubtest.Files{
		"README.md": []byte("# x"), "config.json": []byte("{}"), "m-Q4_K_M.gguf": large(900), "m-Q8_0.gguf": large(1100), "mmproj-f16.gguf": large(100),
		"BF16/m-BF16-00001-of-00002.gguf": large(1200), "BF16/m-BF16-00002-of-00002.gguf": large(1300),
	}
}

func hasty(t *testing.T, ref string) (string, error) {
	t.Helper()
	return pull.Hasty(t.Context(), ref, time.Second, nil, nil)
}

func must(t *testing.T, ref string) string {
	t.Helper()
	path, err := hasty(t, ref)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// holds fails unless a snapshot has just these files, with the contents of the hub.
func holds(t *testing.T, snapshot string, files hubtest.Files, want ...string) {
	t.Helper()
	if got := hub.Names(snapshot); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the snapshot has %q, want %q", got, want)
	}
	for _, name := range want {
		if b, err := os.ReadFile(filepath.Join(snapshot, name)); err != nil || !bytes.Equal(b, files[name]) {
			t.Errorf("%s has %d bytes that are not those of the hub: %v", name, len(b), err)
		}
	}
}

var llamaFiles = []string{"chat_template.jinja", "config.json", "generation_config.json", "model.safetensors", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json"}

func TestPull(t *testing.T) {
	h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama(), "org/shards": sharded(), "org/ggufs": ggufs()})
	cache := hub.Caches()[0]
	path := must(t, "org/model")
	if want := cache.Snapshot("org/model", hubtest.Commit("main")); path != want {
		t.Errorf("it is in %s, want %s", path, want)
	}
	holds(t, path, llama(), llamaFiles...)
	link, err := os.Readlink(filepath.Join(path, "config.json"))
	if want := filepath.Join("..", "..", "blobs", hubtest.Etag("config.json", llama()["config.json"])); err != nil || link != want {
		t.Errorf("config.json leads to %q, want %q: %v", link, want, err)
	}
	if b, err := os.ReadFile(cache.Ref("org/model", "main")); err != nil || string(b) != hubtest.Commit("main") {
		t.Errorf("main is %q: %v", b, err)
	}

	// Again: all is there and nothing is fetched.
	n := len(h.Seen())
	if must(t, "org/model") != path {
		t.Error("it is elsewhere now")
	}
	for _, line := range h.Seen()[n:] {
		if strings.HasPrefix(line, "GET ") && !strings.HasPrefix(line, "GET /api") {
			t.Errorf("fetched again: %s", line)
		}
	}
	// Another revision of the same contents takes no further blob.
	before, _ := os.ReadDir(filepath.Join(cache.Folder("org/model"), "blobs"))
	holds(t, must(t, "org/model@feature/x"), llama(), llamaFiles...)
	if after, _ := os.ReadDir(filepath.Join(cache.Folder("org/model"), "blobs")); len(after) != len(before) {
		t.Errorf("%d blobs, %d before", len(after), len(before))
	}
	if b, err := os.ReadFile(cache.Ref("org/model", "feature/x")); err != nil || string(b) != hubtest.Commit("feature/x") {
		t.Errorf("feature/x is %q: %v", b, err)
	}
	// A commit has no name.
	commit := hubtest.Commit("other")
	if path := must(t, "org/model@"+commit); filepath.Base(path) != commit {
		t.Error(path)
	}
	if _, err := os.Stat(cache.Ref("org/model", commit)); err == nil {
		t.Error("a commit has a file in refs")
	}

	holds(t, must(t, "org/shards"), sharded(), "chat_template.jinja", "config.json", "generation_config.json", "model-00001-of-00002.safetensors",
		"model-00002-of-00002.safetensors", "model.safetensors.index.json", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json")

	gguf := must(t, "org/ggufs:q4_k_m")
	snapshot := filepath.Dir(gguf)
	holds(t, snapshot, ggufs(), "m-Q4_K_M.gguf")
	if parts := must(t, "org/ggufs:BF16"); parts != filepath.Join(snapshot, "BF16", "m-BF16-00001-of-00002.gguf") {
		t.Error(parts)
	}
	holds(t, snapshot, ggufs(), "BF16/m-BF16-00001-of-00002.gguf", "BF16/m-BF16-00002-of-00002.gguf", "m-Q4_K_M.gguf")
	for _, c := range []struct{ ref, want string }{
		{"org/ggufs", `it has 3 models: BF16/m-BF16-00001-of-00002.gguf, m-Q4_K_M.gguf, m-Q8_0.gguf; name one of them, e.g. "org/ggufs:BF16/m-BF16-00001-of-00002.gguf"`},
		{"org/ggufs:Q5_K_M", `it has no "Q5_K_M"; it has BF16/`}, {"org/model:Q8_0", "no .gguf file"},
	} {
		if _, err := hasty(t, c.ref); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.ref, err, c.want)
		}
	}
}

// The token goes to the hub and to nobody else, whatever redirects say, and comes from where people keep it.
func TestTokenStaysWithTheHub(t *testing.T) {
	h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
	h.Token = "hf_secret"
	if _, err := hasty(t, "org/model"); err == nil || !strings.Contains(err.Error(), "set HF_TOKEN") {
		t.Errorf("without a token: %v", err)
	}
	if err := os.WriteFile(filepath.Join(os.Getenv("HF_HOME"), "token"), []byte("hf_secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	holds(t, must(t, "org/model"), llama(), llamaFiles...)
	t.Setenv("HF_TOKEN", "hf_wrong")
	if _, err := hasty(t, "org/model"); err == nil || !strings.Contains(err.Error(), "does not take the token of HF_TOKEN") || strings.Contains(err.Error(), "hf_wrong") {
		t.Errorf("with a wrong token: %v", err)
	}
	asked := 0
	for _, line := range h.Seen() {
		if strings.Contains(line, "/"+hubtest.Etag("model.safetensors", llama()["model.safetensors"])) {
			asked++
			if strings.HasSuffix(line, "token") {
				t.Errorf("the token went elsewhere: %s", line)
			}
		}
	}
	if asked == 0 {
		t.Fatal("nothing was fetched from the other address")
	}
}

// What was interrupted goes on where it ended, in the same cache, and ends with the right contents.
func TestResume(t *testing.T) {
	weights := llama()["model.safetensors"]
	h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
	ctx, cancel := context.WithCancel(t.Context())
	h.Files = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Length", fmt.Sprint(len(weights)))
		_, _ = w.Write(weights[:len(weights)/2])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		return true
	}
	start := time.Now()
	written := 0
	write := func(f *os.File, b []byte) (int, error) {
		if written += len(b); written > 1<<20 {
			cancel()
		}
		return f.Write(b)
	}
	if _, err := pull.Hasty(ctx, "org/model", time.Minute, write, nil); !errors.Is(err, context.Canceled) || time.Since(start) > 10*time.Second {
		t.Fatalf("canceled after %v: %v", time.Since(start), err)
	}
	cache := hub.Caches()[0]
	if _, err := cache.Commit("org/model", "main"); !errors.Is(err, hub.ErrNone) {
		t.Errorf("main is there before its files are: %v", err)
	}
	incomplete := cache.Blob("org/model", hubtest.Etag("model.safetensors", weights)) + ".incomplete"
	st, err := os.Stat(incomplete)
	if err != nil || st.Size() == 0 {
		t.Fatalf("nothing is kept: %v", err)
	}
	h.Files = nil
	n := len(h.Seen())
	holds(t, must(t, "org/model"), llama(), llamaFiles...)
	if all := strings.Join(h.Seen()[n:], "\n"); !strings.Contains(all, fmt.Sprintf("bytes=%d-", st.Size())) {
		t.Errorf("it did not go on at %d: %s", st.Size(), all)
	}
	if _, err := os.Stat(incomplete); err == nil {
		t.Error("the part is still there")
	}
}

// What is there and wrong is fetched again: a blob that rots, a part of something else, a link to nowhere.
func TestDamaged(t *testing.T) {
	h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
	path := must(t, "org/model")
	cache, weights := hub.Caches()[0], llama()["model.safetensors"]
	blob := cache.Blob("org/model", hubtest.Etag("model.safetensors", weights))
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func() error{
		"a blob":         func() error { return os.WriteFile(blob, bytes.Repeat([]byte("x"), len(weights)), 0o600) },
		"a shorter blob": func() error { return os.Truncate(blob, 9) },
		"a link":         func() error { return os.Remove(blob) },
		"a part": func() error {
			return errors.Join(os.Remove(blob), os.WriteFile(blob+".incomplete", []byte("xyz"), 0o600))
		},
		"a whole part": func() error {
			return errors.Join(os.Remove(blob), os.WriteFile(blob+".incomplete", bytes.Repeat([]byte("x"), len(weights)), 0o600))
		},
		"a long part": func() error {
			return errors.Join(os.Remove(blob), os.WriteFile(blob+".incomplete", append(bytes.Clone(weights), 'x'), 0o600))
		},
		"a snapshot's file": func() error {
			at := filepath.Join(path, "config.json")
			return errors.Join(os.Remove(at), os.WriteFile(at, []byte("{}"), 0o600))
		},
		"a folder in the way": func() error {
			return errors.Join(os.Remove(filepath.Join(path, "config.json")), os.Symlink(t.TempDir(), filepath.Join(path, "config.json")))
		},
		"a ref that is a link": func() error {
			at := cache.Ref("org/model", "main")
			return errors.Join(os.Remove(at), os.Symlink(outside, at))
		},
		"a ref": func() error { return os.WriteFile(cache.Ref("org/model", "main"), []byte("x"), 0o600) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		seen := len(h.Seen())
		if _, err := hasty(t, "org/model"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		holds(t, path, llama(), llamaFiles...)
		if commit, err := cache.Commit("org/model", "main"); err != nil || commit != hubtest.Commit("main") {
			t.Errorf("%s: main is %q, %v", name, commit, err)
		}
		if all := strings.Join(h.Seen()[seen:], "\n"); name == "a long part" && strings.Contains(all, "bytes=") {
			t.Errorf("%s: it goes on after its end: %s", name, all)
		}
	}
	if b, err := os.ReadFile(outside); err != nil || string(b) != "precious" {
		t.Errorf("the file that a ref led to is now %q: %v", b, err)
	}
	// A range that the server does not have, or does not give, costs a start from the beginning.
	for name, fault := range map[string]func(w http.ResponseWriter, r *http.Request) bool{
		"416": func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Range") != "" {
				w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
			}
			return r.Header.Get("Range") != ""
		},
		"no ranges": func(_ http.ResponseWriter, r *http.Request) bool { r.Header.Del("Range"); return false },
		"another range": func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Range") == "" {
				return false
			}
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(weights)-1, len(weights)))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(weights)
			return true
		},
	} {
		h.Files = fault
		if err := errors.Join(os.Remove(blob), os.WriteFile(blob+".incomplete", weights[:5000], 0o600)); err != nil {
			t.Fatal(err)
		}
		seen := len(h.Seen())
		if _, err := hasty(t, "org/model"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		holds(t, path, llama(), llamaFiles...)
		if n := strings.Count(strings.Join(h.Seen()[seen:], "\n"), "GET /"+hubtest.Etag("model.safetensors", weights)); name == "no ranges" && n != 1 {
			t.Errorf("%s: asked %d times", name, n)
		}
	}
}

// A commit is asked for as what it is: another in its place is refused, though all of it is in order.
func TestAnotherCommit(t *testing.T) {
	h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
	asked := strings.Repeat("0123456789", 4)
	h.API = text(fmt.Sprintf(`{"sha":%q,"siblings":[{"rfilename":"config.json"},{"rfilename":"tokenizer.json"},{"rfilename":"model.safetensors"}]}`, hubtest.Commit("main")))
	if path, err := hasty(t, "org/model@"+asked); err == nil || !strings.Contains(err.Error(), "asked for commit "+asked+", it tells of "+hubtest.Commit("main")) {
		t.Errorf("%q: %v", path, err)
	}
}
