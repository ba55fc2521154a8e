package steer_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// headed is the attribution behind " Paris" with its heads.
func headed(t *testing.T) (neurons, heads steer.Scores) {
	t.Helper()
	s := run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome"))
	return s, s.Heads()
}

// TestHeads: the heads of a pass are scores like any others, and all of them are heads.
func TestHeads(t *testing.T) {
	s, h := headed(t)
	shape, T := s.Shape(), len(s.Tokens())
	if !h.OfHeads() || s.OfHeads() || !slices.Equal(h.Dense().Shape, []int{shape.Layers, T, shape.Heads}) || h.Metric() != s.Metric() || h.About() != s.About() {
		t.Fatalf("%v, sizes %v", h, h.Dense().Shape)
	}
	top := h.TopK(3)
	if n, of := top.N(); n != 3 || of != "heads" || top.Name() != "top 3 heads" {
		t.Errorf("%d %s, named %q", n, of, top.Name())
	}
	for _, e := range slices.Concat(top.Entries(), h.TopEntries(4).Entries()) {
		sum := 0.
		for p := range T {
			if e.Position == p || e.Position < 0 && p > 0 { // the BOS is left out
				sum += h.At(e.Layer, p, e.Index)
			}
		}
		if !e.Head || math.Abs(sum-e.Score) > 1e-6 {
			t.Errorf("%v scores %v, its numbers add up to %v", e.Neuron, e.Score, sum)
		}
	}
	if got := top.Entries()[0].Neuron.String(); got != "L1/H0" {
		t.Errorf("the first is %s, the reader of embeddings in the layer of the plan's neurons is L1/H0", got)
	}
	support, oppose := h.ByLayer()
	if len(support) != shape.Layers || len(h.ByLayerPos()[0]) != T-1 || support[1] <= 0 || oppose[1] > 0 {
		t.Errorf("by layer %v, %v", support, oppose)
	}
	if !strings.Contains(h.String(), "3 × 2 heads at 6 positions") || h.Heads().TopK(1).Entries()[0] != h.TopK(1).Entries()[0] {
		t.Errorf("%v", h)
	}
	left := h.Without(steer.Neurons("L1/H0").Set(), steer.Neurons("L0/N0").Set())
	if left.TopK(9).Set().Has(steer.Neuron{Layer: 1, Head: true}) || left.TopK(9).Len() != 5 {
		t.Errorf("without L1/H0: %v", left.TopK(9).Neurons())
	}
	if n := s.Without(steer.Neurons("L1/H2").Set()).TopK(1); n.Entries()[0] != s.TopK(1).Entries()[0] {
		t.Errorf("a head left out of neurons: %v", n)
	}
}

// TestLawHeads: scaling a head is the slope that its score foretells under Gradient; scale 0 is Ablate; scale 1 is nothing.
func TestLawHeads(t *testing.T) {
	task := fake.Attribute(france).Target(" Paris").Versus(" Rome").Rule(steer.Gradient).KeepBOS()
	s := run(t, task)
	for _, e := range s.Heads().TopK(4).Entries() {
		const step = 1. / 64
		c := steer.NewCircuit("h", e.Neuron)
		slope := (run(t, task.Scale(c, 1+step)).Metric() - run(t, task.Scale(c, 1-step)).Metric()) / (2 * step)
		if math.Abs(slope-e.Score) > 1e-3*math.Abs(e.Score)+1e-4 {
			t.Errorf("%v scores %v, the slope is %v", e.Neuron, e.Score, slope)
		}
	}
	c, p := s.Heads().TopK(2), fake.Predict(france)
	sameNumbers(t, "scale 0", run(t, p.Scale(c, 0)).Logits(), run(t, p.Ablate(c)).Logits())
	sameNumbers(t, "scale 1", run(t, p.Scale(c, 1)).Logits(), run(t, p).Logits())
	sameNumbers(t, "2 · ½", run(t, p.Scale(c, 2).Scale(c, .5)).Logits(), run(t, p).Logits())
	if ablated := run(t, p.Ablate(c)); ablated.EditedHeads() != 2 || ablated.Edited() != 0 || slices.Equal(ablated.Logits(), run(t, p).Logits()) {
		t.Errorf("%d neurons and %d heads were changed", ablated.Edited(), ablated.EditedHeads())
	}
	after := run(t, task.Ablate(c)).Heads()
	for _, n := range c.Neurons() {
		for pos := range after.Tokens() {
			if after.At(n.Layer, pos, n.Index) != 0 {
				t.Errorf("%v is ablated and scores %v", n, after.At(n.Layer, pos, n.Index))
			}
		}
	}
}

// TestMixedCircuits: neurons and heads are one circuit to everything that takes one: algebra, interventions of every scope, a
// sweep and its controls.
func TestMixedCircuits(t *testing.T) {
	s, h := headed(t)
	both := s.TopK(2).Union(h.TopK(2)).Named("both")
	if n, of := both.N(); n != 4 || of != "neurons and heads" || both.Heads().Len() != 2 || both.Minus(both.Heads()).Len() != 2 {
		t.Fatalf("%d %s: %v", n, of, both.Neurons())
	}
	same := steer.Neurons("L1/N0, l1/h0") // one index, two units
	if got := steer.NewCircuit("again", same.Neurons()...); got.Len() != 2 || !slices.Equal(got.Neurons(), same.Neurons()) || got.Heads().Entries()[0].String() != "L1/H0" {
		t.Errorf("%v", got.Neurons())
	}
	if x := same.Intersect(steer.Neurons("L1/H0")); x.Len() != 1 || !x.Entries()[0].Head {
		t.Errorf("the intersection is %v", x.Neurons())
	}
	p := fake.Predict(france)
	apart := run(t, p.Ablate(both.Heads()).Ablate(both.Minus(both.Heads())))
	sameNumbers(t, "both at once", run(t, p.Ablate(both)).Logits(), apart.Logits())
	skipped := run(t, p.With(steer.Ablate(both.Heads()).SkipBOS()))
	if slices.Equal(skipped.Logits(), run(t, p.Ablate(both.Heads())).Logits()) {
		t.Error("SkipBOS says nothing to heads")
	}
	at := h.TopEntries(1)
	one := run(t, p.With(steer.Ablate(at).AtPositions()))
	if slices.Equal(one.Logits(), run(t, p.Ablate(at)).Logits()) || slices.Equal(one.Logits(), run(t, p).Logits()) {
		t.Error("AtPositions says nothing to heads")
	}
	b := run(t, fake.Behavior(capitals()).With(steer.Scale(both, .5).SkipBOS()))
	for i, e := range capitals().All() {
		alone := run(t, fake.Behavior(steer.NewExamples(e)).With(steer.Scale(both, .5).SkipBOS())).Example(0)
		near(t, "heads of an example", b.Example(i).Heads().Dense().Data, alone.Heads().Dense().Data)
	}
	dose := run(t, fake.Sweep(both, 0, 1).On(france).Measure(" Paris", " Rome").Controls(2))
	want := run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome").Ablate(both)).Metric()
	if got := dose.Doses()[0].Difference.Value; math.Abs(got-want) > 1e-5 || !strings.Contains(dose.String(), "2 neurons and 2 heads") {
		t.Errorf("the sweep gives %v, an attribution %v", got, want)
	}
	for _, c := range dose.Controls() {
		if c.Heads().Len() != 2 || c.Minus(c.Heads()).Len() != 2 || c.Intersect(both).Len() != 0 {
			t.Errorf("a control is %v", c.Neurons())
		}
		for k, n := range c.Neurons() {
			if own := both.Neurons()[k]; n.Layer != own.Layer || n.Head != own.Head {
				t.Errorf("the control has %v for %v", n, own)
			}
		}
	}
	if _, err := fake.Sweep(steer.Neurons("L0/H0, L0/H1"), 0).On(france).Measure(" Paris", "").Controls(1).Run(t.Context()); !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), "2 heads of layer 0") {
		t.Errorf("controls of a whole layer's heads: %v", err)
	}
}

// TestHeadsOfBehavior: mean and union are those of the heads, aligned as neurons are.
func TestHeadsOfBehavior(t *testing.T) {
	b := run(t, fake.Behavior(steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"}, steer.Example{Prompt: "The capital of Italy", Target: " Rome"})))
	mean, most := b.Mean().Heads(), b.Any().Heads()
	x, y := b.Example(0).Heads(), b.Example(1).Heads()
	for l := range 3 {
		for h := range 2 {
			p, q := x.At(l, -1, h), y.At(l, -1, h)
			if m := mean.At(l, -1, h); math.Abs(m-(p+q)/2) > 1e-6 {
				t.Errorf("L%d/H%d: the mean is %v, of %v and %v", l, h, m, p, q)
			}
			if m := most.At(l, -1, h); math.Abs(m) != max(math.Abs(p), math.Abs(q)) {
				t.Errorf("L%d/H%d: the largest is %v, of %v and %v", l, h, m, p, q)
			}
		}
	}
	if n, of := mean.N(); n != 2 || of != "prompts" || mean.TopK(2).Heads().Len() != 2 {
		t.Errorf("%d %s", n, of)
	}
}

// TestSources: what heads move is the same by the position that they read; on the fake model the first layer's head reads
// the capital and the country where it writes to the last token.
func TestSources(t *testing.T) {
	s, h := headed(t)
	from := s.Sources()
	if !from.OfHeads() || !slices.Equal(from.Dense().Shape, h.Dense().Shape) || from.Method() != h.Method()+", by the position that is read" {
		t.Fatalf("%v", from)
	}
	T := len(s.Tokens())
	for l := range 3 {
		for i := range 2 {
			var reads, writes float64
			for p := range T {
				reads, writes = reads+from.At(l, p, i), writes+h.At(l, p, i)
			}
			if math.Abs(reads-writes) > 1e-5 {
				t.Errorf("L%d/H%d: %v is read, %v moved", l, i, reads, writes)
			}
		}
	}
	most := from.TopEntries(1).Entries()[0]
	if most.String() != "L1/H0" || s.Tokens()[most.Position].Text != " France" || h.TopEntries(1).Entries()[0].Position != T-1 {
		t.Errorf("most comes from %v at %d, and goes to %v", most.Neuron, most.Position, h.TopEntries(1).Entries()[0])
	}
	b := run(t, fake.Behavior(steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"})))
	near(t, "sources of a mean", b.Mean().Sources().Dense().Data, from.Dense().Data)
	near(t, "sources of a union", b.Any().Heads().Sources().Dense().Data, from.Dense().Data)
	if n := run(t, fake.Contrast(steer.NewPairs(steer.Pair{Positive: france, Negative: italy}))).Sources(); n.TopK(1).Len() != 0 || len(n.Warnings()) != 1 {
		t.Errorf("a contrast's sources: %v", n.Warnings())
	}
}

// TestNoHeads: what scored no heads says so; what takes none refuses them by name, and nothing drops them.
func TestNoHeads(t *testing.T) {
	pairs := steer.NewPairs(steer.Pair{Positive: france, Negative: italy})
	contrast := run(t, fake.Contrast(pairs))
	if h := contrast.Heads(); h.TopK(5).Len() != 0 || len(h.Warnings()) != 1 || h.Warnings()[0].Code != "heads" {
		t.Errorf("a contrast's heads: %v, %v", h.TopK(5).Neurons(), h.Warnings())
	}
	if r := steer.Random(contrast.Shape(), 1); r.Heads().TopK(4).Heads().Len() != 4 {
		t.Error("the null has no heads")
	}
	c := steer.Neurons("L1/N2, L1/H1")
	vector := small(t, steer.Residual)
	for name, err := range map[string]error{
		"set":    second(fake.Predict(france).With(steer.SetTo(c, 1)).Request()),
		"add":    second(fake.Predict(france).With(steer.AddTo(c, 1)).Request()),
		"clamp":  second(fake.Predict(france).With(steer.Clamp(c, 0, 1)).Request()),
		"mean":   second(fake.Predict(france).With(steer.ToMean(c, run(t, fake.MeanActivations("a").From(steer.MLPNeurons)))).Request()),
		"writes": second(fake.Writes(c).Request()),
		"acts":   second(fake.TopActivations(c, "a").Request()),
		"span":   second(fake.Decompose(vector).For(c).Request()),
		"seed":   c.SaveReference(filepath.Join(t.TempDir(), "c.json")),
	} {
		if !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), "L1/H1 is an attention head") || !strings.Contains(err.Error(), "circuit.Minus(circuit.Heads())") {
			t.Errorf("%s: %v", name, err)
		}
	}
	parts := run(t, fake.Decompose(vector))
	with, without := steer.Compare(c, parts), steer.Compare(steer.Neurons("L1/N2"), parts)
	if !strings.Contains(with.Warnings()[0].Text, "1 attention heads") || !slices.Equal(with.Layers(), without.Layers()) {
		t.Errorf("compared: %v, %v", with.Warnings(), with.Layers())
	}
	if _, err := fake.Predict(france).Ablate(steer.Neurons("L1/H2")).Run(t.Context()); !errors.Is(err, steer.ModelMismatch) || !strings.Contains(err.Error(), "head L1/H2 is outside this model of 3 layers with 2 heads each") {
		t.Errorf("a head that is none: %v", err)
	}
}

func second[A any](_ A, err error) error { return err }

// TestOverlapOfHeads: a head is no neuron, and what chance would share is counted apart.
func TestOverlapOfHeads(t *testing.T) {
	s, h := headed(t)
	a, b := s.TopK(2).Union(h.TopK(2)), s.TopK(2).Union(h.TopK(6))
	m := steer.Overlap(a, b, steer.Neurons("L1/N0"), steer.Neurons("L1/H0"))
	if m.Shared(0, 1) != 4 || m.Shared(2, 3) != 0 || m.Sizes()[1] != 8 {
		t.Errorf("shared %d of %v, and %d", m.Shared(0, 1), m.Sizes(), m.Shared(2, 3))
	}
	if e := m.ExpectedShared(2, 3); e != 0 {
		t.Errorf("chance would share %v of a neuron and a head", e)
	}
	counts := map[steer.Neuron]float64{}
	for _, n := range a.Neurons() {
		counts[steer.Neuron{Layer: n.Layer, Head: n.Head}]++
	}
	want := 0.
	for _, n := range b.Neurons() {
		of := counts[steer.Neuron{Layer: n.Layer, Head: n.Head}]
		want += of / float64(a.Shape().Units(n.Head))
	}
	if e := m.ExpectedShared(0, 1); math.Abs(e-want) > 1e-9 {
		t.Errorf("chance would share %v, want %v", e, want)
	}
}

// TestHeadFiles: a circuit with heads is saved in a format of its own, which comes back as it was; one of neurons alone stays
// in the first.
func TestHeadFiles(t *testing.T) {
	s, h := headed(t)
	dir := t.TempDir()
	both := s.TopK(2).Union(h.TopEntries(3)).Named("both")
	for name, c := range map[string]steer.Circuit{"both": both, "heads": h.TopK(2), "given": steer.Neurons("L0/H1, L0/N1")} {
		path := filepath.Join(dir, name)
		if err := c.Save(path); err != nil {
			t.Fatal(err)
		}
		back, err := fake.LoadCircuit(t.Context(), path)
		if err != nil || !slices.Equal(back.Entries(), c.Entries()) || back.CSV() != c.CSV() {
			t.Errorf("%s: %v, %v", name, err, back.Entries())
		}
		b, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(b), `"format": 2`) {
			t.Errorf("%s: %.80s", name, b)
		}
		for from, says := range map[[2]string]string{{`"format": 2`, `"format": 1`}: "", {`"format": 2`, `"format": 3`}: "has format 3", {`"head": true`, `"head": false`}: "was changed"} {
			bad := filepath.Join(dir, "bad")
			if err := os.WriteFile(bad, []byte(strings.Replace(string(b), from[0], from[1], 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := fake.LoadCircuit(t.Context(), bad); !errors.Is(err, steer.BadFile) || !strings.Contains(err.Error(), says) {
				t.Errorf("%s with %s: %v", name, from[1], err)
			}
		}
	}
	path := filepath.Join(dir, "neurons")
	if err := s.TopK(2).Save(path); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || !strings.Contains(string(b), `"format": 1`) || strings.Contains(string(b), `"head"`) {
		t.Errorf("%.80s", b)
	}
	if csv := both.CSV(); !strings.HasPrefix(csv, "layer,index,position,score,kind\n") || strings.Count(csv, ",head\n") != 3 || strings.Count(csv, ",neuron\n") != 2 {
		t.Error(csv)
	}
}

// TestHeadsUnderEveryRule: every rule scores heads; on the fake model, whose attention is constant, they agree.
func TestHeadsUnderEveryRule(t *testing.T) {
	task := fake.Attribute(france).Target(" Paris").Versus(" Rome")
	want := run(t, task).Heads().Dense().Data
	for _, r := range []steer.Rule{steer.Frozen, steer.ConstantQKNorm, steer.Gradient, steer.IntegratedGradients(3)} {
		h := run(t, task.Rule(r)).Heads()
		near(t, string(r), h.Dense().Data, want)
		if _, complete := h.Completeness(); complete {
			t.Errorf("%s: heads have no path", r)
		}
	}
	if h := run(t, task.Rule(steer.IntegratedGradients(3))).Heads(); h.Method() != "gradient × activation" {
		t.Errorf("heads beside integrated gradients are %q", h.Method())
	}
}
