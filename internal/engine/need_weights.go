package engine

import (
	"context"
	"errors"
	"runtime"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/internal/memory"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// WeightBytes returns what New takes for a model: its weights, and what loading holds beside them.
func WeightBytes(c decoder.Config) int64 {
	head := int64(c.Vocab) * int64(c.Width)
	n, largest := head+int64(c.Width), head
	if !c.Tied {
		n += head
	}
	for _, p := range c.Parts() {
		d := p.Dims(c)
		numbers := int64(size(d))
		largest = max(largest, numbers)
		n += int64(c.Layers) * numbers
	}
	return 4 * (n + min(n/4, int64(loaders())*largest)) // a reader widens a tensor before it is copied
}

// loaders is how many tensors are read at a time.
func loaders() int { return max(1, min(runtime.GOMAXPROCS(0), 8)) }

// lendWeights takes the memory of a model before any of it is read.
func lendWeights(ctx context.Context, c decoder.Config) (giveBack func(), err error) {
	giveBack, err = memory.Lend(ctx, WeightBytes(c))
	if short, ok := errors.AsType[*memory.Short](err); ok {
		return nil, seam.Errorf(seam.TooLarge, "open", "the model's weights do not fit: %v", short).
			Try("end other programs, or take a smaller model")
	}
	return giveBack, err
}
