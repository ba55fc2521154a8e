package jinja

import (
	"context"
	"fmt"
	"strings"
)

// The bounds of a template and of its rendering. Real templates have up to 30,000 bytes, are nested less than 20 deep, take some
// thousands of steps and write what the model can read.
const (
	maxSource   = 256 << 10 // bytes of a template
	maxNesting  = 200       // statements and brackets open at once
	maxSteps    = 2_000_000 // nodes evaluated, and what goes over long values in proportion; less than a second
	maxBuilt    = 128 << 20 // bytes of values made, live or not
	maxRendered = 2 << 20   // bytes written: half a million tokens
	maxDepth    = 5000      // evaluations within evaluations; the stack of one is some hundred bytes
	maxCalls    = 200       // calls of macros within calls
	maxRange    = 100_000   // numbers of a range, the bound of Jinja's sandbox
)

// A machine is one rendering: what it has used up, and where it writes.
type machine struct {
	ctx                 context.Context //nolint:containedctx // a machine lives as long as one rendering
	steps, built, depth int
	calls               int
	written             int
	out                 *strings.Builder
	line                int // of the statement under way
}

// errBound is a rendering that went past a bound.
func errBound(format string, args ...any) error { return fmt.Errorf(format, args...) }

// work counts n units, each about as long as the evaluation of a node.
func (m *machine) work(n int) error {
	before := m.steps
	m.steps += n
	if m.steps > maxSteps || m.steps < 0 {
		return errBound("it takes more than %d steps", maxSteps)
	}
	if m.steps>>12 != before>>12 {
		return m.ctx.Err()
	}
	return nil
}

// scan counts the reading of n bytes.
func (m *machine) scan(n int) error { return m.work(n / 64) }

// build counts the making of n bytes, before they are made.
func (m *machine) build(n int) error {
	if n < 0 || n > maxBuilt-m.built {
		return errBound("it builds more than %d MiB", maxBuilt>>20)
	}
	m.built += n
	return m.scan(n)
}

// items counts the making of a list of n values.
func (m *machine) items(n int) error {
	if n < 0 || n > maxBuilt/16 {
		return errBound("it builds more than %d MiB", maxBuilt>>20)
	}
	if err := m.build(16 * n); err != nil {
		return err
	}
	return m.work(n / 8)
}

// enter counts one evaluation inside another; leave ends it.
func (m *machine) enter() error {
	if m.depth++; m.depth > maxDepth {
		return errBound("it is nested more than %d deep", maxDepth)
	}
	return m.work(1)
}

func (m *machine) leave() { m.depth-- }

// write appends to what is rendered, or to what a block captures.
func (m *machine) write(s string) error {
	if m.written += len(s); m.written > maxRendered {
		return errBound("it writes more than %d MiB", maxRendered>>20)
	}
	if err := m.scan(len(s)); err != nil {
		return err
	}
	m.out.WriteString(s)
	return nil
}

// capture runs f and returns what it writes.
func (m *machine) capture(f func() error) (string, error) {
	outer, written := m.out, m.written
	m.out = &strings.Builder{}
	err := f()
	s := m.out.String()
	m.out, m.written = outer, written
	if err == nil {
		err = m.build(len(s))
	}
	return s, err
}
