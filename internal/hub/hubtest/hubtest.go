// Package hubtest is a hub for tests: a server that speaks the protocol of the Hugging Face hub as far as fetching a model
// needs it, with large files at a second address, and with faults where a test wants them.
//
//	h := hubtest.New(t, map[string]hubtest.Files{"org/model": {"config.json": …}})  // its address is in HF_ENDPOINT, a cache of its own in HF_HOME
//	h.Files = func(w http.ResponseWriter, r *http.Request) bool { … }    // true: it has answered
package hubtest

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // it is what Git has
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Files are the contents of a repository by their paths.
type Files map[string][]byte

// A Hub is a running server.
type Hub struct {
	Repos map[string]Files // by name
	Token string           // without which it answers 401; empty: it does not ask

	// Faults: each may answer in the hub's place, and then returns true.
	API, Resolve, Files func(w http.ResponseWriter, r *http.Request) bool

	Main, Store *httptest.Server // the hub, and where its large files are

	mu   sync.Mutex
	seen []string // method, address and what of the token came
}

// New starts a hub and points the environment to it and to an empty cache. It ends with the test.
func New(t testing.TB, repos map[string]Files) *Hub {
	t.Helper()
	h := &Hub{Repos: repos}
	h.Main, h.Store = httptest.NewServer(h.noted(h.main)), httptest.NewServer(h.noted(h.store))
	t.Cleanup(func() {
		for _, s := range []*httptest.Server{h.Main, h.Store} {
			s.CloseClientConnections()
			s.Close()
		}
	})
	Alone(t)
	t.Setenv("HF_ENDPOINT", h.Main.URL)
	return h
}

// Alone gives a test a cache of the hub for itself, and takes away what of the environment is about hubs.
func Alone(t testing.TB) (home string) {
	t.Helper()
	home = t.TempDir()
	for _, name := range []string{"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE",
		"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "HF_HUB_DISABLE_SYMLINKS", "HTTP_PROXY", "HTTPS_PROXY"} {
		t.Setenv(name, "")
	}
	t.Setenv("HF_ENDPOINT", "http://127.0.0.1:1")
	t.Setenv("HF_HOME", home)
	return home
}

// Commit is the commit that a revision of every repository is: main and v1 are the same, others have their own.
func Commit(revision string) string {
	if revision == "v1" {
		revision = "main"
	}
	if len(revision) == 40 {
		return revision
	}
	sum := sha1.Sum([]byte(revision)) //nolint:gosec // any forty digits will do
	return hex.EncodeToString(sum[:])
}

// Large says whether a file is stored beside Git.
func Large(name string) bool {
	return slices.Contains([]string{".safetensors", ".gguf"}, path.Ext(name))
}

// Etag returns the hash that the hub has of a file.
func Etag(name string, b []byte) string {
	if Large(name) {
		sum := sha256.Sum256(b)
		return hex.EncodeToString(sum[:])
	}
	sum := sha1.Sum(append(fmt.Appendf(nil, "blob %d\x00", len(b)), b...)) //nolint:gosec // it is what Git has
	return hex.EncodeToString(sum[:])
}

// Seen lists the requests so far: "GET /path", with " token" where one came.
func (h *Hub) Seen() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.seen)
}

func (h *Hub) noted(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		line := r.Method + " " + r.URL.Path
		if v := r.Header.Get("Range"); v != "" {
			line += " " + v
		}
		if v := r.Header.Get("Authorization"); v != "" {
			line += " token"
		}
		h.mu.Lock()
		h.seen = append(h.seen, line)
		h.mu.Unlock()
		next(w, r)
	}
}

// main answers what the hub itself answers.
func (h *Hub) main(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	switch {
	case len(parts) == 6 && parts[0] == "api" && parts[4] == "revision":
		if h.API == nil || !h.API(w, r) {
			h.list(w, r, parts[2]+"/"+parts[3], strings.ReplaceAll(parts[5], "%2F", "/"))
		}
	case len(parts) >= 5 && parts[2] == "resolve":
		if h.Resolve == nil || !h.Resolve(w, r) {
			h.resolve(w, r, parts[0]+"/"+parts[1], parts[3], strings.Join(parts[4:], "/"))
		}
	default:
		http.NotFound(w, r)
	}
}

// Refuse answers with a code of the hub.
func Refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("X-Error-Code", code)
	w.Header().Set("X-Error-Message", message)
	w.WriteHeader(status)
}

// known says whether it may answer about a repository, and does so where it may not.
func (h *Hub) known(w http.ResponseWriter, r *http.Request, repo, revision string) (Files, bool) {
	if h.Token != "" && r.Header.Get("Authorization") != "Bearer "+h.Token {
		Refuse(w, http.StatusUnauthorized, "", "Invalid username or password.")
		return nil, false
	}
	files, ok := h.Repos[repo]
	if !ok {
		Refuse(w, http.StatusNotFound, "RepoNotFound", "Repository not found")
		return nil, false
	}
	if revision == "nowhere" {
		Refuse(w, http.StatusNotFound, "RevisionNotFound", "Invalid rev id: nowhere")
		return nil, false
	}
	return files, true
}

func (h *Hub) list(w http.ResponseWriter, r *http.Request, repo, revision string) {
	files, ok := h.known(w, r, repo, revision)
	if !ok {
		return
	}
	type lfs struct {
		SHA256 string `json:"sha256"`
		Size   int    `json:"size"`
	}
	type entry struct {
		Name string `json:"rfilename"`
		Size int    `json:"size"`
		Git  string `json:"blobId"`
		LFS  *lfs   `json:"lfs,omitempty"`
	}
	list := []entry{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		b := files[name]
		e := entry{Name: name, Size: len(b), Git: Etag("git", b)}
		if Large(name) {
			e.LFS = &lfs{Etag(name, b), len(b)}
		}
		list = append(list, e)
	}
	answer := struct {
		ID       string  `json:"id"`
		SHA      string  `json:"sha"`
		Siblings []entry `json:"siblings"`
	}{repo, Commit(revision), list}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		return // who left sees nothing
	}
}

func (h *Hub) resolve(w http.ResponseWriter, r *http.Request, repo, commit, name string) {
	files, ok := h.known(w, r, repo, commit)
	if !ok {
		return
	}
	b, ok := files[name]
	w.Header().Set("X-Repo-Commit", Commit(commit))
	if !ok {
		Refuse(w, http.StatusNotFound, "EntryNotFound", "Entry not found")
		return
	}
	if Large(name) {
		w.Header().Set("X-Linked-Size", fmt.Sprint(len(b)))
		w.Header().Set("X-Linked-Etag", `"`+Etag(name, b)+`"`)
		w.Header().Set("Location", h.Store.URL+"/"+Etag(name, b))
		w.WriteHeader(http.StatusFound)
		return
	}
	w.Header().Set("ETag", `"`+Etag(name, b)+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
}

// store answers with contents by their hash.
func (h *Hub) store(w http.ResponseWriter, r *http.Request) {
	if h.Files != nil && h.Files(w, r) {
		return
	}
	for _, files := range h.Repos {
		for name, b := range files {
			if r.URL.Path == "/"+Etag(name, b) {
				http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
				return
			}
		}
	}
	http.NotFound(w, r)
}
