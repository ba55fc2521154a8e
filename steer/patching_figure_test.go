package steer_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

// TestAgreementFigure: what a scatter plot draws is what an agreement correlates: of every unit its effect and what the scores
// foretell, under its name, with Pearson and its interval.
func TestAgreementFigure(t *testing.T) {
	set := between()
	p, b := run(t, fake.Patch(set).Units(steer.Neurons("L0/N1, L1/N2, L2/N3, L0/H0"))), run(t, fake.Behavior(set).Rule(steer.Gradient))
	a := p.Agreement(b)
	foretold, effect := a.Points()
	names := a.PointNames()
	if n, of := a.N(); n != 4 || of != "units" || len(foretold) != n || len(effect) != n || len(names) != n || a.Unit() != "logits" {
		t.Fatalf("%v %v %v", foretold, effect, names)
	}
	for _, r := range p.Rows() {
		i := slices.Index(names, r.Unit.String())
		if i < 0 || effect[i] != r.Effect.Value {
			t.Errorf("%v is not among %v with %v", r, names, effect)
			continue
		}
		want := 0.
		for k := range b.Len() {
			scores := b.Example(k)
			tokens := scores.Tokens()
			if r.Unit.Head {
				scores = scores.Heads()
			}
			for pos := range tokens {
				want += scores.At(r.Unit.Layer, pos, r.Unit.Index) / float64(b.Len())
			}
		}
		if d := foretold[i] - want; d > 1e-6 || d < -1e-6 {
			t.Errorf("%v: foretold %v, the scores add up to %v", r.Unit, foretold[i], want)
		}
	}
	kind, r, lo, hi := a.Correlation()
	if kind != "Pearson" || r != a.Pearson.Value || lo != a.Pearson.Lo || hi != a.Pearson.Hi {
		t.Errorf("%s %v [%v, %v], want %+v", kind, r, lo, hi, a.Pearson)
	}
	fig := plotting.Scatter(a)
	if s := fig.Alt(); !strings.Contains(s, "Foretold by gradient") || !strings.Contains(s, "ffect of patching") || !strings.Contains(s, "4 units") {
		t.Errorf("%s", s)
	}
	if _, err := plotting.Scatter(steer.Agreement{}).SVG(); !errors.Is(err, plotting.ErrNoData) {
		t.Errorf("of an agreement without units: %v", err)
	}
}
