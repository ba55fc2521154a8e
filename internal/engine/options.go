package engine

import "github.com/neuronsteer/neuronsteer/internal/decoder"

// Options choose how a model is kept. The zero value is right for most.
type Options struct {
	Copies Copies
}

// Copies says in how many layouts the weight matrices are kept. The forward pass reads a matrix fastest transposed, the
// backward pass as checkpoints have it.
type Copies int

// The choices.
const (
	Auto Copies = iota // two copies where they fit autoLimit, else one
	One                // as in the checkpoint, for both passes
	Two                // one for either pass: faster and twice the memory
)

// autoLimit bounds the size of the matrices that Auto keeps twice, in bytes of one copy.
const autoLimit = 1 << 30

func (o Options) twoCopies(c decoder.Config) bool {
	if o.Copies != Auto {
		return o.Copies == Two
	}
	n := 0
	for p := range decoder.Parts {
		n += size(p.Dims(c))
	}
	return (n*c.Layers+c.Vocab*c.Width)*4 <= autoLimit
}
