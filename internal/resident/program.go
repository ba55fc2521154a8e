package resident

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// module names the clone whose bin/ is looked into; the program of any other is not started.
const module = "module github.com/neuronsteer/neuronsteer"

// FindProgram returns the engine's program: NEURONSTEER_BIN, or bin/neuronsteer of the clone that the notebook is in, or
// neuronsteer on the PATH. It starts nothing.
func FindProgram() (string, error) {
	if p := os.Getenv("NEURONSTEER_BIN"); p != "" {
		p, err := filepath.Abs(p)
		if err == nil {
			err = executable(p)
		}
		if err != nil {
			return "", engine.Errorf(engine.NoEngine, "resident", "NEURONSTEER_BIN: %v", err).
				Try("set it to the neuronsteer program, or unset it")
		}
		return p, nil
	}
	clone := ""
	for _, start := range []string{os.Getenv("GONB_DIR"), "."} {
		if start == "" {
			continue
		}
		root := Clone(start)
		if root == "" {
			continue
		}
		clone = root
		if p := filepath.Join(root, "bin", program()); executable(p) == nil {
			return p, nil
		}
	}
	if p, err := exec.LookPath("neuronsteer"); err == nil {
		return filepath.Abs(p)
	}
	e := engine.Errorf(engine.NoEngine, "resident", "the neuronsteer program, which runs the models, is not installed")
	if clone != "" {
		return "", e.Try("make -C %s build", clone)
	}
	return "", e.Try("clone https://github.com/neuronsteer/neuronsteer, run make build in it, and set NEURONSTEER_BIN to its bin/neuronsteer")
}

// Clone returns the folder at or above dir that holds this module, or "".
func Clone(dir string) string {
	dir, err := filepath.Abs(dir)
	for err == nil {
		b, _ := regular.ReadFile(filepath.Join(dir, "go.mod"), 1<<20)
		if slices.ContainsFunc(bytes.Split(b, []byte("\n")), func(l []byte) bool { return string(bytes.TrimSpace(l)) == module }) {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
	return ""
}

// executable says why path cannot be started.
func executable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || (runtime.GOOS != "windows" && info.Mode().Perm()&0o111 == 0) {
		return &os.PathError{Op: "start", Path: path, Err: os.ErrPermission}
	}
	return nil
}

func program() string {
	if runtime.GOOS == "windows" {
		return "neuronsteer.exe"
	}
	return "neuronsteer"
}
