package checkpoint

import (
	"fmt"
	"math"
)

// rope holds the rotary settings of a config (RoFormer, Su et al. 2021, and two ways of stretching it).
type rope struct {
	theta    float64
	kind     string  // "default", "linear" or "llama3"
	factor   float64 // of stretching
	low      float64 // llama3: wavelengths above original/low are stretched by factor
	high     float64 // llama3: those below original/high stay as they are
	original float64 // llama3: the context that the model was first trained on, in tokens
}

// frequencies returns [headDim/2] frequencies in radians per position: θ^(−2i/headDim), stretched.
//
// linear divides all by factor (Chen et al. 2023, position interpolation). llama3 divides long wavelengths by factor,
// keeps short ones and interpolates between (the Llama 3.1 release).
func (r rope) frequencies(headDim int) ([]float64, error) {
	positive := func(name string, v float64) error {
		if !(v > 0) || math.IsInf(v, 0) {
			return fmt.Errorf("rotary setting %s is %g, not a positive number", name, v)
		}
		return nil
	}
	if err := positive("rope_theta", r.theta); err != nil {
		return nil, err
	}
	switch r.kind {
	case "default":
		r.factor = 1
	case "linear", "llama3":
		if err := positive("factor", r.factor); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("rotary scaling %q is not supported; default, linear and llama3 are", r.kind)
	}
	if r.kind == "llama3" {
		for _, v := range []struct {
			name  string
			value float64
		}{{"low_freq_factor", r.low}, {"high_freq_factor", r.high}, {"original_max_position_embeddings", r.original}} {
			if err := positive(v.name, v.value); err != nil {
				return nil, err
			}
		}
		if r.high <= r.low {
			return nil, fmt.Errorf("rotary settings: high_freq_factor %g must be larger than low_freq_factor %g", r.high, r.low)
		}
	}
	if headDim < 2 || headDim > maxHeads {
		return nil, fmt.Errorf("a head of width %d has no rotary pairs", headDim)
	}
	f := make([]float64, headDim/2)
	for i := range f {
		f[i] = 1 / math.Pow(r.theta, 2*float64(i)/float64(headDim))
		if r.kind == "llama3" {
			f[i] = r.llama3(f[i])
		} else {
			f[i] /= r.factor
		}
	}
	return f, nil
}

func (r rope) llama3(f float64) float64 {
	wavelength := 2 * math.Pi / f // in positions
	switch {
	case wavelength > r.original/r.low:
		return f / r.factor
	case wavelength < r.original/r.high:
		return f
	}
	smooth := (r.original/wavelength - r.low) / (r.high - r.low)
	return (1-smooth)*f/r.factor + smooth*f
}
