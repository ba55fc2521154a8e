package checkpoint

import (
	"fmt"
	"math"
)

// rope holds the rotary settings of a config (RoFormer, Su et al. 2021, and ways of stretching it).
type rope struct {
	theta    float64
	kind     string  // "default", "linear", "dynamic", "llama3", "yarn" or "longrope"
	factor   float64 // of stretching
	original float64 // the context that the model was first trained on, in tokens
	low      float64 // llama3: wavelengths above original/low are stretched by factor
	high     float64 // llama3: those below original/high stay as they are
	yarn
	short []float64 // longrope: what frequencies are divided by, in texts of up to original tokens

	positions float64 // the longest context
	attention float64 // yarn and longrope: factor of cosine and sine; 0: follows from the others
}

// compute returns [headDim/2] frequencies in radians per position, θ^(−2i/headDim) stretched, and the factor of cosine and
// sine.
//
// linear divides all by factor (Chen et al. 2023, position interpolation). llama3 divides long wavelengths by factor,
// keeps short ones and interpolates between (the Llama 3.1 release). yarn: see there. dynamic (NTK-aware scaling by
// length) raises θ for texts longer than max_position_embeddings alone, so that within it, which no text here outgrows, the
// frequencies are the plain ones. longrope (Ding et al. 2024) has two lists of divisors, one of them for texts longer than
// original; reach keeps texts below that, so the other is used.
func (r rope) compute(headDim int) (Rope, error) {
	if err := r.check(); err != nil {
		return Rope{}, err
	}
	if headDim < 2 || headDim > maxHeads {
		return Rope{}, fmt.Errorf("a head of width %d has no rotary pairs", headDim)
	}
	f := make([]float64, headDim/2)
	for i := range f {
		f[i] = 1 / math.Pow(r.theta, 2*float64(i)/float64(headDim))
	}
	out := Rope{InvFreq: f, Scale: 1}
	switch r.kind {
	case "linear":
		for i := range f {
			f[i] /= r.factor
		}
	case "llama3":
		for i := range f {
			f[i] = r.llama3(f[i])
		}
	case "yarn":
		r.stretch(f, r)
		out.Scale = r.yarnScale()
	case "longrope":
		if len(r.short) != len(f) {
			return Rope{}, fmt.Errorf("short_factor has %d numbers, want %d, one for each rotary pair", len(r.short), len(f))
		}
		for i := range f {
			f[i] /= r.short[i]
		}
		out.Scale = r.longScale()
	}
	return out, nil
}

// reach returns the longest context for which compute is right.
func (r rope) reach(positions int) int {
	if r.kind == "longrope" {
		return min(positions, int(r.original))
	}
	return positions
}

// check names a setting that is missing or impossible.
func (r rope) check() error {
	type setting struct {
		name  string
		value float64
	}
	need := []setting{{"rope_theta", r.theta}}
	switch r.kind {
	case "default":
	case "linear", "dynamic":
		need = append(need, setting{"factor", r.factor})
	case "llama3":
		need = append(need, setting{"factor", r.factor}, setting{"low_freq_factor", r.low}, setting{"high_freq_factor", r.high},
			setting{"original_max_position_embeddings", r.original})
	case "yarn":
		need = append(need, setting{"factor", r.factor}, setting{"original_max_position_embeddings", r.original},
			setting{"beta_fast", r.fast}, setting{"beta_slow", r.slow}, setting{"attention_factor", r.yarnScale()})
	case "longrope":
		need = append(need, setting{"original_max_position_embeddings", r.original}, setting{"attention_factor", r.longScale()})
		for _, s := range r.short {
			need = append(need, setting{"short_factor", s})
		}
	default:
		return fmt.Errorf("rotary scaling %q is not supported; default, linear, dynamic, llama3, yarn and longrope are", r.kind)
	}
	for _, s := range need {
		if !(s.value > 0) || math.IsInf(s.value, 0) {
			return fmt.Errorf("rotary setting %s is %g, not a positive number", s.name, s.value)
		}
	}
	switch {
	case r.kind == "llama3" && r.high <= r.low:
		return fmt.Errorf("rotary settings: high_freq_factor %g must be larger than low_freq_factor %g", r.high, r.low)
	case r.kind == "dynamic" && r.original != r.positions:
		return fmt.Errorf("rotary scaling \"dynamic\" with original_max_position_embeddings %g and max_position_embeddings %g is not supported: libraries disagree from which length on it stretches", r.original, r.positions)
	case r.kind == "longrope" && r.original > maxSize:
		return fmt.Errorf("original_max_position_embeddings is %g, not in 1…%d", r.original, maxSize)
	}
	return nil
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

// longScale is longrope's factor of cosine and sine: √(1 + ln s/ln original), s the ratio of the contexts.
func (r rope) longScale() float64 {
	s := r.positions / r.original
	switch {
	case r.attention != 0:
		return r.attention
	case s <= 1:
		return 1
	}
	return math.Sqrt(1 + math.Log(s)/math.Log(r.original))
}
