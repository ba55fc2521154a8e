package local

import (
	"context"
	"errors"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/internal/engine"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
)

// Need returns the bytes of memory that the model named by ref will occupy. Prompts take more, each for its time.
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
	opt, err := options()
	if err != nil {
		return 0, err
	}
	return engine.WeightBytes(decoder.FromCheckpoint(c.Config), c, opt), nil
}
