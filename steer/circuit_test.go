package steer_test

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestCircuitCSV: the table gives back every entry, scores to the last bit.
func TestCircuitCSV(t *testing.T) {
	s := run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome"))
	for _, c := range []steer.Circuit{s.TopK(7), s.TopEntries(9), steer.NewCircuit("none")} {
		rows, err := csv.NewReader(strings.NewReader(c.CSV())).ReadAll()
		if err != nil || len(rows) != c.Len()+1 || !slices.Equal(rows[0], []string{"layer", "index", "position", "score"}) {
			t.Fatalf("%d rows for %d entries, header %q, %v", len(rows), c.Len(), rows[0], err)
		}
		for i, e := range c.Entries() {
			score, err := strconv.ParseFloat(rows[i+1][3], 64)
			want := []string{strconv.Itoa(e.Layer), strconv.Itoa(e.Index), strconv.Itoa(e.Position)}
			if err != nil || score != e.Score || !slices.Equal(rows[i+1][:3], want) {
				t.Errorf("row %q for %+v", rows[i+1], e)
			}
		}
	}
}

func TestCircuitJSON(t *testing.T) {
	c := run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome")).TopEntries(4).Named(`a "name" <b>`)
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var back struct {
		Name, About string
		Entries     []steer.Entry
	}
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if back.Name != c.Name() || back.About != `logit(" Paris") − logit(" Rome")` || !slices.Equal(back.Entries, c.Entries()) {
		t.Errorf("%s", b)
	}
}

// TestCircuitOfNeurons: what is known of neurons that somebody wrote down.
func TestCircuitOfNeurons(t *testing.T) {
	a, b := steer.Neuron{Layer: 2, Index: 1}, steer.Neuron{Layer: 0, Index: 9}
	c := steer.NewCircuit("paper", a, b, a)
	if got := c.Neurons(); !slices.Equal(got, []steer.Neuron{b, a}) {
		t.Errorf("neurons %v: distinct, by layer and index", got)
	}
	if n, of := c.N(); n != 3 || of != "neurons" || c.Total() != 0 || c.Shape().Layers != 3 {
		t.Errorf("%d %s, sum %v, %+v", n, of, c.Total(), c.Shape())
	}
	if a.String() != "L2/N1" {
		t.Errorf("%v", a)
	}
	wild := steer.NewCircuit("wild", steer.Neuron{Layer: -4, Index: -1})
	support, oppose := wild.ByLayer()
	if len(support) != 0 || len(oppose) != 0 {
		t.Errorf("a neuron of no model: %v, %v", support, oppose)
	}
	var zero steer.Circuit
	if zero.Len() != 0 || zero.Total() != 0 || zero.About() != "" || len(zero.Neurons()) != 0 || zero.CSV() == "" {
		t.Error("the zero circuit is not empty")
	}
	zero.ByLayer()
	if b, err := json.Marshal(zero); err != nil || len(b) == 0 {
		t.Errorf("the zero circuit as JSON: %v", err)
	}
	es := run(t, fake.Attribute(france).Target(" Paris")).TopEntries(2)
	if n, of := es.N(); n != 2 || of != "entries" {
		t.Errorf("%d %s", n, of)
	}
}

func TestDiff(t *testing.T) {
	g := fake.Generate(france).MaxTokens(6)
	before := run(t, g)
	for name, c := range map[string]struct {
		after  steer.Generation
		common int
		same   bool
	}{
		"itself":          {before, len(before.IDs()), true},
		"a shorter one":   {run(t, g.MaxTokens(1)), 1, false},
		"another answer":  {run(t, g.Ablate(praise(t))), 0, false},
		"another capital": {run(t, fake.Generate(italy).MaxTokens(6)), 0, false},
	} {
		d := before.Diff(c.after)
		if d.Common() != c.common || d.Same() != c.same {
			t.Errorf("%s: %d tokens in common, same: %v; want %d, %v\n%v", name, d.Common(), d.Same(), c.common, c.same, d)
		}
	}
}
