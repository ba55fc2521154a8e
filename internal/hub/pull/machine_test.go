package pull_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/internal/hub/hubtest"
	"github.com/neuronsteer/neuronsteer/internal/hub/pull"
	"github.com/neuronsteer/neuronsteer/internal/lock"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Where links cannot be made there are copies, each once.
func TestWithoutLinks(t *testing.T) {
	hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
	t.Setenv("HF_HUB_DISABLE_SYMLINKS", "1")
	path := must(t, "org/model")
	holds(t, path, llama(), llamaFiles...)
	for _, name := range hub.Names(path) {
		if st, err := os.Lstat(filepath.Join(path, name)); err != nil || !st.Mode().IsRegular() {
			t.Errorf("%s is %v", name, st.Mode())
		}
	}
	if left, _ := os.ReadDir(filepath.Join(hub.Caches()[0].Folder("org/model"), "blobs")); len(left) > 0 {
		t.Errorf("%d blobs are there as well", len(left))
	}
	must(t, "org/model") // finds them
	// A blob that is there already is copied, since others may use it.
	t.Setenv("HF_HUB_DISABLE_SYMLINKS", "")
	linked := must(t, "org/model@b")
	t.Setenv("HF_HUB_DISABLE_SYMLINKS", "1")
	holds(t, must(t, "org/model@c"), llama(), llamaFiles...)
	holds(t, linked, llama(), llamaFiles...)
}

// Two who fetch the same wait for one another, and a third who is told to end does.
func TestLock(t *testing.T) {
	hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
	path := hub.Caches()[0].Lock("org/model", hubtest.Etag("config.json", llama()["config.json"]))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	unlock, err := lock.Try(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	said := make(chan string, 100)
	done := make(chan error, 1)
	go func() {
		_, err := pull.Hasty(ctx, "org/model", time.Second, nil, func(s string) { said <- s })
		done <- err
	}()
	for s := range said {
		if strings.Contains(s, "config.json: another program is fetching it") {
			break
		}
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	unlock()
	must(t, "org/model")
}

// Two who fetch the same at the same time fetch it once.
func TestFetchedOnce(t *testing.T) {
	h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
	h.Files = func(http.ResponseWriter, *http.Request) bool { time.Sleep(100 * time.Millisecond); return false }
	done := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := pull.Hasty(t.Context(), "org/model", 10*time.Second, nil, nil)
			done <- err
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := strings.Count(strings.Join(h.Seen(), "\n"), "GET /"+hubtest.Etag("model.safetensors", llama()["model.safetensors"])); n != 1 {
		t.Errorf("the weights were fetched %d times", n)
	}
}

func TestOffline(t *testing.T) {
	h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
	for _, name := range []string{"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"} {
		t.Setenv(name, "yes")
		if _, err := hasty(t, "org/model"); !errors.Is(err, engine.BadSetting) || !strings.Contains(err.Error(), "unset HF_HUB_OFFLINE") {
			t.Errorf("%s: %v", name, err)
		}
		t.Setenv(name, "")
	}
	if seen := h.Seen(); len(seen) > 0 {
		t.Errorf("asked: %q", seen)
	}
}

// A disk that is full, and a folder that cannot be written, are mistakes that say what to do; what came is kept.
func TestDisk(t *testing.T) {
	h := hubtest.New(t, map[string]hubtest.Files{"org/model": llama()})
	var n atomic.Int64
	full := func(f *os.File, b []byte) (int, error) {
		if n.Add(int64(len(b))) > 1<<20 {
			return 0, &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
		}
		return f.Write(b)
	}
	_, err := pull.Hasty(t.Context(), "org/model", time.Second, full, nil)
	if !errors.Is(err, engine.BadSetting) || !strings.Contains(err.Error(), "has no room left") || !strings.Contains(err.Error(), "set HF_HUB_CACHE") {
		t.Errorf("a full disk: %v", err)
	}
	seen := len(h.Seen())
	holds(t, must(t, "org/model"), llama(), llamaFiles...)
	if all := strings.Join(h.Seen()[seen:], "\n"); !strings.Contains(all, "bytes=") {
		t.Errorf("it began anew: %s", all)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HF_HUB_CACHE", filepath.Join(file, "hub"))
	if _, err := hasty(t, "org/model"); !errors.Is(err, engine.BadSetting) || !strings.Contains(err.Error(), "set HF_HUB_CACHE to a folder that you can write") {
		t.Errorf("below a file: %v", err)
	}
}
