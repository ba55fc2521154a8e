package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKernelInstall: the kernel is registered also where nothing can be compiled for its cells, and one line says why; with
// -no-compile nothing is tried.
func TestKernelInstall(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	for _, c := range []struct{ flag, says string }{{"-no-compile", ""}, {"-user", "nothing is compiled for cells yet: NEURONSTEER_GOPROXY: "}} {
		data := t.TempDir()
		cmd := program(t, "kernel", "install", c.flag)
		cmd.Env = append(cmd.Env, "JUPYTER_DATA_DIR="+data, "NEURONSTEER_GOPROXY="+none, "NEURONSTEER_GOCACHE="+t.TempDir())
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if !strings.HasPrefix(lines[0], "registered the kernel") || !strings.HasPrefix(strings.Join(lines[1:], "\n"), c.says) || len(lines) != 1+min(len(c.says), 1) {
			t.Errorf("%s: it says %q", c.flag, out)
		}
		if _, err := os.Stat(filepath.Join(data, "kernels", "neuronsteer", "kernel.json")); err != nil {
			t.Error(err)
		}
	}
}
