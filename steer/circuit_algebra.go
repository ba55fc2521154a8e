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
	out.origin = func() origin {
		o := c.from()
		for _, s := range sets {
			o = o.without(s)
		}
		return o
	}
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
		out.header.Identity, out.header.Model = Identity{}, ""
	}
	if a.reference == nil || b.reference == nil || *a.reference != *b.reference {
		out.reference = nil
	}
	out.positions, out.selection = max(a.positions, b.positions), selection{}
	return out.and(b)
}

// and notes that what another circuit or set comes from had a part in this one.
func (o origin) and(p origin) origin {
	o.made = o.made.and(p.made)
	if len(o.made) == 1 { // the one model, whatever else differs; neurons that were given belong to any
		for digest, name := range o.made {
			o.header.Identity.Model, o.header.Model = digest, name
		}
	}
	for _, w := range p.warnings {
		if !slices.Contains(o.warnings, w) {
			o.warnings = append(slices.Clip(o.warnings), w)
		}
	}
	if o.err == nil {
		o.err = p.err
	}
	return o
}

// without notes that the neurons of a set were left out.
func (o origin) without(s NeuronSet) origin {
	if s.origin == nil {
		return o
	}
	p := s.origin()
	return o.and(origin{made: p.made, err: p.err})
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

// placeSet is the places of entries: of each neuron its positions, −1 being all.
type placeSet map[Neuron]map[int]bool

func places(es []Entry) placeSet {
	p := placeSet{}
	for _, e := range es {
		p.add(e)
	}
	return p
}

func (p placeSet) add(e Entry) {
	if p[e.Neuron] == nil {
		p[e.Neuron] = map[int]bool{}
	}
	p[e.Neuron][e.Position] = true
}

func (p placeSet) covers(e Entry) bool { return p[e.Neuron][-1] || p[e.Neuron][e.Position] }
