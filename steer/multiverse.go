package steer

import (
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// A Multiverse says of every neuron in how many views of a behavior it is, and of every specification, a rule with a selection
// and a size, which circuit it gives and what ablating that does. It is immutable, and lazy where its task is.
type Multiverse struct {
	rec  result[message.StabilityBody]
	lazy func() multiverse
	conditions
}

func newMultiverse(fetch func() Record, is ...Intervention) Multiverse {
	rec := newResult[message.StabilityBody](fetch)
	return Multiverse{rec, sync.OnceValue(func() multiverse { return newMultiverseStats(rec.record(), rec.body()) }), under(is, rec.header)}
}

// A NodeClass says how sure a neuron's place in a circuit is.
type NodeClass string

// The classes. A neuron is beyond the null where no more than one in twenty of its draws, the one that is seen included, has any
// neuron that is selected as often.
const (
	Core       NodeClass = "core"       // beyond the null, and in at least 95 % of the views
	Contingent NodeClass = "contingent" // beyond the null, and in fewer: it depends on what was chosen
	Noise      NodeClass = "noise"      // no more frequent than the heavy tail of single examples makes one of all neurons
)

// coreShare is the share of views that makes a neuron core. Of a circuit's edges arXiv 2603.00523 asks for all; here views are
// resamples too, which now and then miss the examples that a neuron is of.
const coreShare = .95

// A StableNode is a neuron with the share of the views that select it.
type StableNode struct {
	Neuron
	Score       float64   `json:"score"`     // mean over examples of Σ_t score under the first rule, in the behavior's unit
	Frequency   float64   `json:"frequency"` // share of all views, 0 to 1
	P           float64   `json:"p"`         // against the null, for the most frequent of all neurons; 1 without controls
	Class       NodeClass `json:"class"`
	ByRule      []float64 `json:"byRule"`      // share of the views under each rule
	BySelection []float64 `json:"bySelection"` // by each selection
	BySize      []float64 `json:"bySize"`      // at each size
}

// DependsOn names the choice that the neuron's place depends on most, "rule", "selection" or "size": the one between whose
// options its share of the views differs most; "" where it differs by less than a tenth.
func (n StableNode) DependsOn() string {
	most, name := .1, ""
	for _, axis := range []struct {
		name   string
		shares []float64
	}{{"rule", n.ByRule}, {"selection", n.BySelection}, {"size", n.BySize}} {
		if len(axis.shares) == 0 {
			continue
		}
		if d := slices.Max(axis.shares) - slices.Min(axis.shares); d > most {
			most, name = d, axis.name
		}
	}
	return name
}

// A Specification is a way to choose a circuit from all examples.
type Specification struct {
	Rule      Rule     `json:"rule"`
	Selection string   `json:"selection"`
	Size      int      `json:"size"`
	Circuit   Circuit  `json:"circuit"`
	Agreement float64  `json:"agreement"` // mean Jaccard index with the circuits of the resamples
	Core      float64  `json:"core"`      // share of its neurons that are core
	Effect    Estimate `json:"effect"`    // what the metric loses when the circuit is set to zero, mean over examples; zero without
}

// multiverse is everything that follows from a record.
type multiverse struct {
	nodes     []StableNode // by falling frequency
	class     map[Neuron]NodeClass
	specs     []Specification
	threshold float64
	warnings  []Warning
}

func newMultiverseStats(r Record, b message.StabilityBody) multiverse {
	m := multiverse{class: map[Neuron]NodeClass{}, warnings: slices.Clone(r.Header.Warnings)}
	for name, shape := range b.Tensors() {
		n := 1
		for _, d := range shape {
			n *= d
		}
		if len(r.Tensors[name].Data) != n {
			return multiverse{}
		}
	}
	null := widen(r.Tensors["null"].Data)
	m.threshold = upper(null) / float64(max(1, b.Views()))
	for i := range b.Neurons {
		n := newStableNode(r, b, i, null)
		m.nodes = append(m.nodes, n)
		m.class[n.Neuron] = n.Class
	}
	slices.SortStableFunc(m.nodes, func(a, b StableNode) int {
		switch {
		case a.Frequency > b.Frequency:
			return -1
		case a.Frequency < b.Frequency:
			return 1
		}
		return 0
	})
	m.specify(r, b)
	m.warnings = append(m.warnings, m.doubts(b)...)
	return m
}

// upper returns the number of views that no more than one in twenty of the null's draws and one more reach, or 0 where there are too
// few draws to say so.
func upper(null []float64) float64 {
	s := slices.Sorted(slices.Values(null))
	may := int(stats.Level*float64(len(s)+1)+1e-9) - 1 // draws that may reach it
	if may < 0 {
		return 0
	}
	return s[len(s)-1-may]
}

// newStableNode reads the i-th neuron of a record.
func newStableNode(r Record, b message.StabilityBody, i int, null []float64) StableNode {
	R, S, K, M := len(b.Rules), len(b.Selections), len(b.Sizes), len(b.Neurons)
	n := StableNode{Neuron: b.Neurons[i], Score: float64(r.Tensors["scores"].Data[i]), Class: Contingent,
		ByRule: make([]float64, R), BySelection: make([]float64, S), BySize: make([]float64, K)}
	views := 0.
	for spec := range R * S * K {
		count := float64(r.Tensors["count"].Data[spec*M+i])
		x := count / float64(b.Resamples)
		views += count
		n.ByRule[spec/(S*K)] += x / float64(S*K)
		n.BySelection[spec/K%S] += x / float64(R*K)
		n.BySize[spec%K] += x / float64(R*S)
	}
	n.Frequency, n.P = views/float64(b.Views()), stats.NullP(views, null)
	switch {
	case len(null) > 0 && n.P > stats.Level:
		n.Class = Noise
	case n.Frequency >= coreShare:
		n.Class = Core
	}
	return n
}

// specify reads the specifications.
func (m *multiverse) specify(r Record, b message.StabilityBody) {
	S, K, M, N := len(b.Selections), len(b.Sizes), len(b.Neurons), len(b.Examples)
	var losses [][]float64
	for spec := range len(b.Rules) * S * K {
		x := Specification{Rule: b.Rules[spec/(S*K)], Selection: b.Selections[spec/K%S], Size: b.Sizes[spec%K], Agreement: float64(r.Tensors["agreement"].Data[spec])}
		var es []Entry
		core := 0
		for i, n := range b.Neurons {
			if r.Tensors["selected"].Data[spec*M+i] == 0 {
				continue
			}
			es = append(es, Entry{n, -1, float64(r.Tensors["scores"].Data[spec/(S*K)*M+i])})
			core += count(m.class[n] == Core)
		}
		if len(es) > 0 {
			x.Core = float64(core) / float64(len(es))
		}
		x.Circuit = stableCircuit(x.name(), r, b, es)
		m.specs = append(m.specs, x)
		if b.Effects {
			losses = append(losses, minus(widen(r.Tensors["base"].Data), widen(r.Tensors["ablated"].Data[spec*N:][:N])))
		}
	}
	if b.Effects {
		for i, e := range bootstrap(losses, stats.Ones(N), b.Seed) {
			m.specs[i].Effect = e
		}
	}
}

// stableCircuit is a circuit of a multiverse.
func stableCircuit(name string, r Record, b message.StabilityBody, es []Entry) Circuit {
	slices.SortStableFunc(es, byStrength)
	return Circuit{name: name, entries: func() []Entry { return es }, origin: func() origin {
		return origin{shape: b.Shape, about: b.Metric, unit: b.Unit, method: "stability", header: r.Header, made: madeFrom(r.Header), selection: selection{Of: "neurons", K: len(es)}}
	}}
}

func (v Multiverse) data() multiverse {
	if v.lazy == nil {
		return multiverse{}
	}
	return v.lazy()
}

// Nodes returns every neuron that any view selects, the most frequent first.
func (v Multiverse) Nodes() []StableNode { return slices.Clone(v.data().nodes) }

// Of returns what the views say of the neurons of a circuit, in its order; one that no view selects has frequency 0 and is Noise.
// Heads are left out.
func (v Multiverse) Of(c Circuit) []StableNode {
	by := map[Neuron]StableNode{}
	for _, n := range v.data().nodes {
		by[n.Neuron] = n
	}
	var out []StableNode
	for _, n := range c.ranked() {
		if n.Head {
			continue
		}
		x, ok := by[n]
		if !ok {
			x = StableNode{Neuron: n, P: 1, Class: Noise}
		}
		out = append(out, x)
	}
	return out
}

// Circuit returns the neurons of a class, with their scores under the first rule.
func (v Multiverse) Circuit(class NodeClass) Circuit {
	return Circuit{name: string(class), entries: sync.OnceValue(func() []Entry { return v.entries(class) }), origin: func() origin {
		return stableCircuit("", v.rec.record(), v.rec.body(), v.entries(class)).from()
	}}
}

func (v Multiverse) entries(class NodeClass) []Entry {
	var es []Entry
	for _, n := range v.data().nodes {
		if n.Class == class {
			es = append(es, Entry{n.Neuron, -1, n.Score})
		}
	}
	slices.SortStableFunc(es, byStrength)
	return es
}

// Specifications returns every rule, selection and size, the sizes of a selection together.
func (v Multiverse) Specifications() []Specification { return slices.Clone(v.data().specs) }

// Views returns how many circuits a neuron's frequency is over.
func (v Multiverse) Views() int { b := v.rec.body(); return b.Views() }

// Threshold returns the frequency above which a neuron is beyond the null; 0 where the null has too few draws to say.
func (v Multiverse) Threshold() float64 { return v.data().threshold }

// N returns the number of examples.
func (v Multiverse) N() (n int, of string) {
	return message.Counted(len(v.rec.body().Examples), "examples")
}

// About says what the scores explain.
func (v Multiverse) About() string { return v.rec.body().Metric }

// Unit returns the unit of scores and effects.
func (v Multiverse) Unit() string { return v.rec.body().Unit }

// Warnings returns what a reader must know before concluding anything.
func (v Multiverse) Warnings() []Warning { return slices.Clone(v.data().warnings) }
