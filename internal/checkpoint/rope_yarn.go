package checkpoint

import "math"

// yarn holds the settings of YaRN (Peng et al. 2023, arXiv 2309.00071) beside factor, original and attention.
type yarn struct {
	fast, slow        float64 // rotations in the original context: pairs that turn more often than fast stay, those below slow are stretched
	mscale, mscaleAll float64 // both not 0: the factor of cosine and sine is their ratio (DeepSeek's spelling)
	exact             bool    // the bounds between pairs are not rounded outward to whole ones
}

// stretch interpolates between f and f/factor along a ramp over the pairs (NTK by parts, §3.2).
func (y yarn) stretch(f []float64, r rope) {
	dim := float64(2 * len(f))
	pair := func(rotations float64) float64 { // the one that turns so often in the original context
		return dim * math.Log(r.original/(rotations*2*math.Pi)) / (2 * math.Log(r.theta))
	}
	low, high := pair(y.fast), pair(y.slow)
	if !y.exact {
		low, high = math.Floor(low), math.Ceil(high)
	}
	low, high = max(low, 0), min(high, dim-1)
	if low == high {
		high += 0.001 // as transformers does, so that the ramp is a step
	}
	for i := range f {
		ramp := min(max((float64(i)-low)/(high-low), 0), 1)
		f[i] = f[i]/r.factor*ramp + f[i]*(1-ramp)
	}
}

// yarnScale is the factor of cosine and sine: 0.1 ln factor + 1 (§3.4), or what the config says.
func (r rope) yarnScale() float64 {
	scale := func(m float64) float64 {
		if r.factor <= 1 {
			return 1
		}
		return 0.1*m*math.Log(r.factor) + 1
	}
	switch {
	case r.attention != 0:
		return r.attention
	case r.mscale != 0 && r.mscaleAll != 0:
		return scale(r.mscale) / scale(r.mscaleAll)
	}
	return scale(1)
}
