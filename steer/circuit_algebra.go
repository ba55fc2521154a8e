package steer

import (
	"slices"
	"sync"
)

// Union returns the entries of c and those of d that c does not have, strongest first. An entry without a position stands
// for all positions of its neuron. Scores stay what they were; where both have an entry, c's counts.
func (c Circuit) Union(d Circuit) Circuit {
	return c.combined(d, " ∪ ", func() []Entry {
		es, mine := slices.Clone(c.all()), places(c.all())
		for _, e := range d.all() {
			if !mine.covers(e) {
				es = append(es, e)
			}
		}
		slices.SortStableFunc(es, byStrength)
		return es
	})
}

// Intersect returns the entries of c whose neurons are in d too.
func (c Circuit) Intersect(d Circuit) Circuit {
	return c.combined(d, " ∩ ", func() []Entry { return c.sifted(d.Set(), true) })
}

// Minus returns the entries of c whose neurons are not in d.
func (c Circuit) Minus(d Circuit) Circuit {
	return c.combined(d, " − ", func() []Entry { return c.sifted(d.Set(), false) })
}

// Without returns the entries of c whose neurons are in none of the sets.
func (c Circuit) Without(sets ...NeuronSet) Circuit {
	all := NeuronSet{load: sync.OnceValue(func() []Neuron { return union(sets...) })}
	out := c
	out.entries = sync.OnceValue(func() []Entry { return c.sifted(all, false) })
	return out
}

// combined is a lazy circuit of entries that come from c and d.
func (c Circuit) combined(d Circuit, sign string, entries func() []Entry) Circuit {
	return Circuit{
		name:    c.name + sign + d.name,
		entries: sync.OnceValue(entries),
		origin:  func() origin { return joined(c.from(), d.from()) },
	}
}

// joined is what is known of a circuit that two were made into: what both agree on.
func joined(a, b origin) origin {
	out := a
	out.shape.Layers = max(a.shape.Layers, b.shape.Layers) // a circuit of given neurons knows only as many as it needs
	if out.shape.Neurons == 0 {
		out.shape = b.shape
		out.shape.Layers = max(a.shape.Layers, b.shape.Layers)
	}
	if a.about != b.about {
		out.about = ""
	}
	if a.unit != b.unit {
		out.unit = ""
	}
	if a.method != b.method {
		out.method = ""
	}
	if a.header.Request.Ref(a.header.Identity) != b.header.Request.Ref(b.header.Identity) {
		out.header.Request, out.header.Warnings, out.header.Body = Request{}, nil, nil
	}
	if a.header.Identity != b.header.Identity {
		out.header.Identity = Identity{}
	}
	out.positions, out.selection = max(a.positions, b.positions), selection{}
	return out
}

// sifted returns the entries of c whose neurons are in the set, or those whose are not.
func (c Circuit) sifted(set NeuronSet, in bool) []Entry {
	var es []Entry
	for _, e := range c.all() {
		if set.Has(e.Neuron) == in {
			es = append(es, e)
		}
	}
	return es
}

// placed is the places of entries: of each neuron its positions, −1 being all.
type placed map[Neuron]map[int]bool

func places(es []Entry) placed {
	p := placed{}
	for _, e := range es {
		if p[e.Neuron] == nil {
			p[e.Neuron] = map[int]bool{}
		}
		p[e.Neuron][e.Position] = true
	}
	return p
}

func (p placed) covers(e Entry) bool { return p[e.Neuron][-1] || p[e.Neuron][e.Position] }
