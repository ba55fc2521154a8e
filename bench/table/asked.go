package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/bench/measure"
)

// rest is how long the machine is left alone between two requests: what waits busily for more work sleeps by then.
const rest = 400 * time.Millisecond

// asked is a program that answers requests, a line each: bench/ours or bench/peer/peer.py.
type asked struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
	err strings.Builder
}

// answer is what they say.
type answer struct {
	Load  float64 `json:"load_s"`
	Since float64 `json:"since_exec_s"`
	MS    float64 `json:"ms"`
	Sum   float64 `json:"sum"`
	Peak  float64 `json:"peak_mb"`
}

func begin(ctx context.Context, program string, args ...string) (*asked, error) {
	a := &asked{cmd: exec.CommandContext(ctx, program, args...)}
	a.cmd.Stderr = &a.err
	var err error
	a.in, a.out, err = measure.Converse(a.cmd)
	return a, err
}

// ask sends a request, and waits for its answer.
func (a *asked) ask(what string, with map[string]any) (r answer, err error) {
	q := map[string]any{"do": what}
	maps.Copy(q, with)
	if err := json.NewEncoder(a.in).Encode(q); err != nil {
		return r, a.failed(err)
	}
	if !a.out.Scan() {
		return r, a.failed(errors.Join(a.out.Err(), io.ErrUnexpectedEOF))
	}
	if err := json.Unmarshal(a.out.Bytes(), &r); err != nil {
		return r, a.failed(err)
	}
	time.Sleep(rest)
	return r, nil
}

func (a *asked) failed(err error) error {
	a.close()
	return fmt.Errorf("%s: %w\n%s", a.cmd.Path, err, a.err.String())
}

// close ends the program.
func (a *asked) close() {
	a.in.Close()
	_ = a.cmd.Wait()
}
