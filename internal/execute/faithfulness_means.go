package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// siteValues are activations by site: [L,rows,F] of Neurons, [L,rows,H·C] of Heads. None are zeros.
type siteValues map[engine.Site][]float32

// sites are where units of the ranking are, and where neurons are.
func (s faithful) sites() []engine.Site {
	if _, heads := s.kinds(); heads > 0 {
		return []engine.Site{engine.Neurons, engine.Heads}
	}
	return []engine.Site{engine.Neurons}
}

// activationMeans is sums of activations over prompts, whose positions stand on those of the longest as rowAt says.
type activationMeans struct {
	shape  engine.Shape
	T      int                       // of the longest prompt
	sums   map[engine.Site][]float64 // [L,T,n]
	counts []int                     // [T] prompts that have the position
}

// meansOf adds up the activations of prompts under the interventions of every pass.
func (s faithful) meansOf(ctx context.Context, e *env, prompts [][]engine.Token) (activationMeans, error) {
	m := activationMeans{shape: e.Shape(), sums: map[engine.Site][]float64{}}
	for _, p := range prompts {
		m.T = max(m.T, len(p))
	}
	var capture engine.Site
	for _, site := range s.sites() {
		m.sums[site] = make([]float64, m.shape.Layers*m.T*site.Width(m.shape))
		capture |= site
	}
	m.counts = make([]int, m.T)
	err := forwardEach(ctx, e, prompts, capture, s.Edits, func(i int, r engine.ForwardResult) error {
		for site := range m.sums {
			if err := finite(r.At(site), m.shape.Layers); err != nil {
				return err
			}
		}
		n := len(prompts[i])
		for t := range m.T {
			if row, ok := rowAt(t, m.T, n); ok {
				m.counts[t]++
				m.add(r, t, row, n)
			}
		}
		return nil
	})
	return m, err
}

// add adds position row of a prompt of n tokens to position t.
func (m activationMeans) add(r engine.ForwardResult, t, row, n int) {
	for site, sums := range m.sums {
		h, w := r.At(site), site.Width(m.shape)
		for l := range m.shape.Layers {
			to := sums[(l*m.T+t)*w:][:w]
			for k, x := range h[(l*n+row)*w:][:w] {
				to[k] += float64(x)
			}
		}
	}
}

// at returns the means [L,T,n] on the positions of a prompt of T tokens; ok is false where no prompt is so long.
func (m activationMeans) at(T int) (v siteValues, ok bool) {
	if T > m.T {
		return nil, false
	}
	v = siteValues{}
	for site, sums := range m.sums {
		w := site.Width(m.shape)
		to := make([]float32, m.shape.Layers*T*w)
		for t := range T {
			row, _ := rowAt(t, T, m.T)
			for l := range m.shape.Layers {
				for k, x := range sums[(l*m.T+row)*w:][:w] {
					to[(l*T+t)*w+k] = float32(x / float64(m.counts[row]))
				}
			}
		}
		v[site] = to
	}
	return v, true
}

// overTokens returns the mean over all tokens from a position on [L,1,n]; ok is false where there are none.
func (m activationMeans) overTokens(from int) (v siteValues, ok bool) {
	n := 0
	for _, c := range m.counts[from:] {
		n += c
	}
	if n == 0 {
		return nil, false
	}
	v = siteValues{}
	for site, sums := range m.sums {
		w := site.Width(m.shape)
		for l := range m.shape.Layers {
			sum := make([]float64, w)
			addPositions(sum, sums[(l*m.T+from)*w:][:(m.T-from)*w], m.T-from, w)
			for _, x := range sum {
				v[site] = append(v[site], float32(x/float64(n)))
			}
		}
	}
	return v, true
}
