package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// DecomposeSettings is a decomposition of a vector as a message.
type DecomposeSettings struct {
	Space  engine.Site       `json:"space"`
	Layers []int             `json:"layers"`
	Vector Numbers           `json:"vector"` // [L,D]
	Sets   [][]engine.Neuron `json:"sets"`
	Greedy int               `json:"greedy"`
}

// Kind implements Settings.
func (DecomposeSettings) Kind() Kind { return Kind{"decompose", "decompose", 1} }

// Check implements Settings.
func (s DecomposeSettings) Check() error {
	var errs []error
	if s.Space == engine.Neurons {
		errs = append(errs, engine.Mistake(engine.BadSetting, "a vector of neurons is one number for each neuron already").Try("decompose one From(steer.Residual) or From(steer.MLP), or use m.Contrast"))
	} else if s.Space != engine.Residual && s.Space != engine.MLP {
		errs = append(errs, engine.Mistake(engine.BadRequest, "unknown space %q", s.Space).Try(engine.TryOneVersion))
	}
	if s.Greedy < 0 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "Greedy(%d) is no number of neurons", s.Greedy).Try("use Greedy(50)"))
	}
	if i := FirstNotFinite(s.Vector); i >= 0 {
		errs = append(errs, engine.Mistake(engine.NotFinite, "number %d of the vector is %v", i, s.Vector[i]).Try("make it anew with m.ControlVector"))
	}
	for i, set := range s.Sets {
		if len(set) == 0 {
			errs = append(errs, engine.Mistake(engine.BadSetting, "circuit %d of For is empty", i+1).Try("select some neurons, e.g. TopK(20)"))
		}
		errs = append(errs, WithoutHeads(set, "it has no column of W_down"))
	}
	return errors.Join(errs...)
}

// Fits implements Fitting.
func (s DecomposeSettings) Fits(shape engine.Shape) error {
	if len(s.Vector) != shape.Layers*shape.Width {
		return engine.Mistake(engine.ModelMismatch, "the vector has %d numbers, this model needs %d layers of %d", len(s.Vector), shape.Layers, shape.Width).
			Try("use a vector of this model")
	}
	for i, l := range s.Layers {
		if l < 0 || l >= shape.Layers || (i > 0 && l <= s.Layers[i-1]) {
			return engine.Mistake(engine.BadRequest, "layers %v of a model of %d", s.Layers, shape.Layers).Try(engine.TryOneVersion)
		}
	}
	var errs []error
	for _, set := range s.Sets {
		errs = append(errs, CheckNeurons(shape, set))
	}
	return errors.Join(errs...)
}

// DecomposeBody is the part of the record of a decomposition of a vector that is not tensors.
type DecomposeBody struct {
	Shape  engine.Shape  `json:"shape"`
	Space  engine.Site   `json:"space"`
	Layers []LayerPart   `json:"layers"`
	Sets   []SetExplains `json:"sets"`
}

// LayerPart is what a decomposition says of one layer beside the projections.
type LayerPart struct {
	Layer  int          `json:"layer"`
	Norm   float64      `json:"norm"` // of the vector's direction
	Greedy []GreedyStep `json:"greedy"`
	Random []float64    `json:"random"` // R² up to each step of a greedy choice for a random direction
}

// SetExplains is how much of each layer's direction a set of neurons spans.
type SetExplains struct {
	Neurons []engine.Neuron `json:"neurons"`
	R2      []float64       `json:"r2"` // [L]
}

// GreedyStep is a neuron that a greedy choice added, and the R² of all that are chosen up to it.
type GreedyStep struct {
	engine.Neuron
	R2 float64 `json:"r2"`
}
