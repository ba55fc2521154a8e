package local

import (
	"context"
	"errors"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
)

// Need estimates the bytes of memory that the model named by ref will occupy: its weights as float32, once as they are
// and once more for the layout that the backward pass reads, and a quarter for activations and results.
func Need(ref string) (n int64, err error) {
	m, err := modelref.Resolve(ref)
	if err != nil {
		return 0, err
	}
	c, err := checkpoint.Open(context.Background(), m)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	for _, shape := range c.Layout() {
		size := int64(4)
		for _, d := range shape {
			size *= int64(d)
		}
		n += size
	}
	return n*2 + n/4, nil
}
