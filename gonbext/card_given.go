package gonbext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// examplesCard lists the examples of a set, with the columns that it has.
func examplesCard(s steer.ExampleSet) *card {
	all, err := s.Read()
	if err != nil {
		return errorCard(err, site{})
	}
	c := &card{title: words("%s", count(len(all), "example"))}
	has := map[string]bool{}
	for _, e := range all {
		for name, full := range map[string]bool{"target": e.Target != "", "versus": e.Versus != "", "split": e.Split != "", "patch": e.Patch != "", "system": e.System != "", "prefill": e.Prefill != ""} {
			has[name] = has[name] || full
		}
	}
	t := table{heads: []string{"", "prompt"}, left: []bool{false, true}, names: 1}
	columns := []string{"target", "versus", "patch", "system", "prefill", "split"}
	for _, name := range columns {
		if has[name] {
			t.heads, t.left = append(t.heads, name), append(t.left, true)
		}
	}
	for i, e := range all[:min(len(all), rowsShown)] {
		row := []cell{number(i), text(tail(visible.Text(e.Prompt), 60))}
		values := map[string]string{"target": e.Target, "versus": e.Versus, "patch": e.Patch, "system": e.System, "prefill": e.Prefill, "split": e.Split}
		for _, name := range columns {
			if has[name] {
				row = append(row, cell{{visible.Token(values[name]), token}})
			}
		}
		t.rows = append(t.rows, row)
	}
	if n := len(all) - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more", n)
	}
	c.from(s.Columns(), s.String())
	c.put("The examples", t)
	train, _ := s.Train().Read()
	test, _ := s.Test().Read()
	c.notef("%d to find something on, Train(), and %d to test it on, Test(). Whether the model does it at all: m.Baseline(set).", len(train), len(test))
	return c
}

// from says what the columns of a file were taken for; a set that was given in the program has none.
func (c *card) from(columns []steer.Column, said string) {
	if len(columns) > 0 {
		c.notef("%s", visible.Text(said))
	}
}

// pairsCard lists the pairs of a set.
func pairsCard(s steer.PairSet) *card {
	all, err := s.Read()
	if err != nil {
		return errorCard(err, site{})
	}
	c := &card{title: words("%s", count(len(all), "pair"))}
	t := table{heads: []string{"", "positive", "negative"}, left: []bool{false, true, true}, names: 1}
	for i, p := range all[:min(len(all), rowsShown)] {
		t.rows = append(t.rows, []cell{number(i), text(tail(visible.Text(p.Positive), 60)), text(tail(visible.Text(p.Negative), 60))})
	}
	if n := len(all) - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more", n)
	}
	c.from(s.Columns(), s.String())
	c.put("The pairs", t)
	c.notef("A pair is two texts that differ in one thing: m.Contrast(pairs) finds neurons, m.ControlVector(pairs) a direction.")
	return c
}

// featureCard says what is kept under a name.
func featureCard(f steer.Feature) *card {
	name, kinds, err := f.Kept()
	if err != nil {
		return errorCard(err, site{})
	}
	c := &card{title: []span{{visible.Text(name), plain}}}
	if len(kinds) == 0 {
		c.line(span{"nothing is kept under this name", plain})
		if names, err := f.Names(); err == nil && len(names) > 0 {
			c.notef("kept are: %s", visible.Text(strings.Join(names, ", ")))
		}
		c.notef("KeepCircuit(circuit) and KeepVector(vector) keep something.")
		return c
	}
	c.line(span{"kept: a " + strings.Join(kinds, " and a "), plain})
	c.notef("Circuit(ctx) and Vector(ctx) read it, and check that it is of this model.")
	return c
}

// interventionCard says what an intervention would do.
func interventionCard(i steer.Intervention) *card {
	c := &card{title: []span{{visible.Text(i.String()), plain}}}
	c.notef("An intervention belongs to the task that it is given to, and never changes the model: m.Generate(text).With(…).")
	return c
}

// neuronCard says which unit it is, and what may be asked of it.
func neuronCard(n steer.Neuron) *card {
	what := "Neuron"
	if n.Head {
		what = "Attention head"
	}
	c := &card{title: words("%s %d of layer %d (%v)", what, n.Index, n.Layer, n)}
	c.notef("What it does: m.Predict(text).Ablate(steer.Neurons(\"%v\")); what it writes: m.Writes.", n)
	return c
}

// requestCard says what a request asks, setting by setting.
func requestCard(r steer.Request) *card {
	c := &card{title: words("A request to %s, version %d", r.Kind, r.Version)}
	settings := map[string]json.RawMessage{}
	if json.Unmarshal(r.Settings, &settings) == nil {
		t := table{heads: []string{"setting", "value"}, left: []bool{true, true}}
		names := make([]string, 0, len(settings))
		for name := range settings {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			var b bytes.Buffer
			if json.Compact(&b, settings[name]) != nil {
				continue
			}
			value := b.String()
			if r := []rune(value); len(r) > 80 {
				value = string(r[:80]) + "…"
			}
			t.rows = append(t.rows, []cell{text(name), text(visible.Text(value))})
		}
		c.put("Its settings", t)
	}
	return c
}

// recordCard says what a finished result holds.
func recordCard(r steer.Record) *card {
	h := r.Header
	c := &card{title: words("The record of a request to %s", h.Request.Kind), warnings: h.Warnings}
	c.line(span{fmt.Sprintf("model %s · engine %s · made by neuronsteer %s", visible.Text(h.Model), h.Engine, h.Tool), plain})
	t := table{heads: []string{"tensor", "shape"}, left: []bool{true, true}}
	names := make([]string, 0, len(r.Tensors))
	for name := range r.Tensors {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t.rows = append(t.rows, []cell{text(visible.Text(name)), text(shapeOf(r.Tensors[name]))})
	}
	c.put("Its tensors", t)
	c.line(span{"address " + h.Request.Ref(h.Identity).Short(), muted})
	return c
}

// tensorCard says what a tensor holds.
func tensorCard(t steer.Tensor) *card {
	c := &card{title: words("A tensor of %s, %s", shapeOf(t), count(len(t.Data), "number"))}
	var first []string
	for _, x := range t.Data[:min(len(t.Data), 8)] {
		first = append(first, decimal(float64(x)))
	}
	if len(first) > 0 {
		c.line(span{"the first: " + strings.Join(first, ", "), plain})
	}
	return c
}

// shapeOf writes sizes: 3 × 4.
func shapeOf(t steer.Tensor) string {
	if len(t.Shape) == 0 {
		return "one number"
	}
	sizes := make([]string, len(t.Shape))
	for i, n := range t.Shape {
		sizes[i] = fmt.Sprint(n)
	}
	return strings.Join(sizes, " × ")
}
