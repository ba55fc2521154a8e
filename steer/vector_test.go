package steer_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

const (
	lovedFilm = "I loved the film. It was"
	hatedFilm = "I hated the film. It was"
)

// feelings are pairs that the fake model tells apart.
func feelings() steer.PairSet {
	return steer.NewPairs(steer.Pair{Positive: lovedFilm, Negative: hatedFilm},
		steer.Pair{Positive: "I loved. It was", Negative: "I hated. It was"}, steer.Pair{Positive: "I loved it and", Negative: "I hated it and"})
}

func cheer(t *testing.T) steer.Vector { return run(t, fake.ControlVector(feelings())).Named("cheer") }

func logits(t *testing.T, is ...steer.Intervention) []float32 {
	t.Helper()
	return run(t, fake.Predict(hatedFilm).With(is...)).Logits()
}

func apart(a, b []float32) float64 {
	var most float64
	for i, x := range a {
		most = max(most, math.Abs(float64(x-b[i])))
	}
	return most
}

// TestLawVectorNothing: v − v, 0·v and v added with the factor 0 change nothing, bit for bit, in every space.
func TestLawVectorNothing(t *testing.T) {
	plain := logits(t)
	for _, space := range []steer.Site{steer.Residual, steer.MLP, steer.MLPNeurons} {
		v := run(t, fake.ControlVector(feelings()).From(space))
		if apart(plain, logits(t, steer.AddVector(v, 1))) < 1e-3 {
			t.Errorf("%s: the vector changes nothing, so this test shows nothing", space)
		}
		for name, i := range map[string]steer.Intervention{
			"v − v": steer.AddVector(v.Sub(v), 3), "v·0": steer.AddVector(v, 0), "0·v": steer.AddVector(v.Scale(0), 1),
			"−v + v": steer.AddVector(v.Scale(-1).Add(v), 1),
		} {
			sameNumbers(t, space.String()+" "+name, plain, logits(t, i))
			sameNumbers(t, space.String()+" generated "+name, plain, logits(t, i.GeneratedOnly()))
		}
		g := fake.Generate(hatedFilm).MaxTokens(4)
		if !run(t, g).Diff(run(t, g.With(steer.AddVector(v.Sub(v), 1)))).Same() {
			t.Errorf("%s: v − v changes a generation", space)
		}
	}
}

// TestLawVectorAlgebra: factors move freely between a vector and its use, sums add up, order does not count.
func TestLawVectorAlgebra(t *testing.T) {
	v := cheer(t)
	w := run(t, fake.ControlVector(steer.NewPairs(steer.Pair{Positive: france, Negative: italy})))
	for name, c := range map[string]struct {
		a, b   []float32
		within float64
	}{
		"(2v)·1 and v·2":        {logits(t, steer.AddVector(v.Scale(2), 1)), logits(t, steer.AddVector(v, 2)), 0},
		"(−20v)·−1 and v·20":    {logits(t, steer.AddVector(v.Scale(-20), -1)), logits(t, steer.AddVector(v, 20)), 0},
		"v + w and v, w":        {logits(t, steer.AddVector(v.Add(w), 1)), logits(t, steer.AddVector(v, 1), steer.AddVector(w, 1)), 1e-6},
		"v + w and w + v":       {v.Add(w).Tensor().Data, w.Add(v).Tensor().Data, 0},
		"v + w − w and v":       {v.Add(w).Sub(w).Tensor().Data, v.Tensor().Data, 1e-6},
		"normalized twice":      {v.Normalize().Normalize().Tensor().Data, v.Normalize().Tensor().Data, 1e-7},
		"without itself":        {v.Without(v).Tensor().Data, v.Sub(v).Tensor().Data, 1e-6},
		"without, twice":        {v.Without(w).Without(w).Tensor().Data, v.Without(w).Tensor().Data, 1e-6},
		"layers, then the rest": {v.Layers(0, 1).Add(v.Layers(2, 2)).Tensor().Data, v.Tensor().Data, 0},
	} {
		if d := apart(c.a, c.b); d > c.within {
			t.Errorf("%s differ by %v", name, d)
		}
	}
	for l, n := range v.Normalize().Norms() {
		if math.Abs(n-1) > 1e-6 {
			t.Errorf("layer %d has norm %v", l, n)
		}
	}
	for l, c := range v.Without(w).Cosine(w) {
		if math.Abs(c) > 1e-6 {
			t.Errorf("layer %d: what is left after projecting w out has cosine %v with it", l, c)
		}
	}
	if c := v.Cosine(v.Scale(-3)); math.Abs(c[1]+1) > 1e-9 {
		t.Errorf("the cosine of v and −3v is %v", c)
	}
	if n := v.Layers(1, 1); n.Has(0) || !n.Has(1) || n.Has(3) || n.Has(-1) || !n.Has(-2) || n.Has(-4) || n.Norms()[0] != 0 || n.Layer(7) != nil {
		t.Error("Layers(1, 1) keeps another layer")
	}
	before := slices.Clone(v.Tensor().Data)
	v.Layer(1)[0] = 99
	v.Scale(9).Layers(0, 0).Normalize()
	sameNumbers(t, "v itself", before, v.Tensor().Data)
}

// TestControlVector: the vector is the difference of what Capture gives at the last tokens, and its first component for
// one pair is that difference at norm 1.
func TestControlVector(t *testing.T) {
	for _, space := range []steer.Site{steer.Residual, steer.MLP, steer.MLPNeurons} {
		v := run(t, fake.ControlVector(feelings()).From(space))
		want := make([][]float64, v.Shape().Layers)
		for _, p := range feelings().All() {
			a, b := run(t, fake.Capture(p.Positive).From(space)), run(t, fake.Capture(p.Negative).From(space))
			for l := range want {
				x, y := a.Row(space, l, -1), b.Row(space, l, -1)
				if want[l] == nil {
					want[l] = make([]float64, len(x))
				}
				for i := range x {
					want[l][i] += float64(x[i]-y[i]) / 3
				}
			}
		}
		for l := range want {
			for i, x := range v.Layer(l) {
				if math.Abs(float64(x)-want[l][i]) > 1e-6 {
					t.Fatalf("%s, layer %d: number %d is %v, not %v", space, l, i, x, want[l][i])
				}
			}
		}
	}
	one := steer.NewPairs(steer.Pair{Positive: hatedFilm, Negative: lovedFilm})
	mean, pca := run(t, fake.ControlVector(one)), run(t, fake.ControlVector(one).Method(steer.PCA))
	if d := apart(mean.Normalize().Tensor().Data, pca.Tensor().Data); d > 1e-6 {
		t.Errorf("the component of one pair is %v from its difference", d)
	}
	if n, of := pca.N(); n != 1 || of != "pair" || pca.About() != "first principal component of 1 pair" {
		t.Error(n, of, pca.About())
	}
	v := run(t, fake.ControlVector(feelings()).Layers(1, -1))
	if v.Has(0) || !v.Has(1) || !v.Has(2) || v.Norms()[0] != 0 {
		t.Errorf("Layers(1, −1) gives %v", v)
	}
}

// TestVectorScopes: a vector for new text alone leaves the prompt alone, and one for the prompt acts on the first new
// token.
func TestVectorScopes(t *testing.T) {
	v := cheer(t)
	sameNumbers(t, "generated only", logits(t), logits(t, steer.AddVector(v, 5).GeneratedOnly()))
	if apart(logits(t), logits(t, steer.AddVector(v, 5).PromptOnly())) < 1e-3 {
		t.Error("prompt only changes nothing")
	}
	sameNumbers(t, "at a BOS or not, where only the last token counts to the head of the last layer",
		logits(t, steer.AddVector(v.Layers(2, 2), 1)), logits(t, steer.AddVector(v.Layers(2, 2), 1).SkipBOS()))
	p := run(t, fake.Predict(hatedFilm).Of(" wonderful").With(steer.AddVector(v, 1))).Of()[0]
	if q := run(t, fake.Predict(hatedFilm).Of(" wonderful")).Of()[0]; p.Logit < q.Logit+.5 {
		t.Errorf("cheering moves %q from %v to %v", p.Text, q.Logit, p.Logit)
	}
}

func TestVectorMistakes(t *testing.T) {
	v := cheer(t)
	shape := v.Shape()
	other := shape
	other.Layers = 2
	foreign, err := steer.NewVector("foreign", steer.Residual, other, map[int][]float32{1: make([]float32, shape.Width)})
	if err != nil {
		t.Fatal(err)
	}
	other.Width = shape.Width * shape.Layers / other.Layers // as many numbers, in fewer layers
	folded, err := steer.NewVector("folded", steer.Residual, other, map[int][]float32{1: make([]float32, other.Width)})
	if err != nil {
		t.Fatal(err)
	}
	h := run(t, fake.ControlVector(feelings()).From(steer.MLPNeurons))
	for name, c := range map[string]struct {
		v    steer.Vector
		x    float64
		code steer.Code
	}{
		"another space":       {v.Add(h), 1, steer.BadSetting},
		"another model":       {v.Sub(foreign).Scale(2).Normalize(), 1, steer.ModelMismatch},
		"other layers":        {v.Add(folded), 1, steer.ModelMismatch},
		"a foreign one":       {foreign, 1, steer.ModelMismatch},
		"no layer":            {v.Layers(5, 9), 1, steer.BadSetting},
		"not a number":        {v.Scale(math.NaN()), 1, steer.BadSetting},
		"too large":           {v, 1e300, steer.BadSetting},
		"a product too large": {v.Scale(1e20), 1e20, steer.BadSetting},
		"infinite":            {v, math.Inf(1), steer.BadSetting},
		"nothing":             {steer.Vector{}, 1, steer.BadSetting},
		"without nothing":     {v.Without(steer.Vector{}), 1, steer.BadSetting},
	} {
		if _, err := fake.Predict(lovedFilm).With(steer.AddVector(c.v, c.x)).Run(t.Context()); !errors.Is(err, c.code) {
			t.Errorf("%s: %v, want %v", name, err, c.code)
		}
		if _ = c.v.String(); name == "another space" && c.v.String() == v.String() {
			t.Error("a vector that cannot be does not say so")
		}
	}
	for name, task := range map[string]steer.ControlVectorTask{
		"no pairs":     fake.ControlVector(steer.NewPairs()),
		"space":        fake.ControlVector(feelings()).From(steer.Logits),
		"method":       fake.ControlVector(feelings()).Method("magic"),
		"layers":       fake.ControlVector(feelings()).Layers(2, 1),
		"empty prompt": fake.ControlVector(steer.NewPairs(steer.Pair{Positive: "", Negative: "a"})),
		"same prompts": fake.ControlVector(steer.NewPairs(steer.Pair{Positive: "a", Negative: "a"})),
		"no file":      fake.ControlVector(steer.Pairs("nowhere.jsonl")),
	} {
		if _, err := task.Request(); err == nil {
			t.Errorf("%s is no mistake", name)
		}
	}
	if _, err := fake.ControlVector(feelings()).Layers(0, 3).Run(t.Context()); !errors.Is(err, steer.BadSetting) {
		t.Errorf("layer 3 of 3: %v", err)
	}
	_, err = fake.ControlVector(steer.NewPairs(steer.Pair{}, steer.Pair{Positive: "x", Negative: "x"})).Method("m").From(steer.Site(0)).Layers(-1, 0).Request()
	if n := len(engine.Mistakes(err)); n != 6 { // two empty prompts, an equality, method, space, layers
		t.Errorf("%d mistakes are told at once: %v", n, err)
	}
}

// TestVectorWarnings: what weakens a vector is said.
func TestVectorWarnings(t *testing.T) {
	has := func(ws []steer.Warning, code string) bool {
		return slices.ContainsFunc(ws, func(w steer.Warning) bool { return w.Code == code })
	}
	v := cheer(t)
	if !has(v.Warnings(), "few") || has(v.Warnings(), "lengths") {
		t.Error(v.Warnings())
	}
	u := run(t, fake.ControlVector(steer.NewPairs(steer.Pair{Positive: lovedFilm, Negative: "I hated. It was"})))
	if !has(u.Warnings(), "lengths") || !has(v.Add(u).Warnings(), "lengths") {
		t.Error(u.Warnings())
	}
}

// TestPairsThatDisagree: pairs that do not all point one way are said not to, whatever the method.
func TestPairsThatDisagree(t *testing.T) {
	pairs := func(with, against int) steer.PairSet {
		var ps []steer.Pair
		for range with {
			ps = append(ps, steer.Pair{Positive: france, Negative: italy})
		}
		for range against {
			ps = append(ps, steer.Pair{Positive: italy, Negative: france})
		}
		return steer.NewPairs(ps...)
	}
	for _, method := range []steer.Method{steer.PCA, steer.MeanDiff} {
		for _, c := range []struct {
			with, against int
			want          bool
		}{{4, 0, false}, {6, 2, false}, {5, 2, true}, {5, 4, true}} {
			v := run(t, fake.ControlVector(pairs(c.with, c.against)).Method(method))
			got := ""
			for _, w := range v.Warnings() {
				if w.Code == "sign" {
					got = w.Text
				}
			}
			if (got != "") != c.want || c.want && !strings.Contains(got, fmt.Sprintf("%d of %d", c.with, c.with+c.against)) {
				t.Errorf("%s, %d and %d: %q", method, c.with, c.against, got)
			}
		}
	}
}
