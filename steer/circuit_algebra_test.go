package steer

import (
	"slices"
	"testing"
)

func entries(es ...Entry) Circuit {
	return Circuit{name: "c", entries: func() []Entry { return es }, origin: func() origin { return origin{shape: Shape{Layers: 4, Neurons: 9}, about: "m", unit: "logits"} }}
}

func TestCircuitAlgebra(t *testing.T) {
	x, y, z := Neuron{Layer: 0, Index: 1}, Neuron{Layer: 1, Index: 1}, Neuron{Layer: 2, Index: 5}
	a := entries(Entry{x, -1, 3}, Entry{y, 2, -1}, Entry{y, 3, .5}).Named("a")
	b := entries(Entry{z, -1, 2}, Entry{x, 4, 9}, Entry{y, 3, 7}, Entry{y, 0, -.25}).Named("b")
	for _, c := range []struct {
		name string
		got  Circuit
		want []Entry
	}{
		{"a ∪ b", a.Union(b), []Entry{{x, -1, 3}, {z, -1, 2}, {y, 2, -1}, {y, 3, .5}, {y, 0, -.25}}},
		{"b ∪ a", b.Union(a), []Entry{{x, 4, 9}, {y, 3, 7}, {x, -1, 3}, {z, -1, 2}, {y, 2, -1}, {y, 0, -.25}}},
		{"a ∩ b", a.Intersect(b), []Entry{{x, -1, 3}, {y, 2, -1}, {y, 3, .5}}},
		{"b ∩ a", b.Intersect(a), []Entry{{x, 4, 9}, {y, 3, 7}, {y, 0, -.25}}},
		{"b − a", b.Minus(a), []Entry{{z, -1, 2}}},
		{"a − b", a.Minus(b), nil},
		{"a", a.Without(NewNeuronSet("", x), NewNeuronSet("", z)), []Entry{{y, 2, -1}, {y, 3, .5}}},
		{"a", a.Without(), a.Entries()},
	} {
		if got := c.got.Entries(); !slices.Equal(got, c.want) || c.got.Name() != c.name {
			t.Errorf("%s is %q: %v, want %v", c.name, c.got.Name(), got, c.want)
		}
	}
	for name, same := range map[string]bool{
		"a ∪ a": a.Union(a).CSV() == a.CSV(), "a ∩ a": a.Intersect(a).CSV() == a.CSV(), "a − a": a.Minus(a).Len() == 0,
		"(a ∪ b) − b": slices.Equal(a.Union(b).Minus(b).Neurons(), a.Minus(b).Neurons()),
		"size":        len(a.Union(b).Neurons()) == len(a.Neurons())+len(b.Neurons())-len(a.Intersect(b).Neurons()),
		"zero":        Circuit{}.Union(a).CSV() == a.CSV() && a.Union(Circuit{}).CSV() == a.CSV() && Circuit{}.Minus(a).Len() == 0,
	} {
		if !same {
			t.Errorf("%s does not hold", name)
		}
	}
}

// TestCircuitAlgebraOrigin: a combined circuit knows what both agree on, and nothing is computed before it is asked for.
func TestCircuitAlgebraOrigin(t *testing.T) {
	a, b := entries(Entry{Neuron{Layer: 0, Index: 1}, -1, 1}), entries(Entry{Neuron{Layer: 3, Index: 1}, -1, 1})
	if o := a.Union(b).from(); o.unit != "logits" || o.about != "m" || o.shape.Neurons != 9 || o.selection.Of != "" {
		t.Errorf("%+v", o)
	}
	other := b
	other.origin = func() origin { return origin{about: "another", unit: "nats"} }
	if o := a.Union(other).from(); o.unit != "" || o.about != "" || o.shape.Neurons != 9 || o.shape.Layers != 4 {
		t.Errorf("%+v", o)
	}
	if o := NewCircuit("n", Neuron{Layer: 7, Index: 0}).Union(a).from(); o.shape.Neurons != 9 || o.shape.Layers != 8 {
		t.Errorf("%+v", o)
	}
	lazy := Circuit{entries: func() []Entry { t.Error("computed before it was asked for"); return nil }}
	_ = lazy.Union(a).Minus(lazy).Intersect(lazy).Without(lazy.Set()).Name()
	_ = Overlap(lazy, lazy)
}

func TestNeuronSet(t *testing.T) {
	s := NewNeuronSet("s", Neuron{Layer: 2, Index: 1}, Neuron{Layer: 0, Index: 9}, Neuron{Layer: 2, Index: 1})
	if s.Len() != 2 || !slices.Equal(s.Neurons(), []Neuron{{Layer: 0, Index: 9}, {Layer: 2, Index: 1}}) || !s.Has(Neuron{Layer: 2, Index: 1}) || s.Has(Neuron{Layer: 2, Index: 0}) {
		t.Errorf("%v: %v", s, s.Neurons())
	}
	if s.Circuit().Len() != 2 || !slices.Equal(s.Circuit().Set().Neurons(), s.Neurons()) || s.Named("t").Name() != "t" {
		t.Error("a set and its circuit differ")
	}
	s.Neurons()[0].Layer = 7
	if s.Has(Neuron{Layer: 7, Index: 9}) {
		t.Error("the list handed out is the set's own")
	}
	var zero NeuronSet
	if zero.Len() != 0 || zero.Has(Neuron{}) || zero.String() == "" || len(zero.Warnings()) != 0 || len(zero.Frequencies().Counts()) != 0 || zero.Frequencies().Set().Len() != 0 {
		t.Error("the zero set is not empty")
	}
	p := PublishedUniversal()
	if p.Len() != 12 || !p.Has(Neuron{Layer: 23, Index: 306}) || !p.Has(Neuron{Layer: 2, Index: 4786}) || p.Has(Neuron{Layer: 23, Index: 8079}) {
		t.Errorf("%v", p)
	}
}
