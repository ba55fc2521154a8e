package steer

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Profiles say what each unit of a circuit reads and writes on some prompts. They are immutable, and lazy where their task is.
type Profiles struct {
	circuit Circuit
	rec     result[message.ProfilesBody]
	best    func() grouping // into as many groups as fit best
	conditions
}

// A Reading is a token of a prompt as something that is read.
type Reading struct {
	Prompt    int     `json:"prompt"` // which, from 0
	Position  int     `json:"position"`
	Label     string  `json:"label"`     // the token
	Relevance float64 `json:"relevance"` // what it gives to the metric by way of the unit, in logits
}

// A Writing is a token that may come next as something that is written.
type Writing struct {
	Prompt       int     `json:"prompt"` // which, from 0
	Token        Token   `json:"token"`
	Contribution float64 `json:"contribution"` // of the unit to its logit, in logits
}

func newProfiles(c Circuit, fetch func() Record, is ...Intervention) Profiles {
	rec := newResult[message.ProfilesBody](fetch)
	p := Profiles{circuit: c, rec: rec, conditions: under(is, rec.header)}
	p.best = sync.OnceValue(func() grouping { return p.grouped(0) })
	return p
}

// Units returns the distinct neurons and heads, in the order of the circuit's entries.
func (p Profiles) Units() []Neuron { return slices.Clone(p.rec.body().Units) }

// Reads returns what a unit reads: of every token of every prompt what it gives to the metric by way of the unit, Σ over the unit's
// positions of ∂m/∂h·⟨∂h/∂e, e⟩, in logits. It is nil for what is no unit.
func (p Profiles) Reads(n Neuron) []Reading {
	row := p.row("inputs", n)
	var out []Reading
	for i, c := range p.cases(row) {
		labels := engine.Labels(c.Tokens)
		for t := range c.Tokens {
			out = append(out, Reading{i, t, labels[t], float64(row[len(out)])})
		}
	}
	return out
}

// Writes returns what a unit writes: for every prompt its contribution Σ h·∂z/∂h to the logits z of the metric's tokens and of the
// likeliest ones where the metric looks last. It is nil for what is no unit.
func (p Profiles) Writes(n Neuron) []Writing {
	row := p.row("outputs", n)
	var out []Writing
	for i, c := range p.cases(row) {
		for _, r := range c.Outputs {
			out = append(out, Writing{i, r.Token, float64(row[len(out)])})
		}
	}
	return out
}

// Effect returns what a unit gives to the metric of each prompt, Σ h·∂m/∂h, in logits [N].
func (p Profiles) Effect(n Neuron) []float64 { return widen(p.row("effects", n)) }

// row returns the part of a tensor that is of a unit; nil where there is none.
func (p Profiles) row(name string, n Neuron) []float32 {
	b, t := p.rec.body(), p.rec.record().Tensors[name]
	u := slices.Index(b.Units, n)
	want := b.Tensors()[name]
	if u < 0 || len(t.Data) != want[0]*want[1] {
		return nil
	}
	return t.Data[u*want[1]:][:want[1]]
}

// cases are the prompts; none where there is no row.
func (p Profiles) cases(row []float32) []message.ProfiledCase {
	if row == nil {
		return nil
	}
	return p.rec.body().Cases
}

// Groups joins units that read and write alike, into as many groups as have the largest mean silhouette; see GroupsOf.
func (p Profiles) Groups() Groups { return Groups{p, p.lazily(0)} }

// GroupsOf joins units into k groups: agglomerative clustering with average linkage, the distance of two units being 1 − the mean
// of two cosines, of their inputs and of their outputs. Outputs count less their mean over the outputs of a prompt, since adding
// the same to all logits says nothing. Groups and their tokens are those of the prompts that profiles were taken on.
func (p Profiles) GroupsOf(k int) Groups { return Groups{p, p.lazily(max(k, 1))} }

func (p Profiles) lazily(k int) func() grouping {
	if k == 0 && p.best != nil {
		return p.best
	}
	return sync.OnceValue(func() grouping { return p.grouped(k) })
}

// N returns the number of prompts.
func (p Profiles) N() (n int, of string) {
	n = len(p.rec.body().Cases)
	return message.Counted(n, "prompts")
}

// About says what the metric is, e.g. logit(" Paris") − logit(" Rome").
func (p Profiles) About() string {
	about := ""
	for i, c := range p.rec.body().Cases {
		if a := c.Metric.About(); i > 0 && a != about {
			return "each prompt's own metric"
		} else {
			about = a
		}
	}
	return about
}

// Warnings returns what a reader must know before concluding anything.
func (p Profiles) Warnings() []Warning { return slices.Clone(p.rec.record().Header.Warnings) }

// String returns one line.
func (p Profiles) String() string {
	n, of := p.N()
	return fmt.Sprintf("profiles of %s on %d %s, of %s", units(p.rec.body().Units), n, of, p.About())
}

// Table returns a line for every unit and token that it reads or writes: unit, profile ("reads" or "writes"),
// prompt, position (−1 where it writes), token, value.
func (p Profiles) Table() Table {
	t := Table{Caption: firstLine(p.String()), Columns: []string{"unit", "profile", "prompt", "position", "token", "value"}}
	for _, n := range p.rec.body().Units {
		for _, c := range p.Reads(n) {
			t.Add(n, "reads", c.Prompt, c.Position, c.Label, c.Relevance)
		}
		for _, o := range p.Writes(n) {
			t.Add(n, "writes", o.Prompt, -1, cellText(o.Token), o.Contribution)
		}
	}
	return t
}

// CSV returns the table as comma-separated values, with a line of the columns' names.
func (p Profiles) CSV() string { return p.Table().CSV() }

// MarshalJSON writes the profiles.
func (p Profiles) MarshalJSON() ([]byte, error) {
	type profile struct {
		Unit   Neuron    `json:"unit"`
		Effect []float64 `json:"effect"`
		Reads  []Reading `json:"reads"`
		Writes []Writing `json:"writes"`
	}
	var all []profile
	for _, n := range p.rec.body().Units {
		all = append(all, profile{n, p.Effect(n), p.Reads(n), p.Writes(n)})
	}
	return json.Marshal(struct {
		Metric string    `json:"metric"`
		Units  []profile `json:"units"`
	}{p.About(), all})
}
