package pull_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/internal/hub/hubtest"
	"github.com/neuronsteer/neuronsteer/internal/hub/pull"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// hostile are scripts that try to say something on the user's terminal, or to be more than they are.
func hostile() [][]byte {
	commit := hubtest.Commit("main")
	listing := func(names ...string) string {
		var list []string
		for _, name := range names {
			list = append(list, fmt.Sprintf(`{"rfilename":%s}`, quoted(name)))
		}
		return reply("200 OK", fmt.Sprintf(`{"sha":%q,"siblings":[%s]}`, commit, strings.Join(list, ",")))
	}
	index := `{"weight_map":{"a":"\u001b[2J\n.safetensors"}}`
	about := func(size string) string {
		return reply("200 OK", "", "X-Repo-Commit: "+commit, `ETag: "`+hubtest.Etag("index", []byte(index))+`"`, "X-Linked-Size: "+size)
	}
	name, body := "m.gguf", "GGUF of a model"
	etag := hubtest.Etag(name, []byte(body))
	return [][]byte{
		nil,
		answersOf("../../../../evil", name, etag, body),
		answersOf(commit, name, "../../../../evil", body),
		answersOf(commit, "../../../../../m.gguf", etag, body),
		answersOf(commit, name, etag, "GGUF of a MODEL"),
		script(reply("503 \x1b[2J", "")),
		script(reply("404 \x1b[2J", "", "X-Error-Code: \x1b[2J", "X-Error-Message: \x1b[2J")),
		script("HTTP/1.1 200 OK\r\nno header \x1b[2J\r\n\r\n"),
		script("\x1b[2J\r\n\r\n"),
		script(listing("a\n.gguf", "b\x1b[2J.gguf")),
		script(listing("a\x1b[2J-00001-of-00002.gguf")),
		script(listing("a\x1b[2J.bin")),
		script(listing("model.safetensors.index.json", "config.json", "tokenizer.json"), about(fmt.Sprint(len(index))), reply("200 OK", index)),
		script(listing("model.safetensors.index.json", "config.json", "tokenizer.json"), about("9223372036854775807"), reply("200 OK", index)),
		script(reply("302 Found", "", "Location: http://store.test/\x1b[2J"), reply("302 Found", "", "Location: \x1b://"), reply("302 Found", "", "Location: //hub.test:99/")),
		script(listing("model.gguf"), reply("302 Found", "", "Location: http://store.test/", "X-Repo-Commit: \x1b[2J"), reply("200 OK", "")),
	}
}

// scripted is a server that says anything at all: to each request the next of its answers, byte by byte, status line and headers
// too, and then nothing. Two hosts lead to it, hub.test and store.test, by pipes instead of a network.
type scripted struct {
	mu      sync.Mutex
	answers [][]byte
	leaked  []string // requests to the store that brought the token
}

// newScripted makes a server of all hosts, until the test ends.
func newScripted(t testing.TB) *scripted {
	s, before := &scripted{}, http.DefaultTransport
	http.DefaultTransport = &http.Transport{DialContext: func(_ context.Context, _, address string) (net.Conn, error) {
		near, far := net.Pipe()
		go s.answer(far, address != "hub.test:80")
		return near, nil
	}}
	t.Cleanup(func() { http.DefaultTransport = before })
	return s
}

func (s *scripted) answer(c net.Conn, store bool) {
	defer c.Close()
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	_, _ = c.Write(s.next(r, store)) // until who asks has had enough
}

func (s *scripted) next(r *http.Request, store bool) (answer []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if store && r.Header.Get("Authorization") != "" {
		s.leaked = append(s.leaked, r.URL.String())
	}
	if len(s.answers) > 0 {
		answer, s.answers = s.answers[0], s.answers[1:]
	}
	return answer
}

// play makes it answer by a script, whose answers lines of dashes part.
func (s *scripted) play(script []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers, s.leaked = bytes.Split(script, []byte("\n---\n")), nil
}

// quoted writes a string in JSON.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // no string is unknown to it
	}
	return string(b)
}

// script writes answers one after another.
func script(answers ...string) []byte { return []byte(strings.Join(answers, "\n---\n")) }

// reply is an answer of HTTP with its length.
func reply(status string, body string, headers ...string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n\r\n%s", status, len(body), strings.Join(append(headers, "Connection: close"), "\r\n"), body)
}

// answersOf is a script by which one file comes, by a redirect, as what its list says that it is.
func answersOf(commit, name, etag, body string) []byte {
	return script(
		reply("200 OK", fmt.Sprintf(`{"sha":%q,"siblings":[{"rfilename":%q,"size":%d,"lfs":{"sha256":%q,"size":%d}}]}`, commit, name, len(body), etag, len(body))),
		reply("302 Found", "", "X-Repo-Commit: "+commit, `X-Linked-Etag: "`+etag+`"`, fmt.Sprintf("X-Linked-Size: %d", len(body)), "Location: http://store.test/x"),
		reply("302 Found", "", "Location: http://store.test/x"),
		reply("200 OK", body))
}

// wholeModel is a script by which a pull succeeds.
func wholeModel() []byte {
	body := "GGUF of a model"
	return answersOf(hubtest.Commit("main"), "sub/m-Q8_0.gguf", hubtest.Etag("m.gguf", []byte(body)), body)
}

// shardedModel is one by which an index and its only shard come, in chunks and after a fault that passes.
func shardedModel() []byte {
	commit := hubtest.Commit("main")
	list, answers := []string{}, []string{}
	for _, f := range []struct{ name, body string }{
		{"model.safetensors.index.json", `{"weight_map":{"a":"model-00001-of-00001.safetensors"}}`}, {"config.json", "{}"}, {"tokenizer.json", `{"model":{}}`},
		{"model-00001-of-00001.safetensors", "weights"},
	} {
		etag := hubtest.Etag(f.name, []byte(f.body))
		list = append(list, fmt.Sprintf(`{"rfilename":%q}`, f.name))
		answers = append(answers, fmt.Sprintf("HTTP/1.1 200 OK\r\nX-Repo-Commit: %s\r\nETag: \"%s\"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", commit, etag, len(f.body)),
			reply("200 OK", f.body))
	}
	first := fmt.Sprintf(`{"sha":%q,"siblings":[%s]}`, commit, strings.Join(list, ","))
	return script(append([]string{reply("503 Busy", "", "Retry-After: 0"),
		fmt.Sprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(first), first)}, answers...)...)
}

// try pulls a model by a script and fails the test where the pull breaks a promise, whatever the server has said. It ends, with a
// path to what is whole, or with one mistake that says what to do. What it says moves no cursor and breaks no line. Nothing is
// written outside the cache, no name leads to what is not whole, and the token stays with the hub.
func (s *scripted) try(t *testing.T, data []byte, patience time.Duration) (string, error) {
	t.Helper()
	home := filepath.Join(hubtest.Alone(t), "home")
	t.Setenv("HF_HOME", home)
	t.Setenv("HF_TOKEN", "hf_secret")
	t.Setenv("HF_ENDPOINT", "http://hub.test")
	s.play(data)
	var lines []string
	start := time.Now()
	path, err := pull.Hasty(t.Context(), "org/model", patience, nil, func(line string) { lines = append(lines, line) })
	if d := time.Since(start); d > 30*time.Second {
		t.Errorf("it took %v", d)
	}
	if err != nil {
		lines = append(lines, err.Error())
		if m := engine.Mistakes(err); len(m) != 1 || m[0].Hint == "" || m[0].Code == engine.Internal {
			t.Errorf("%q is no mistake that says what to do", err)
		}
	}
	for _, line := range lines {
		if i := strings.IndexFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }); i >= 0 {
			t.Errorf("what is said has the character %q: %q", line[i], line)
		}
	}
	s.mu.Lock()
	if len(s.leaked) > 0 {
		t.Errorf("the token went to another server: %q", s.leaked)
	}
	s.mu.Unlock()
	folder := hub.Caches()[0].Folder("org/model")
	_ = filepath.WalkDir(filepath.Dir(home), func(at string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(at, folder) && filepath.Base(filepath.Dir(filepath.Dir(at))) != ".locks" {
			t.Errorf("it has written %s", at)
		}
		return nil
	})
	commit, refErr := hub.Caches()[0].Commit("org/model", "main")
	if (err == nil) != (refErr == nil) {
		t.Errorf("the pull gives %v, and main leads to %q: %v", err, commit, refErr)
	}
	s.whole(t, err == nil, path)
	return path, err
}

// whole fails unless the contents of each link of the snapshot are those that its blob's name says.
func (s *scripted) whole(t *testing.T, done bool, path string) {
	t.Helper()
	if st, err := os.Stat(path); done && err != nil {
		t.Errorf("there is nothing at %s: %v", path, st)
	}
	folder := hub.Caches()[0].Folder("org/model")
	_ = filepath.WalkDir(filepath.Join(folder, "snapshots"), func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil //nolint:nilerr // there may be no snapshot
		}
		blob, err := filepath.EvalSymlinks(at)
		if err != nil || filepath.Dir(blob) != filepath.Join(folder, "blobs") {
			t.Errorf("%s leads to %s: %v", at, blob, err)
			return nil
		}
		b, err := os.ReadFile(blob)
		sum := sha256.Sum256(b)
		if name := filepath.Base(blob); err != nil || name != hex.EncodeToString(sum[:]) && name != hubtest.Etag("git", b) {
			t.Errorf("%s has the contents %.80q: %v", at, b, err)
		}
		return nil
	})
}

// TestScripts: by the scripts of models that are whole a pull succeeds, so that FuzzAnswers goes all the way.
func TestScripts(t *testing.T) {
	s := newScripted(t)
	for name, x := range map[string][]byte{"sub/m-Q8_0.gguf": wholeModel(), "model-00001-of-00001.safetensors": shardedModel()} {
		path, err := s.try(t, x, 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if found := hub.Names(hub.Caches()[0].Snapshot("org/model", hubtest.Commit("main"))); !strings.Contains(strings.Join(found, " "), name) {
			t.Errorf("in %s there are %q, not %s", path, found, name)
		}
	}
}

// FuzzAnswers: whatever a hub answers, in its lists, headers, sizes, hashes, redirects and contents, a pull keeps its promises.
func FuzzAnswers(f *testing.F) {
	f.Add(wholeModel())
	f.Add(shardedModel())
	for _, s := range hostile() {
		f.Add(s)
	}
	s := newScripted(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := s.try(t, data, 100*time.Millisecond); err != nil && errors.Is(err, engine.Internal) {
			t.Error(err)
		}
	})
}
