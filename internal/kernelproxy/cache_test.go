package kernelproxy

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestCacheFolder: cells are compiled in a cache of their own, or in the one that is named; where that cannot be written, in
// the user's.
func TestCacheFolder(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	t.Setenv(CacheEnv, "")
	user, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(user, "neuronsteer", "gobuild")
	if got := cacheFolder(); got != own {
		t.Errorf("cells are compiled in %q, want %q", got, own)
	}
	if left, err := os.ReadDir(own); err != nil || len(left) > 0 {
		t.Errorf("what tries the folder leaves %v (%v)", left, err)
	}
	t.Setenv(CacheEnv, filepath.Join(cache, "named"))
	if got := cacheFolder(); got != filepath.Join(cache, "named") {
		t.Errorf("the one that is named: %q", got)
	}
	t.Chdir(cache)
	t.Setenv(CacheEnv, "here")
	if got := cacheFolder(); !filepath.IsAbs(got) || filepath.Base(got) != "here" {
		t.Errorf("Go takes no path such as %q", got)
	}
	file := filepath.Join(cache, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(CacheEnv, filepath.Join(file, "cache"))
	if got := cacheFolder(); got != "" {
		t.Errorf("a folder that cannot be made: %q", got)
	}
	users := "GOCACHE=" + filepath.Join(cache, "users")
	for folder, want := range map[string]string{"": users, own: "GOCACHE=" + own} {
		env := tools{}.environment([]string{users}, t.TempDir(), folder, modules{})
		if got := "GOCACHE=" + value(env, "GOCACHE"); got != want {
			t.Errorf("with %q Go has %s", folder, got)
		}
	}
	if full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil && fits(full) {
		t.Error("a full disk takes what a cell needs")
	}
}

// TestWait: what a cell is told to wait for is what it waits for.
func TestWait(t *testing.T) {
	var w wait
	says := func(what, got string, want ...string) {
		t.Helper()
		for _, x := range want {
			if (strings.HasPrefix(x, "!") && strings.Contains(got, x[1:])) || (!strings.HasPrefix(x, "!") && !strings.Contains(got, x)) {
				t.Errorf("%s: %q, want %q", what, got, x)
			}
		}
	}
	says("at first", w.now(patienceTime), "GoNB starts", "!compil", "!unpack")
	says("and then", w.over(patienceTime), "1 s for GoNB", "!compil")
	w.unpacking()
	says("with a seed", w.now(patienceTime), "unpacked once", "!compil")
	says("and then", w.over(patienceTime), "1 s", "unpacked once", "!compil")
	w.compiling(estimate("github.com/neuronsteer/neuronsteer/steer"))
	w.packages.Add(3)
	says("without the packages", w.now(patienceTime), "compiling once", "about 12 s", "!unpack")
	says("longer than was said", w.now(20*patienceTime), "it is 20 s", "3")
	says("and then", w.over(20*patienceTime), "20 s", "compiled once: 3")
	if all := estimate("internal/goarch"); all <= estimate("golang.org/x/text") {
		t.Errorf("compiling everything takes %v", all)
	}
}

// TestWatch: the packages that Go compiles are counted, and what else it says is what is wrong.
func TestWatch(t *testing.T) {
	b := builder{gocmd: script(t, `echo internal/goarch >&2; echo warm >&2; echo "# example.com/a" >&2; echo "./a.go:1:2: no such thing" >&2; echo example.com/b >&2; exit 1`), dir: t.TempDir()}
	var first string
	b.began = func(d time.Duration) { first = d.String() }
	b.count = new(atomic.Int64)
	said, err := b.watch(t.Context(), nil)
	if err == nil || said != "# example.com/a\n./a.go:1:2: no such thing\n" || b.count.Load() != 2 || first != estimate("internal/goarch").String() {
		t.Errorf("it says %q, %v, after %d packages, of about %s", said, err, b.count.Load(), first)
	}
}

// script is a program.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "go")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}
