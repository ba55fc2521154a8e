package steer_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestNeurons: a list of neurons as people write it is a circuit, for everything that takes one.
func TestNeurons(t *testing.T) {
	want := []steer.Neuron{{Layer: 0, Index: 3}, {Layer: 2, Index: 7}}
	for name, c := range map[string]steer.Circuit{
		"commas":      steer.Neurons("L2/N7, L0/N3"),
		"white space": steer.Neurons(" L2/N7\n\tL0/N3 "),
		"semicolons":  steer.Neurons("L2/N7;L0/N3,"),
		"several":     steer.Neurons("L2/N7", "L0/N3"),
		"small":       steer.Neurons("l2/n7 l00/n03"),
		"NewCircuit":  steer.NewCircuit("L2/N7, L0/N3"),
		"its own":     steer.Neurons(want[1].String(), want[0].String()),
	} {
		if !slices.Equal(c.Neurons(), want) || len(c.Warnings()) > 0 {
			t.Errorf("%s: %v, %v", name, c.Neurons(), c.Warnings())
		}
		if e := c.Entries(); e[0].Neuron != want[1] || e[0].Position != -1 {
			t.Errorf("%s: %+v is not in the order that was given", name, e)
		}
	}
	if c := steer.NewCircuit("L2/N7", want[0]); c.Len() != 1 || c.Name() != "L2/N7" {
		t.Errorf("a name beside neurons is a name: %v", c.Entries())
	}
	ablated := run(t, fake.Generate(france).MaxTokens(3).Ablate(steer.Neurons("L1/N2")))
	if same := run(t, fake.Generate(france).MaxTokens(3).Ablate(steer.NewCircuit("reader", reader))); ablated.Text() != same.Text() {
		t.Errorf("%q, not %q", ablated.Text(), same.Text())
	}
	if w := run(t, fake.Writes(steer.Neurons("L1/N2"))).All(); len(w) != 1 || w[0].Neuron != reader {
		t.Errorf("%+v", w)
	}
	if x := run(t, fake.TopActivations(steer.Neurons("L1/N2"), " France")).Neurons(); !slices.Equal(x, []steer.Neuron{reader}) {
		t.Errorf("%+v", x)
	}
}

// TestNeuronsMistakes: what cannot be read is a mistake of whatever uses the circuit, and never an empty circuit.
func TestNeuronsMistakes(t *testing.T) {
	for list, says := range map[string]string{
		"":                         "there is no neuron",
		" , ":                      "there is no neuron",
		"L5":                       `"L5" is no neuron`,
		"L5/N298, praise":          `"praise" is no neuron`,
		"L5/N298 and L0/N318":      `"and" is no neuron`,
		"L5/298":                   `"L5/298" is no neuron`,
		"L-1/N2":                   `"L-1/N2" is no neuron`,
		"L+1/N2":                   `"L+1/N2" is no neuron`,
		"L1/N99999999999999999999": `is no neuron`,
		"L1/N2147483648":           `is no neuron`,
		"L5/N298/N1":               `is no neuron`,
		"L1/N2, L0/N1, l01/n2":     `the neuron L1/N2 stands in the list twice ("L1/N2" and "l01/n2")`,
	} {
		c := steer.Neurons(list)
		for task, use := range map[string]func() error{
			"Ablate":         func() error { _, err := fake.Generate("I").Ablate(c).Run(t.Context()); return err },
			"Scale":          func() error { _, err := fake.Predict("I").Scale(c, 2).Request(); return err },
			"Writes":         func() error { _, err := fake.Writes(c).Run(t.Context()); return err },
			"TopActivations": func() error { _, err := fake.TopActivations(c, "I").Run(t.Context()); return err },
			"Sweep": func() error {
				_, err := fake.Sweep(c, 0).On("I").Measure(" Paris", " Rome").Run(t.Context())
				return err
			},
			"For":           func() error { _, err := fake.Decompose(small(t, steer.Residual)).For(c).Run(t.Context()); return err },
			"Union":         func() error { _, err := fake.Generate("I").Ablate(pair.Union(c)).Run(t.Context()); return err },
			"Minus":         func() error { _, err := fake.Generate("I").Ablate(pair.Minus(c)).Run(t.Context()); return err },
			"Without":       func() error { _, err := fake.Generate("I").Ablate(pair.Without(c.Set())).Run(t.Context()); return err },
			"Controls":      func() error { _, err := steer.MatchedControls(c, steer.NeuronSet{}, steer.Shape{}, 1, 0); return err },
			"Save":          func() error { return c.Save(filepath.Join(t.TempDir(), "c.json")) },
			"SaveReference": func() error { return c.SaveReference(filepath.Join(t.TempDir(), "c.json")) },
		} {
			if err := use(); !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q, %s: %v", list, task, err)
			}
		}
		if c.Len() != 0 || !strings.Contains(c.String(), "no circuit: ") {
			t.Errorf("%q: %v", list, c)
		}
	}
	_, err := fake.Generate("I").Ablate(steer.NewCircuit("praise")).Run(t.Context())
	if !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), `steer.Neurons("L5/N298")`) {
		t.Errorf("a name alone: %v", err)
	}
}

// TestGivenTwice: a neuron that is given twice is said to be.
func TestGivenTwice(t *testing.T) {
	a, b := steer.Neuron{Layer: 1, Index: 2}, steer.Neuron{Layer: 0, Index: 7}
	c := steer.NewCircuit("twice", a, b, a, a)
	if ws := c.Warnings(); len(ws) != 1 || ws[0].Code != "twice" || !strings.Contains(ws[0].Text, "L1/N2") {
		t.Errorf("%v", ws)
	}
	m := of("a", "go")
	path, _ := savedCircuit(t, c)
	loaded, err := m.LoadCircuit(t.Context(), path)
	if err != nil || loaded.Len() != 2 || !slices.Equal(loaded.Neurons(), c.Neurons()) {
		t.Errorf("saved and loaded: %v, %v", loaded.Entries(), err)
	}
}
