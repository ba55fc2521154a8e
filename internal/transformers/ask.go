// Package transformers asks Python's transformers library what it computes for a model folder, so that a user can see on
// their own model that the numbers are the same.
//
//	answers, err := transformers.Ask(ctx, "python3", "models/mine", prompts)
package transformers

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"strings"
)

//go:embed ask.py
var program string

// ErrMissing is the error of a Python that lacks transformers or torch.
var ErrMissing = errors.New("this Python has no transformers with torch")

// An Answer is what transformers gives for one prompt, in float32.
type Answer struct {
	IDs      []int32   // of the prompt
	Logits   []float32 // at its last position [V]
	Greedy   []int32   // eight tokens that follow
	Versions string    // of transformers and torch
}

// Ask runs prompts through the model in dir with the Python of that name. Its errors are ErrMissing, ctx's, and what Python
// says last.
func Ask(ctx context.Context, python, dir string, prompts []string) (all []Answer, err error) {
	in, err := json.Marshal(prompts)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, python, "-c", program, dir)
	cmd.Stdin = bytes.NewReader(in)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%w: %w", ErrMissing, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", python, err, lastLine(said.String()))
	}
	for line := range bytes.Lines(out) {
		a, err := decode(line)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	if len(all) != len(prompts) {
		return nil, fmt.Errorf("%s answers %d of %d prompts: %s", python, len(all), len(prompts), lastLine(said.String()))
	}
	return all, nil
}

// decode reads one line of the program.
func decode(line []byte) (a Answer, err error) {
	var r struct {
		Missing  string
		IDs      []int32
		Logits   string
		Greedy   []int32
		Versions string
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return a, fmt.Errorf("the program gives no JSON: %.80q", line)
	}
	if r.Missing != "" {
		return a, fmt.Errorf("%w: %s", ErrMissing, r.Missing)
	}
	b, err := base64.StdEncoding.DecodeString(r.Logits)
	if err != nil || len(b)%4 != 0 {
		return a, fmt.Errorf("the program gives logits of %d bytes (%w)", len(b), err)
	}
	a = Answer{IDs: r.IDs, Greedy: r.Greedy, Versions: r.Versions, Logits: make([]float32, len(b)/4)}
	for i := range a.Logits {
		a.Logits[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return a, nil
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
