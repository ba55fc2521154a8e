package checkpoint

import (
	"errors"
	"fmt"
	"slices"
)

// Tensors that hold divisors of rotary frequencies, [HeadDim/2]: llama3's, and longrope's for short texts and long ones.
const (
	ropeFreqs = "rope_freqs.weight"
	ropeShort = "rope_factors_short.weight"
	ropeLong  = "rope_factors_long.weight"
)

// ropes fills in c.Ropes. llama.cpp keeps linear stretching and YaRN as settings and every other kind as a tensor of divisors.
func (k *ggufKeys) ropes(fam family, w *weights, c *Config) error {
	positions := float64(c.Positions)
	r := rope{theta: k.numberOr("rope.freq_base", 10000), kind: "default", positions: positions,
		original: float64(k.sizeOr("rope.scaling.original_context_length", c.Positions)),
		yarn:     yarn{fast: k.numberOr("rope.scaling.yarn_beta_fast", 32), slow: k.numberOr("rope.scaling.yarn_beta_slow", 1)}}
	if err := errors.Join(k.scaling(&r), k.missing()); err != nil {
		return err
	}
	switch {
	case r.kind == "llama3":
		return fmt.Errorf("rotary scaling \"llama3\" in a GGUF must be the tensor %s; convert the model again", ropeFreqs)
	case r.kind != "default" && r.kind != "linear" && r.kind != "yarn" && r.kind != "longrope":
		return fmt.Errorf("rotary scaling %q is not supported in a GGUF; none, linear, yarn and longrope are", r.kind)
	case fam.beside[ropeShort] && w.has(ropeShort) != w.has(ropeLong):
		return fmt.Errorf("of %s and %s only one is there", ropeShort, ropeLong)
	case r.kind == "longrope" && !(fam.beside[ropeShort] && w.has(ropeShort)):
		return fmt.Errorf("rotary scaling \"longrope\" in a GGUF must have the tensors %s and %s of phi3", ropeShort, ropeLong)
	}
	if w.has(ropeShort) && fam.beside[ropeShort] {
		short, err := divisors(w, ropeShort, c.HeadDim)
		if err != nil {
			return err
		}
		r.kind, r.short, r.attention = "longrope", short, k.numberOr("rope.scaling.attn_factor", 1)
	}
	x, err := r.compute(c.HeadDim)
	if err != nil {
		return err
	}
	c.Positions = r.reach(c.Positions)
	if w.has(ropeFreqs) && fam.beside[ropeFreqs] {
		by, err := divisors(w, ropeFreqs, c.HeadDim)
		if err != nil {
			return err
		}
		for i, d := range by {
			x.InvFreq[i] /= d
		}
	}
	c.Ropes = []Rope{x}
	if fam.defaults.localTheta > 0 {
		local, err := rope{theta: k.numberOr("rope.freq_base_swa", fam.defaults.localTheta), kind: "default"}.compute(c.HeadDim)
		if err = errors.Join(k.missing(), err); err != nil {
			return err
		}
		c.Ropes = append(c.Ropes, local)
	}
	return k.missing()
}

func divisors(w *weights, name string, headDim int) ([]float64, error) {
	if info, _ := w.stored(name); !slices.Equal(info.Shape, []int{headDim / 2}) {
		return nil, fmt.Errorf("%s is %v, want [%d]", name, info.Shape, headDim/2)
	}
	x, err := w.tensor(name)
	out := make([]float64, len(x))
	for i, d := range x {
		out[i] = float64(d)
	}
	return out, err
}

// scaling reads how positions are stretched. Where no kind is said, a factor is one of linear stretching, as in llama.cpp.
func (k *ggufKeys) scaling(r *rope) error {
	const kindKey, factorKey, oldKey = "rope.scaling.type", "rope.scaling.factor", "rope.scale_linear"
	kind, said := k.f.String(k.arch + kindKey)
	if !said && k.has(kindKey) {
		k.bad = append(k.bad, k.arch+kindKey+" (a word)")
	}
	factor, from := 1.0, ""
	for _, key := range []string{factorKey, oldKey} {
		if !k.has(key) {
			continue
		}
		v := k.number(key)
		if v == 0 { // which llama.cpp takes for none
			v = 1
		}
		if from != "" && v != factor {
			return fmt.Errorf("%s%s is %g, %s%s is %g; they contradict each other", k.arch, from, factor, k.arch, key, v)
		}
		factor, from = v, key
	}
	switch {
	case kind == "none" && factor != 1:
		return fmt.Errorf("%s%s is \"none\", %s%s is %g; they contradict each other", k.arch, kindKey, k.arch, from, factor)
	case kind == "none":
	case kind == "longrope": // its divisors are a tensor
		r.kind = kind
	case said:
		if from == "" {
			k.bad = append(k.bad, k.arch+factorKey+" (a number)")
		}
		r.kind, r.factor = kind, factor
	case factor != 1:
		r.kind, r.factor = "linear", factor
	}
	return nil
}
