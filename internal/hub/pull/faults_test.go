package pull_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/internal/hub/hubtest"
	"github.com/neuronsteer/neuronsteer/internal/hub/pull"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

type handler = func(w http.ResponseWriter, r *http.Request) bool

// refusing answers with a status and a code of the hub.
func refusing(status int, code, message string, more ...string) handler {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		for i := 0; i+1 < len(more); i += 2 {
			w.Header().Set(more[i], more[i+1])
		}
		hubtest.Refuse(w, status, code, message)
		return true
	}
}

// text answers with a text.
func text(s string) handler {
	return func(w http.ResponseWriter, _ *http.Request) bool { fmt.Fprint(w, s); return true }
}

// Whatever a server answers, the pull ends soon, with one mistake that says what is wrong and what to do, and no name
// leads to what is not whole.
func TestFaults(t *testing.T) {
	weights := llama()["model.safetensors"]
	otherLength := append([]byte("x"), weights...)
	listing := func(sha, name string) handler {
		return text(fmt.Sprintf(`{"sha":%q,"siblings":[{"rfilename":"config.json"},{"rfilename":"tokenizer.json"},{"rfilename":%q}]}`, sha, name))
	}
	commit := hubtest.Commit("main")
	for name, c := range map[string]struct {
		api, resolve, files handler
		token               string
		code                engine.Code
		want                []string
	}{
		"not found":     {api: refusing(404, "RepoNotFound", "Repository not found"), want: []string{"there is no model org/model at http", "check the name", "HF_TOKEN"}},
		"401 of nobody": {api: refusing(401, "", "Invalid username or password."), want: []string{"there is no model org/model", "HF_TOKEN"}},
		"401 with a token": {api: refusing(401, "", "Invalid credentials in Authorization header"), token: "hf_x",
			want: []string{"does not take the token of HF_TOKEN", "/settings/tokens"}},
		"not found with a token": {api: refusing(404, "RepoNotFound", ""), token: "hf_x", want: []string{"the account of the token in HF_TOKEN may see it"}},
		"gated":                  {resolve: refusing(401, "GatedRepo", "Access to model org/model is restricted."), want: []string{"is gated", "Access to model org/model is restricted.", "ask for access at http", "/org/model", "set HF_TOKEN"}},
		"gated with a token":     {resolve: refusing(403, "GatedRepo", ""), token: "hf_x", want: []string{"is gated", "with the account of the token in HF_TOKEN"}},
		"forbidden":              {api: refusing(403, "", "no"), token: "hf_x", want: []string{"does not give org/model to this account", `it says: "no"`}},
		"no revision":            {api: refusing(404, "RevisionNotFound", "Invalid rev id"), want: []string{`no revision "main"`, "/tree/main"}},
		"no file":                {resolve: refusing(404, "EntryNotFound", ""), want: []string{"has no file config.json", "/tree/main"}},
		"429 for long":           {api: refusing(429, "", "", "Retry-After", "3600"), want: []string{"asked too often", "in 1h0m0s"}},
		"429 for ever":           {api: refusing(429, "", ""), want: []string{"asked too often", "later"}},
		"503":                    {api: refusing(503, "", "down"), want: []string{"503 Service Unavailable", `it says: "down"`, "goes on where this ended"}},
		"500 of a file":          {files: refusing(500, "", ""), want: []string{"500 Internal Server Error", "goes on where this ended"}},
		"418":                    {api: refusing(418, "", "\u202etea"), want: []string{"418", `\u202etea`}},
		"a login page":           {api: text("<html>log in</html>"), want: []string{"does not answer as a hub does", "HF_ENDPOINT"}},
		"a commit that is none":  {api: listing("../../../etc", "model.safetensors"), want: []string{"does not answer as a hub does"}},
		"another commit": {resolve: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Repo-Commit", strings.Repeat("a", 40))
			return true
		}, want: []string{"answers strangely", `is of commit "aaaa`}},
		"no hash": {resolve: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Repo-Commit", commit)
			w.Header().Set("ETag", `"../../evil"`)
			return true
		}, want: []string{"does not say which hash", `../../evil`}},
		"another hash than listed": {resolve: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Repo-Commit", commit)
			w.Header().Set("ETag", `"`+strings.Repeat("0", 40)+`"`)
			w.Header().Set("X-Linked-Size", "22")
			return true
		}, want: []string{"other hashes or sizes"}},
		"another size than listed": {resolve: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Repo-Commit", commit)
			w.Header().Set("ETag", `"`+hubtest.Etag("config.json", llama()["config.json"])+`"`)
			w.Header().Set("X-Linked-Size", "23")
			return true
		}, want: []string{"other hashes or sizes"}},
		"a name that leads out": {api: listing(commit, "../../../model.gguf"), want: []string{`has a file with the name "../../../model.gguf"`}, code: engine.BadModel},
		"a name for Windows":    {api: listing(commit, `..\..\model.gguf`), want: []string{"has a file with the name"}, code: engine.BadModel},
		"no weights":            {api: listing(commit, "pytorch_model.bin"), want: []string{"neither in safetensors nor in GGUF", "pytorch_model.bin", "save_pretrained"}, code: engine.BadModel},
		"wrong contents": {files: func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = w.Write(otherLength[:len(weights)])
			return true
		}, want: []string{"what came as model.safetensors is not the file", "its hash is"}, code: engine.BadModel},
		"longer than it says": {files: func(w http.ResponseWriter, _ *http.Request) bool { _, _ = w.Write(otherLength); return true },
			want: []string{"is longer than the 3145728 bytes"}},
		"shorter than it says": {files: func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Range") == "" {
				_, _ = w.Write(weights[:100])
			}
			return true
		}, want: []string{"model.safetensors ends after 100 of 3145728 bytes", "goes on where this ended"}},
		"cut": {files: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Length", fmt.Sprint(len(weights)))
			_, _ = w.Write(weights[:100])
			panic(http.ErrAbortHandler)
		}, want: []string{"goes on where this ended"}},
		"a circle": {files: func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
			return true
		}, want: []string{"redirects in a circle"}},
		"a circle of the hub": {resolve: func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
			return true
		}, want: []string{"redirects in a circle"}},
		"a redirect to nowhere": {resolve: func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet {
				http.Redirect(w, r, "http://127.0.0.1:1/x", http.StatusFound)
			}
			return r.Method == http.MethodGet
		}, want: []string{"cannot be reached", "HF_ENDPOINT"}},
		"other weights than listed": {resolve: func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, ".safetensors") {
				return false
			}
			w.Header().Set("X-Repo-Commit", commit)
			w.Header().Set("X-Linked-Etag", `"`+strings.Repeat("0", 64)+`"`)
			w.Header().Set("X-Linked-Size", fmt.Sprint(len(weights)))
			return true
		}, want: []string{"other hashes or sizes"}},
		"no tokenizer": {api: text(fmt.Sprintf(`{"sha":%q,"siblings":[{"rfilename":"config.json"},{"rfilename":"model.safetensors"}]}`, commit)),
			want: []string{"has no tokenizer.json", "save_pretrained"}, code: engine.BadModel},
	} {
		t.Run(name, func(t *testing.T) {
			h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
			h.API, h.Resolve, h.Files = c.api, c.resolve, c.files
			t.Setenv("HF_TOKEN", c.token)
			start := time.Now()
			_, err := hasty(t, "org/model")
			if time.Since(start) > 20*time.Second {
				t.Errorf("it took %v", time.Since(start))
			}
			code := c.code
			if code == "" {
				code = engine.UnknownModel
			}
			if !errors.Is(err, code) {
				t.Fatalf("%v, want the code %v", err, code)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v\nwant %q in it", err, want)
				}
			}
			if m := engine.Mistakes(err); len(m) != 1 || m[0].Hint == "" || strings.ContainsAny(err.Error(), "\x1b\n") {
				t.Errorf("%q is no mistake that says what to do", err)
			}
			if commit, err := hub.Caches()[0].Commit("org/model", "main"); !errors.Is(err, hub.ErrNone) {
				t.Errorf("main leads to %q, which is not whole: %v", commit, err)
			}
			if outside, _ := filepath.Glob(filepath.Join(os.Getenv("HF_HOME"), "*.gguf")); len(outside) > 0 {
				t.Errorf("written outside: %v", outside)
			}
		})
	}
}

// An index that lists what is not there, or what is no name, is refused before anything of it is fetched.
func TestBadIndex(t *testing.T) {
	for shard, want := range map[string]string{
		"gone.safetensors": "lists files that the repository does not have: gone.safetensors", `..\\evil.safetensors`: `does not have: ..\evil.safetensors`,
		"../evil.safetensors": "which is not a plain name",
	} {
		files := sharded()
		files["model.safetensors.index.json"] = fmt.Appendf(nil, `{"weight_map":{"a":"model-00001-of-00002.safetensors","b":"%s"}}`, shard)
		files[`..\evil.safetensors`] = []byte("evil")
		hubtest.New(t, map[string]hubtest.Files{"org/shards": files})
		if _, err := hasty(t, "org/shards"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", shard, err, want)
		}
	}
}

// A listing without end is not read to its end.
func TestEndlessListing(t *testing.T) {
	h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
	sent := make(chan int, 1)
	h.API = func(w http.ResponseWriter, _ *http.Request) bool {
		n := 0
		for ; n < 256; n++ {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				break
			}
		}
		sent <- n
		return true
	}
	if _, err := hasty(t, "org/model"); err == nil || !strings.Contains(err.Error(), "its answer has more than") {
		t.Error(err)
	}
	if n := <-sent; n > 128 {
		t.Errorf("%d MB were read", n)
	}
}

// What passes is tried again and not said to be wrong: a server that is busy for a moment, and a line that breaks.
func TestFaultsThatPass(t *testing.T) {
	weights := llama()["model.safetensors"]
	h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
	var api, resolve, files atomic.Int64
	h.API = func(w http.ResponseWriter, r *http.Request) bool {
		return api.Add(1) < 3 && refusing(503, "", "")(w, r)
	}
	h.Resolve = func(w http.ResponseWriter, r *http.Request) bool {
		return resolve.Add(1)%2 == 1 && refusing(429, "", "", "Retry-After", "0")(w, r)
	}
	h.Files = func(w http.ResponseWriter, r *http.Request) bool {
		if files.Add(1) > 1 {
			return false
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(weights)))
		_, _ = w.Write(weights[:len(weights)/2])
		panic(http.ErrAbortHandler)
	}
	holds(t, must(t, "org/model"), llama(), llamaFiles...)
}

// A server that sends a byte now and then, or nothing, is gone as soon as the patience is over.
func TestSlowServer(t *testing.T) {
	drip := func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Length", "3145728")
		for {
			if _, err := w.Write([]byte("x")); err != nil || r.Context().Err() != nil {
				return true
			}
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return true
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
	silent := func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true }
	for name, set := range map[string]func(h *hubtest.Hub){
		"a file that drips":     func(h *hubtest.Hub) { h.Files = drip },
		"a list that drips":     func(h *hubtest.Hub) { h.API = drip },
		"a silent list":         func(h *hubtest.Hub) { h.API = silent },
		"a silent file":         func(h *hubtest.Hub) { h.Files = silent },
		"a silent answer on it": func(h *hubtest.Hub) { h.Resolve = silent },
	} {
		t.Run(name, func(t *testing.T) {
			h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
			set(h)
			start := time.Now()
			_, err := pull.Hasty(t.Context(), "org/model", 100*time.Millisecond, nil, nil)
			if !errors.Is(err, engine.UnknownModel) || !strings.Contains(err.Error(), "cannot be reached") {
				t.Error(err)
			}
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("it took %v", d)
			}
		})
	}
}

// Nobody at the address, and an address that is none.
func TestNoHub(t *testing.T) {
	hubtest.Alone(t)
	if _, err := hasty(t, "org/model"); !errors.Is(err, engine.UnknownModel) || !strings.Contains(err.Error(), "cannot be reached") {
		t.Error(err)
	}
	for _, address := range []string{"hub.example.org", "ftp://hub.example.org", "http://", "::"} {
		t.Setenv("HF_ENDPOINT", address)
		if _, err := hasty(t, "org/model"); !errors.Is(err, engine.BadSetting) || !strings.Contains(err.Error(), "unset HF_ENDPOINT") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
