package engine

import (
	"cmp"
	"context"
	"errors"
	"runtime"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/internal/memory"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// WeightBytes returns what New takes for a model: its weights, and what loading holds beside them. A backend that takes
// matrices as they are stored needs what the file has.
func WeightBytes(c decoder.Config, src Source, opt Options) int64 {
	packed := cmp.Or(opt.Backend, Backends[0]) == native
	var n, largest int64
	add := func(name string, dims ...int) {
		b, held := storedBytes(src, name, dims, packed && len(dims) == 2)
		n, largest = n+b, max(largest, held)
	}
	add(decoder.FinalNormName, c.Width)
	add(decoder.EmbedName, c.Vocab, c.Width)
	if !c.Tied {
		add(decoder.HeadName, c.Vocab, c.Width)
	}
	for l := range c.Layers {
		for _, p := range c.Parts() {
			add(p.TensorName(c, l), p.Dims(c)...)
		}
	}
	return n + min(n/4, int64(loaders())*largest) // a reader holds a tensor, or a part of it, before it is packed or copied
}

// loaders is how many tensors are read at a time.
func loaders() int { return max(1, min(runtime.GOMAXPROCS(0), 8)) }

// lendWeights takes the memory of a model before any of it is read.
func lendWeights(ctx context.Context, c decoder.Config, src Source, opt Options) (giveBack func(), err error) {
	giveBack, err = memory.Lend(ctx, WeightBytes(c, src, opt))
	if short, ok := errors.AsType[*memory.Short](err); ok {
		return nil, seam.Errorf(seam.TooLarge, "open", "the model's weights do not fit: %v", short).
			Try("end other programs, or take a smaller model")
	}
	return giveBack, err
}
