package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// donors is where the activations come from that ablated units are set to.
type donors struct {
	s       faithful
	in      faithfulInput
	prompts [][]engine.Token // what means and draws are over, or the cases' own patch prompts; none for zeros
	means   activationMeans
	drawn   []int // [N] of a resample ablation: the prompt of each case
}

// donors computes means, or draws a prompt for every case.
func (s faithful) donors(ctx context.Context, e *env, in faithfulInput) (*donors, error) {
	d := &donors{s: s, in: in, prompts: in.patches}
	if len(d.prompts) == 0 {
		d.prompts = in.cases
	}
	switch s.Ablation {
	case message.AblateZero:
		d.prompts = nil
	case message.AblatePatch:
		d.prompts = in.patch
	case message.AblateResample:
		return d, d.draw(len(in.patches) == 0)
	default:
		var err error
		d.means, err = s.meansOf(ctx, e, d.prompts)
		return d, err
	}
	return d, nil
}

// draw draws a prompt for every case, never the case's own where the cases are what is drawn from.
func (d *donors) draw(own bool) error {
	rng := stats.Rand(d.s.Seed, stats.Donors)
	for i, ts := range d.in.cases {
		var from []int
		for k, p := range d.prompts {
			if len(p) >= len(ts) && !(own && k == i) {
				from = append(from, k)
			}
		}
		if len(from) == 0 {
			if own && len(d.prompts) == 1 {
				return engine.Mistake(engine.BadSetting, "one example has no other to take activations from").Try("give more examples, or PatchPrompts")
			}
			return noPartner(d.in.about[i].Prompt, len(ts))
		}
		d.drawn = append(d.drawn, from[rng.IntN(len(from))])
	}
	return nil
}

// ablatedTo is what the units of a group's prompts are set to.
type ablatedTo struct {
	rows   int          // positions: 1 where all are alike
	values []siteValues // one for all prompts or one for each; none: zeros
}

// of returns the values of one prompt of the group; nil: zeros.
func (a ablatedTo) of(prompt int) siteValues {
	switch len(a.values) {
	case 0:
		return nil
	case 1:
		return a.values[0]
	}
	return a.values[prompt]
}

// each reports whether every prompt has values of its own.
func (a ablatedTo) each() bool { return len(a.values) > 1 }

// group returns what the units of a group's prompts are set to.
func (d *donors) group(ctx context.Context, e *env, g faithfulGroup) (ablatedTo, error) {
	T := g.length()
	switch d.s.Ablation {
	case message.AblateZero:
		return ablatedTo{rows: 1}, nil
	case message.AblateToken:
		from := 0
		if d.s.KeepFirst {
			from = 1
		}
		v, ok := d.means.overTokens(from)
		if !ok {
			return ablatedTo{}, engine.Mistake(engine.BadSetting, "the means are over prompts of one token, whose first position is left out").
				Try("use longer patch prompts, or leave KeepFirst out")
		}
		return ablatedTo{1, []siteValues{v}}, nil
	case message.AblateMean:
		v, ok := d.means.at(T)
		if !ok {
			return ablatedTo{}, noPartner(g.about[0].Prompt, T)
		}
		return ablatedTo{T, []siteValues{v}}, nil
	}
	from := make([][]engine.Token, len(g.cases))
	for k, i := range g.cases {
		if from[k] = d.in.patch[i]; d.drawn != nil {
			from[k] = d.prompts[d.drawn[i]]
		}
		if len(from[k]) < T {
			return ablatedTo{}, noPartner(g.about[k].Prompt, T)
		}
	}
	values, err := d.s.captured(ctx, e, from, T)
	return ablatedTo{T, values}, err
}

// captured returns the activations of each prompt on the positions of one of T tokens.
func (s faithful) captured(ctx context.Context, e *env, prompts [][]engine.Token, T int) ([]siteValues, error) {
	shape, out := e.Shape(), make([]siteValues, len(prompts))
	var capture engine.Site
	for _, site := range s.sites() {
		capture |= site
	}
	err := forwardEach(ctx, e.quiet(), prompts, capture, s.Edits, func(i int, r engine.ForwardResult) error {
		out[i] = siteValues{}
		for _, site := range s.sites() {
			h, n, w := r.At(site), len(prompts[i]), site.Width(shape)
			v := make([]float32, shape.Layers*T*w)
			for l := range shape.Layers {
				for t := range T {
					if row, ok := rowAt(t, T, n); ok {
						copy(v[(l*T+t)*w:][:w], h[(l*n+row)*w:])
					}
				}
			}
			if err := finite(v, shape.Layers); err != nil {
				return err
			}
			out[i][site] = v
		}
		return nil
	})
	return out, err
}
