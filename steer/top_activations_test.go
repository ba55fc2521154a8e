package steer_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

var reader = steer.Neuron{Layer: 1, Index: 2} // reads " France"

// TestContexts: the activations are those of Capture, text by text, and the strongest places are where the word is.
func TestContexts(t *testing.T) {
	texts := []string{italy, france, "I loved France and the film", "is"}
	c := run(t, fake.TopActivations(steer.NewCircuit("c", steer.Neuron{Layer: 2, Index: 7}, reader), texts...))
	for i, x := range texts {
		a := run(t, fake.Capture(x).From(steer.MLPNeurons))
		for _, n := range c.Neurons() {
			if d := apart(a.Of(n), c.Activations(n, i)); d > 1e-6 {
				t.Errorf("%v in text %d is off by %v", n, i, d)
			}
		}
	}
	top := c.Top(reader, 3)
	if top[0].Token != " France" || top[0].Text != 2 || top[0].Before != "I loved" || top[0].After != " and the film" {
		t.Errorf("%+v", top[0])
	}
	if !(top[0].Activation >= top[1].Activation && top[1].Activation >= top[2].Activation) || top[2].Text != 1 || top[2].Token != " France" {
		t.Errorf("%+v", top)
	}
	bottom := c.Bottom(reader, 1)[0]
	all := c.Top(reader, math.MaxInt)
	total := 0
	for i := range texts {
		total += len(c.Texts()[i]) - 1 // without the BOS
	}
	if len(all) != total || all[total-1].Activation != bottom.Activation || len(c.Top(reader, -1)) != 0 {
		t.Errorf("%d places of %d, the last %+v, the smallest %+v", len(all), total, all[len(all)-1], bottom)
	}
	if slices.ContainsFunc(all, func(p steer.Context) bool { return p.Position == 0 }) {
		t.Error("a BOS is a context")
	}
	plain := steertest.ModelOf(steertest.NewEngine(), steertest.PlainText()) // adds no BOS
	p := run(t, plain.TopActivations(steer.NewCircuit("c", reader), " France is", "I loved"))
	if x := p.Top(reader, 9); len(x) != 4 || x[0].Position != 0 || x[0].Token != " France" {
		t.Errorf("%+v", x)
	}
	if x := p.SkipFirst().Top(reader, 9); len(x) != 2 || x[0].Position != 1 {
		t.Errorf("%+v", x)
	}
	if c.Activations(steer.Neuron{Layer: 9}, 0) != nil || c.Activations(reader, 4) != nil || c.Activations(reader, -1) != nil || len(c.Top(steer.Neuron{}, 2)) > 0 {
		t.Error("numbers of what was not asked about")
	}
}

// TestWrites: what a neuron writes is W_U·W_down[:,n], best first on both sides.
func TestWrites(t *testing.T) {
	c := steer.NewCircuit("c", reader, steer.Neuron{Layer: 2, Index: 0})
	w := run(t, fake.Writes(c).Top(2))
	paris, ok := w.Of(reader)
	if !ok || paris.Promoted[0].Text != " Paris" || len(paris.Promoted) != 2 || paris.Promoted[0].Weight < paris.Promoted[1].Weight ||
		paris.Demoted[0].Weight > paris.Demoted[1].Weight || paris.Demoted[1].Weight > 0 || math.Abs(paris.Promoted[0].Weight-2) > .1 {
		t.Errorf("%+v", paris)
	}
	stop, _ := w.Of(steer.Neuron{Layer: 2})
	if d := []string{stop.Demoted[0].Text, stop.Demoted[1].Text}; stop.Promoted[0].Text != "." || !slices.Contains(d, " Paris") || !slices.Contains(d, " Rome") {
		t.Errorf("%+v", stop)
	}
	column := columns(t, 1)[2]
	if math.Abs(paris.Norm-math.Sqrt(dotted(column, column))) > 1e-9 {
		t.Error(paris.Norm)
	}
	direct := run(t, fake.Unembed(column))
	if got := direct.Top(0)[0]; got.Text != " Paris" || math.Abs(got.Logit-paris.Promoted[0].Weight) > 1e-6 || direct.Token(0, got.ID).Rank != 1 {
		t.Errorf("%+v", got)
	}
	if _, ok := w.Of(steer.Neuron{}); ok || len(w.All()) != 2 || direct.Top(1) != nil || direct.Logits(-1) != nil || direct.Len() != 1 {
		t.Error("answers nobody asked for")
	}
}

func TestContextsMistakes(t *testing.T) {
	c, far := steer.NewCircuit("c", reader), steer.NewCircuit("far", steer.Neuron{Layer: 3})
	none := steer.NewCircuit("none")
	for name, k := range map[string]struct {
		run  func() error
		code steer.Code
	}{
		"contexts of nothing":   {func() error { _, err := fake.TopActivations(none, "a").Run(t.Context()); return err }, steer.BadSetting},
		"contexts nowhere":      {func() error { _, err := fake.TopActivations(c).Run(t.Context()); return err }, steer.BadSetting},
		"contexts, empty text":  {func() error { _, err := fake.TopActivations(c, "a", "").Run(t.Context()); return err }, steer.EmptyPrompt},
		"contexts, other model": {func() error { _, err := fake.TopActivations(far, "a").Run(t.Context()); return err }, steer.ModelMismatch},
		"contexts, not UTF-8":   {func() error { _, err := fake.TopActivations(c, "a\xff").Run(t.Context()); return err }, steer.BadText},
		"writes of nothing":     {func() error { _, err := fake.Writes(none).Run(t.Context()); return err }, steer.BadSetting},
		"writes, no tokens":     {func() error { _, err := fake.Writes(c).Top(0).Run(t.Context()); return err }, steer.BadSetting},
		"writes, other model":   {func() error { _, err := fake.Writes(far).Run(t.Context()); return err }, steer.ModelMismatch},
		"unembed nothing":       {func() error { _, err := fake.Unembed().Run(t.Context()); return err }, steer.BadSetting},
		"unembed an empty row":  {func() error { _, err := fake.Unembed(nil).Run(t.Context()); return err }, steer.BadSetting},
		"unembed a short row":   {func() error { _, err := fake.Unembed([]float32{1}).Run(t.Context()); return err }, steer.ModelMismatch},
		"unembed NaN":           {func() error { _, err := fake.Unembed([]float32{float32(math.NaN())}).Run(t.Context()); return err }, steer.NotFinite},
		"unembed, no tokens":    {func() error { _, err := fake.Unembed([]float32{1}).Top(0).Run(t.Context()); return err }, steer.BadSetting},
	} {
		if err := k.run(); !errors.Is(err, k.code) {
			t.Errorf("%s: %v, want %v", name, err, k.code)
		}
	}
	many := make([]string, 30)
	_, err := fake.TopActivations(c, many...).Request()
	if es := engine.Mistakes(err); len(es) != 8 || !strings.HasPrefix(es[1].Text, "text 2: ") || !strings.HasSuffix(es[7].Text, "(and 22 more mistakes)") {
		t.Errorf("%d mistakes: %v", len(es), err)
	}
}
