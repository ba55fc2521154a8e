package main

import (
	"errors"
	"io"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// An output is where a command prints. What a terminal would obey is spelled. The first write that fails ends the command:
// what it would still say, nobody would read.
type output struct {
	*visible.Writer
	to *watched
}

// newOutput returns an output to w; ended is told of the first failure.
func newOutput(w io.Writer, ended func(error)) *output {
	to := &watched{w: w, ended: ended}
	return &output{visible.NewWriter(to), to}
}

// finish writes what is left and returns the first failure of all writes.
func (o *output) finish() error {
	return errors.Join(o.Flush(), o.to.failure())
}

// watched remembers the first failure of a writer, and writes nothing after it.
type watched struct {
	w     io.Writer
	ended func(error)

	mu  sync.Mutex
	err error
}

// Write implements io.Writer.
func (c *watched) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.w.Write(p)
	if err != nil {
		c.err = err
		c.ended(err)
	}
	return n, err
}

func (c *watched) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}
