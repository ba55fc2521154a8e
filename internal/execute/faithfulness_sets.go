package execute

import (
	"cmp"
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// sets returns a function that gives the units of a size: of the ranking itself (0) and of each random one.
func (s faithful) sets(ctx context.Context, e *env, in faithfulInput) (func(size, ranking int) []engine.Neuron, error) {
	var acts activity
	if s.Active {
		var err error
		if acts, err = s.activity(ctx, e, in); err != nil {
			return nil, err
		}
	}
	return s.nested(e.Shape(), acts), nil
}

// nested draws the random rankings, with activities of equally active units.
func (s faithful) nested(shape engine.Shape, acts activity) func(size, ranking int) []engine.Neuron {
	drawn := make([][][]engine.Neuron, len(s.Counts)) // [K][R]
	rng, randoms := stats.Rand(s.Seed, stats.Controls), make([]control, s.Controls)
	for k, count := range s.Counts {
		for r := range randoms {
			randoms[r].grow(rng, shape, s.Ranked[:count], acts)
			drawn[k] = append(drawn[k], slices.Clone(randoms[r].units))
		}
	}
	return func(size, ranking int) []engine.Neuron {
		if ranking == 0 {
			return s.Ranked[:s.Counts[size]]
		}
		return drawn[size][ranking-1]
	}
}

// nearest is from how many of the next in activity an equally active unit is drawn.
const nearest = 10

// A control is a random ranking as far as it is drawn: what it has it keeps, so that its sets are nested as those of the
// ranking are, and shares of a behavior by size are those of one curve.
type control struct {
	units []engine.Neuron
	own   int // units of the ranking that it has a counterpart of
}

// grow draws one more unit of its layer and kind for each that own, the first units of the ranking, has more than before: none of
// own where the layer has enough others, else all others and a part of own. What was drawn for a smaller set may be of a larger
// one's own, as often as chance has it. With activities each is drawn from the nearest others that are closest in
// activity to the unit that it is the counterpart of.
func (c *control) grow(rng *rand.Rand, shape engine.Shape, own []engine.Neuron, acts activity) {
	added := map[engine.Neuron][]engine.Neuron{} // by layer and kind
	for _, u := range own[c.own:] {
		of := engine.Neuron{Layer: u.Layer, Head: u.Head}
		added[of] = append(added[of], u)
	}
	taken := map[engine.Neuron]bool{} // own or drawn
	for _, u := range c.units {
		taken[u] = true
	}
	has := maps.Clone(taken)
	for _, u := range own {
		taken[u] = true
	}
	for _, of := range slices.SortedFunc(maps.Keys(added), message.ByPlace) {
		var free, rest []engine.Neuron
		for i := range shape.Units(of.Head) {
			switch u := (engine.Neuron{Layer: of.Layer, Index: i, Head: of.Head}); {
			case !taken[u]:
				free = append(free, u)
			case !has[u]:
				rest = append(rest, u)
			}
		}
		c.units = append(c.units, drawOthers(rng, shape, added[of], free, rest, acts)...)
	}
	c.own = len(own)
}

// drawOthers draws one of the free units of a layer and kind for each of own, and one of the rest for each that there is none
// left for.
func drawOthers(rng *rand.Rand, shape engine.Shape, own, free, rest []engine.Neuron, acts activity) []engine.Neuron {
	shuffle := func(us []engine.Neuron) {
		rng.Shuffle(len(us), func(i, j int) { us[i], us[j] = us[j], us[i] })
	}
	shuffle(own)
	n := min(len(own), len(free))
	var out []engine.Neuron
	if acts == nil {
		shuffle(free)
		out = free[:n:n]
	} else {
		act := func(u engine.Neuron) float64 { return acts.of(shape, u) }
		slices.SortStableFunc(free, func(a, b engine.Neuron) int { return cmp.Compare(act(a), act(b)) })
		for _, u := range own[:n] {
			at := sort.Search(len(free), func(i int) bool { return act(free[i]) >= act(u) })
			lo := max(0, min(at-nearest/2, len(free)-nearest))
			i := lo + rng.IntN(min(nearest, len(free)-lo))
			out = append(out, free[i])
			free = slices.Delete(free, i, i+1)
		}
	}
	if more := len(own) - n; more > 0 {
		shuffle(rest)
		out = append(out, rest[:more]...)
	}
	return out
}

// activity says how active each unit is, the mean over all tokens of the cases: |h| of a neuron [L,F], and the length of a head's
// output [L,H].
type activity map[bool][]float64 // by whether units are heads

// of returns that of a unit.
func (a activity) of(shape engine.Shape, u engine.Neuron) float64 {
	return a[u.Head][u.Layer*shape.Units(u.Head)+u.Index]
}

func (s faithful) activity(ctx context.Context, e *env, in faithfulInput) (activity, error) {
	shape := e.Shape()
	out := activity{false: make([]float64, shape.Layers*shape.Neurons), true: make([]float64, shape.Layers*shape.Heads)}
	var capture engine.Site
	for _, site := range s.sites() {
		capture |= site
	}
	tokens := 0
	err := forwardEach(ctx, e.quiet(), in.cases, capture, s.Edits, func(i int, r engine.ForwardResult) error {
		n := len(in.cases[i])
		tokens += n
		for _, site := range s.sites() {
			if err := finite(r.At(site), shape.Layers); err != nil {
				return err
			}
			heads := site == engine.Heads
			units := shape.Units(heads)
			each := site.Width(shape) / units // numbers of a unit
			for at := range shape.Layers * n * units {
				out[heads][at/(n*units)*units+at%units] += norm(r.At(site)[at*each:][:each])
			}
		}
		return nil
	})
	for _, sums := range out {
		for i := range sums {
			sums[i] /= float64(tokens)
		}
	}
	return out, err
}

// norm is the length of a vector.
func norm(v []float32) float64 {
	sum := 0.
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}
