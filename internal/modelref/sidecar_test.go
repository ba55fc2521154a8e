package modelref_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
)

// A large file's digest is remembered while the file stays the same, and only then.
func TestSidecar(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	path := filepath.Join(t.TempDir(), "large.gguf")
	old := time.Now().Add(-time.Hour)
	fill := func(c byte, when time.Time) { // in place
		t.Helper()
		b := make([]byte, 2<<20)
		b[1<<20] = c
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	sidecars := func() []string {
		found, _ := filepath.Glob(filepath.Join(cache, "neuronsteer", "digests", "*"))
		return found
	}
	fill('a', old)
	first, _ := identify(t, path)
	if n := len(sidecars()); n != 0 {
		t.Errorf("%d sidecars for a file that was just written", n)
	}

	const quiet = 50 * time.Millisecond
	modelref.Settle(t, quiet)
	rest := func() { time.Sleep(2 * quiet) }
	rest()
	if again, _ := identify(t, path); again != first || len(sidecars()) != 1 {
		t.Fatalf("%d sidecars, digest %s, want %s", len(sidecars()), again, first)
	}
	// What the sidecar says is used: it is the only place that can say this.
	b, err := os.ReadFile(sidecars()[0])
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(b), `"sha256":"`) + len(`"sha256":"`)
	forged := string(b[:at]) + strings.Repeat("0", 64) + string(b[at+64:])
	if err := os.WriteFile(sidecars()[0], []byte(forged), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, _ := identify(t, path); got == first {
		t.Error("the sidecar was not used")
	}
	for _, damage := range []string{"", "{", `{"sha256":"00"}`, strings.Repeat("x", 1<<20)} {
		if err := os.WriteFile(sidecars()[0], []byte(damage), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, _ := identify(t, path); got != first {
			t.Errorf("sidecar %.20q: wrong digest", damage)
		}
	}

	// Changed in place, same size, inode and modification time: the time of change tells.
	rest()
	identify(t, path)
	fill('b', old)
	rest()
	second, _ := identify(t, path)
	if second == first {
		t.Error("a sidecar of other contents was used: the file was edited and its time set back")
	}
	// The same bytes as a new file (another inode), same size and time.
	fill('a', old)
	rest()
	identify(t, path)
	if err := os.Rename(path, path+".new"); err != nil {
		t.Fatal(err)
	}
	fill('b', old)
	if got, _ := identify(t, path); got != second {
		t.Error("a sidecar of another inode was used")
	}
}
