package verify

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// An Execution says how a notebook is run.
type Execution struct {
	Python  string // that has nbconvert; empty: python3
	Kernel  string // the name of a kernel; empty: the one of the notebook
	Program string // the program that computes; empty: the one that the kernel finds
}

// Execute runs a notebook in its own folder with an empty store and returns what the run shows. The notebook stays as it is.
func Execute(ctx context.Context, path string, e Execution) (*File, error) {
	dir, err := os.MkdirTemp("", "neuronsteer-verify-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if e.Python == "" {
		e.Python = "python3"
	}
	args := []string{"-m", "nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=-1", "--output-dir", dir, "--output", "again.ipynb"}
	if e.Kernel != "" {
		args = append(args, "--ExecutePreprocessor.kernel_name="+e.Kernel)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, e.Python, append(args, abs)...)
	c.Dir = filepath.Dir(abs)
	c.Env = append(os.Environ(), "NEURONSTEER_STORE="+filepath.Join(dir, "store"))
	if e.Program != "" {
		c.Env = append(c.Env, "NEURONSTEER_BIN="+e.Program)
	}
	var said bytes.Buffer
	c.Stderr = &said
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		return nil, engine.Errorf(steer.BadFile, "verify", "%s does not run: %v: %s", path, err, fmt.Sprint(lines[len(lines)-1])).
			Try("run it in Jupyter to see why; NEURONSTEER_PYTHON names a Python with nbconvert")
	}
	return Open(filepath.Join(dir, "again.ipynb"))
}
