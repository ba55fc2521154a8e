package kernelproxy

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// seedOf is a seed with these files.
func seedOf(t *testing.T, files map[string]string) *zip.Reader {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return opened(t, b.Bytes())
}

func opened(t *testing.T, b []byte) *zip.Reader {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// entry returns two files of Go's cache: content, and what names it.
func entry(content string) (d, a, named string) {
	sum, action := sha256.Sum256([]byte(content)), sha256.Sum256([]byte("of "+content))
	d, a = fmt.Sprintf("%02x/%x-d", sum[0], sum), fmt.Sprintf("%02x/%x-a", action[0], action)
	return d, a, fmt.Sprintf("v1 %x %x %20d %20d\n", action, sum, len(content), 1)
}

// many is a seed of n packages.
func many(n int) map[string]string {
	files := map[string]string{}
	for i := range n {
		content := strings.Repeat(fmt.Sprint("package ", i, "\n"), 1000)
		d, a, named := entry(content)
		files[d], files[a] = content, named
	}
	return files
}

// holds compares a cache with what should be in it.
func holds(t *testing.T, cache string, want map[string]string) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(cache, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		name, _ := filepath.Rel(cache, path)
		if got, err := os.ReadFile(path); err != nil || string(got) != want[filepath.ToSlash(name)] {
			t.Errorf("%s holds %d bytes, want %d (%v)", name, len(got), len(want[filepath.ToSlash(name)]), err)
		}
		if info, err := d.Info(); err != nil || time.Since(info.ModTime()) > time.Hour {
			t.Errorf("%s is of %v: Go would forget it", name, info.ModTime())
		}
		return nil
	})
	if err != nil || n != len(want) {
		t.Errorf("%d files, want %d (%v)", n, len(want), err)
	}
}

// TestSeed: what a cache lacks is brought, also what is there in part, and only that; of two that bring it at the same time
// each leaves all.
func TestSeed(t *testing.T) {
	cache, files := t.TempDir(), many(40)
	seed := seedOf(t, files)
	var began atomic.Int64
	begins := func() { began.Add(1) }
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { plant(t.Context(), seed, cache, begins) })
	}
	both.Wait()
	holds(t, cache, files)
	if n := plant(t.Context(), seed, cache, nil); n != 0 {
		t.Errorf("%d files are brought again", n)
	}
	d, a, _ := entry(files[firstOf(files, "-d")])
	for _, mend := range []func(path string) error{
		os.Remove,
		func(path string) error { return os.Truncate(path, 7) }, // of a copy that was cut off
		func(path string) error { return os.WriteFile(path, nil, 0o600) },
	} {
		for _, name := range []string{d, a} {
			if err := mend(filepath.Join(cache, name)); err != nil {
				t.Fatal(err)
			}
		}
		if n := plant(t.Context(), seed, cache, nil); n != 2 {
			t.Errorf("%d files are brought, want 2", n)
		}
		holds(t, cache, files)
	}
}

func firstOf(files map[string]string, end string) string {
	for name := range files {
		if strings.HasSuffix(name, end) {
			return name
		}
	}
	return ""
}

// TestSeedDamaged: content that is not what its name says is left out, since Go compares no more than its size; so is what
// is no file of a cache, and the rest is there.
func TestSeedDamaged(t *testing.T) {
	want := many(3)
	files := many(3)
	d, a, named := entry("content")
	files[d] = "CONTENT"
	files[a] = strings.Replace(named, "v1 ", "v1 00", 1)
	files["../"+d], files["trim.txt"], files["00/"+d[3:]], files["README/"+d] = "content", "1", "content", "content"
	cache := filepath.Join(t.TempDir(), "cache")
	if n := plant(t.Context(), seedOf(t, files), cache, nil); n != len(want) {
		t.Errorf("%d files are brought, want %d", n, len(want))
	}
	holds(t, cache, want)
	above, _ := os.ReadDir(filepath.Dir(cache))
	if len(above) != 1 {
		t.Errorf("beside the cache there is %v", above)
	}
}

// TestSeedTorn: a zip with any byte wrong brings nothing wrong.
func TestSeedTorn(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	d, a, named := entry("content")
	files := map[string]string{d: "content", a: named}
	for name, text := range files {
		w, _ := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		_, _ = w.Write([]byte(text))
	}
	_ = z.Close()
	if n := plant(t.Context(), opened(t, b.Bytes()), t.TempDir(), nil); n != 2 {
		t.Fatalf("%d files of a sound zip: this test could not fail", n)
	}
	for i := range b.Len() {
		torn := bytes.Clone(b.Bytes())
		torn[i] ^= 0x55
		r, err := zip.NewReader(bytes.NewReader(torn), int64(len(torn)))
		if err != nil {
			continue
		}
		cache := t.TempDir()
		plant(t.Context(), r, cache, nil)
		for name, text := range files {
			if got, err := os.ReadFile(filepath.Join(cache, name)); err == nil && string(got) != text {
				t.Fatalf("byte %d: %s is wrong", i, name)
			}
		}
		_ = os.RemoveAll(cache)
	}
}

// TestSeedNowhere: where the cache cannot be written, nothing is brought and nothing fails.
func TestSeedNowhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, cache := range []string{file, filepath.Join(file, "cache"), "/proc/none"} {
		if n := plant(t.Context(), seedOf(t, many(3)), cache, nil); n != 0 {
			t.Errorf("%s: %d files", cache, n)
		}
	}
}

// TestSeedIsForItsGo: a package that one machine has compiled is not compiled by another that has it in another folder, with
// the kernel's flags and the seed for its Go; for another Go the seed is not taken.
func TestSeedIsForItsGo(t *testing.T) {
	gocmd, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no Go on the PATH")
	}
	compile := func(cache string) string {
		dir := t.TempDir()
		for name, text := range map[string]string{"go.mod": "module warm\n", "a/a.go": "package a\n\nfunc F() int { return 3 }\n", "b.go": "package b\n\nimport _ \"warm/a\"\n"} {
			if err := os.MkdirAll(filepath.Join(dir, "a"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.CommandContext(t.Context(), gocmd, "build", "-v", ".")
		cmd.Dir, cmd.Env = dir, tools{gocmd: gocmd}.environment(append(os.Environ(), "GOFLAGS="), t.TempDir(), cache, modules{})
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	here := t.TempDir()
	if said := compile(here); !strings.Contains(said, "warm/a") {
		t.Fatalf("Go says %q: this test could not fail", said)
	}
	version, err := exec.CommandContext(t.Context(), gocmd, "env", "GOVERSION", "GOOS", "GOARCH").Output()
	if err != nil {
		t.Fatal(err)
	}
	v := strings.Fields(string(version))
	for comment, want := range map[string]string{v[0] + " " + v[1] + "/" + v[2]: "", "go1.0.1 " + v[1] + "/" + v[2]: "warm/a"} {
		share, cache := t.TempDir(), t.TempDir()
		f, err := os.Create(filepath.Join(share, seedName))
		if err != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(f)
		if err := z.AddFS(os.DirFS(here)); err != nil {
			t.Fatal(err)
		}
		if err := z.SetComment(comment); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		b := builder{gocmd: gocmd, modules: modules{proxy: filepath.Join(share, "goproxy")}}
		b.env = tools{gocmd: gocmd}.environment(os.Environ(), t.TempDir(), cache, modules{})
		if n := b.seeded(t.Context()); n > 0 != (want == "") {
			t.Errorf("%s: %d files are brought", comment, n)
		}
		if said := compile(cache); strings.Contains(said, "warm") != (want != "") {
			t.Errorf("%s: Go compiles %q, want %q", comment, said, want)
		}
	}
}
