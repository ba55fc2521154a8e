//go:build kernel

package kerneltest_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/kerneltest"
)

// TestOwnCompilesNothing: once `kernel install` has compiled, the first cell of a notebook compiles no package but the cell,
// also where the user's own cache of Go's is empty; and it is not told to wait for a compiler.
func TestOwnCompilesNothing(t *testing.T) {
	cache, users := filled(t), t.TempDir()
	before := archives(t, cache)
	if len(before) < 100 {
		t.Fatalf("%d packages in %s: this test could not fail", len(before), cache)
	}
	k := kerneltest.StartOwn(t, "NEURONSTEER_GOCACHE="+cache, "GOCACHE="+users)
	got := k.OK(t, "%%\nnb.Show(\"first\", plotting.ByLayer != nil)")
	if !strings.Contains(got, "first") || strings.Contains(got, "compil") {
		t.Errorf("the first cell shows %q", got)
	}
	if n := len(archives(t, users)); n > 0 {
		t.Errorf("%d packages were compiled into the user's own cache", n)
	}
	cells := 0
	for path := range archives(t, cache) {
		if before[path] {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b, []byte("/gonb_")) {
			t.Errorf("a package that is no cell was compiled: %q", b[:min(len(b), 300)])
		}
		cells++
	}
	if cells == 0 {
		t.Error("no cell was compiled here")
	}
}

// filled returns a cache in which `kernel install` has compiled.
func filled(t *testing.T) string {
	t.Helper()
	user, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	cache := os.Getenv("NEURONSTEER_GOCACHE")
	if cache == "" {
		cache = filepath.Join(user, "neuronsteer", "gobuild")
	}
	install := exec.CommandContext(t.Context(), filepath.Join(kerneltest.Clone(t), "bin", "neuronsteer"), "kernel", "install")
	install.Env = append(os.Environ(), "JUPYTER_DATA_DIR="+t.TempDir())
	if out, err := install.CombinedOutput(); err != nil || !strings.Contains(string(out), "compiled") {
		t.Fatalf("kernel install: %v\n%s", err, out)
	}
	return cache
}

// archives returns the compiled packages of a cache of Go's.
func archives(t *testing.T, cache string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	err := filepath.WalkDir(cache, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "-d") {
			return err
		}
		b := make([]byte, 8)
		if f, err := os.Open(path); err == nil {
			_, _ = f.Read(b)
			_ = f.Close()
		}
		if string(b) == "!<arch>\n" {
			out[path] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestOwnLines: packages are compiled without the paths of this machine, but a cell keeps its own: the card of a mistake shows
// the line that asked for it, and a stack trace the line of the cell.
func TestOwnLines(t *testing.T) {
	k := kerneltest.StartOwn(t)
	failed(t, k.Run(t, "%%\nnb.Show(nb.Model(\"teaching\").Attribute(\"It was\"))"), `nb.Show(nb.Model("teaching")`)
	if c := k.Run(t, "%%\nvar none *int\n*none = 3"); c.Status != "error" || !strings.Contains(c.Text(), "Line 3") {
		t.Errorf("a panic ends with %q: %s", c.Status, c.Text())
	}
}
