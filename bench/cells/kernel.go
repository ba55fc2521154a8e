package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/bench/measure"
)

// A kernel is one of the own kind, driven by the program that drives those of the tests.
type kernel struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
	id  int
}

// start starts a kernel in an empty folder; data is where it is registered.
func start(ctx context.Context, dir, data string) (*kernel, error) {
	python := filepath.Join(".local", "venv", "bin", "python")
	if _, err := os.Stat(python); err != nil {
		return nil, fmt.Errorf("no %s: type make setup build", python)
	}
	empty := filepath.Join(dir, "notebook")
	if err := os.Mkdir(empty, 0o700); err != nil {
		return nil, err
	}
	k := &kernel{cmd: exec.CommandContext(ctx, python, filepath.Join("internal", "kerneltest", "driver.py"), "neuronsteer", empty)}
	k.cmd.Env = append(os.Environ(), "JUPYTER_PATH="+data, "NEURONSTEER_STORE="+filepath.Join(dir, "store"), "KERNEL_LOG="+filepath.Join(dir, "log"))
	k.cmd.Stderr = os.Stderr
	var err error
	if k.in, k.out, err = measure.Converse(k.cmd); err != nil {
		return nil, err
	}
	k.out.Buffer(nil, 64<<20)
	_, err = k.answer()
	return k, err
}

// answer is the driver's next line; seconds are from the request to the end of the cell.
func (k *kernel) answer() (seconds float64, err error) {
	if !k.out.Scan() {
		return 0, errors.Join(k.out.Err(), io.ErrUnexpectedEOF)
	}
	var a struct {
		Status, Error string
		Seconds       float64
		Outputs       []json.RawMessage
	}
	if err := json.Unmarshal(k.out.Bytes(), &a); err != nil {
		return 0, err
	}
	if a.Status != "ok" && a.Status != "ready" {
		return 0, fmt.Errorf("a cell ends with %q: %s%s", a.Status, a.Error, a.Outputs)
	}
	return a.Seconds, nil
}

// ask sends a request and waits for its answer.
func (k *kernel) ask(op, code string) (seconds float64, err error) {
	k.id++
	if err := json.NewEncoder(k.in).Encode(map[string]any{"id": k.id, "op": op, "code": code}); err != nil {
		return 0, err
	}
	return k.answer()
}

// end shuts the kernel down.
func (k *kernel) end() {
	_, _ = k.ask("shutdown", "")
	_ = k.in.Close()
	_ = k.cmd.Wait()
}
