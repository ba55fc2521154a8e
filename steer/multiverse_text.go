package steer

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// name says in words what a specification is.
func (s Specification) name() string { return fmt.Sprintf("%s, %s, %d", s.Rule, s.Selection, s.Size) }

// classes counts the neurons of every class.
func classes(ns []StableNode) (core, contingent, noise int) {
	for _, n := range ns {
		core, contingent, noise = core+count(n.Class == Core), contingent+count(n.Class == Contingent), noise+count(n.Class == Noise)
	}
	return core, contingent, noise
}

// String returns a line that counts the classes, and one for every neuron that is beyond the null, up to forty.
func (v Multiverse) String() string {
	const most = 40
	d, b := v.data(), v.rec.body()
	if len(d.specs) == 0 {
		return "an empty stability analysis"
	}
	core, contingent, noise := classes(d.nodes)
	var out strings.Builder
	fmt.Fprintf(&out, "%s, %s, %s (%s × %s × %s × %s): %d core, %d contingent, %d noise\n",
		b.Metric, several(len(b.Examples), "example"), several(v.Views(), "view"), several(len(b.Rules), "rule"), several(len(b.Selections), "selection"), several(len(b.Sizes), "size"), several(b.Resamples, "resample"), core, contingent, noise)
	if d.threshold > 0 {
		fmt.Fprintf(&out, "beyond the null of %d draws: in more than %.0f %% of the views\n", b.Controls, 100*d.threshold)
	}
	fmt.Fprintf(&out, "%-12s %9s %7s  %-10s %s\n", "neuron", "frequency", "p", "class", "depends on")
	shown := 0
	for _, n := range d.nodes {
		if n.Class == Noise {
			continue
		}
		if shown++; shown > most {
			fmt.Fprintf(&out, "… %d more\n", core+contingent-most)
			break
		}
		out.WriteString(strings.TrimRight(fmt.Sprintf("%-12v %7.1f %% %7.3f  %-10s %s", n.Neuron, 100*n.Frequency, n.P, n.Class, n.DependsOn()), " ") + "\n")
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// Table returns a line for each neuron.
func (v Multiverse) Table() Table {
	b := v.rec.body()
	t := Table{Caption: firstLine(v.String()), Columns: []string{"neuron", "class", "frequency", "p", "score"}}
	for _, r := range b.Rules {
		t.Columns = append(t.Columns, string(r))
	}
	t.Columns = append(t.Columns, b.Selections...)
	for _, k := range b.Sizes {
		t.Columns = append(t.Columns, fmt.Sprintf("size %d", k))
	}
	for _, n := range v.data().nodes {
		row := []any{n.Neuron, n.Class, n.Frequency, n.P, n.Score}
		for _, x := range slices.Concat(n.ByRule, n.BySelection, n.BySize) {
			row = append(row, x)
		}
		t.Add(row...)
	}
	return t
}

// CSV returns the table as comma-separated values, with a line of the columns' names.
func (v Multiverse) CSV() string { return v.Table().CSV() }

// MarshalJSON writes everything that the analysis knows.
func (v Multiverse) MarshalJSON() ([]byte, error) {
	b := v.rec.body()
	return json.Marshal(struct {
		Metric         string          `json:"metric"`
		N              int             `json:"n"`
		Rules          []Rule          `json:"rules"`
		Selections     []string        `json:"selections"`
		Sizes          []int           `json:"sizes"`
		Resamples      int             `json:"resamples"`
		Controls       int             `json:"controls"`
		Seed           uint64          `json:"seed"`
		Threshold      float64         `json:"threshold"`
		Nodes          []StableNode    `json:"nodes"`
		Specifications []Specification `json:"specifications"`
	}{b.Metric, len(b.Examples), b.Rules, b.Selections, b.Sizes, b.Resamples, b.Controls, b.Seed, v.Threshold(), v.Nodes(), v.Specifications()})
}

// doubts says what a reader must know.
func (m *multiverse) doubts(b message.StabilityBody) []Warning {
	var ws []Warning
	warn := func(code, format string, args ...any) {
		ws = append(ws, Warning{Code: code, Text: fmt.Sprintf(format, args...)})
	}
	if n := len(b.Examples); n < message.FewPrompts {
		warn("few", "%s: resampling them says little about others", several(n, "example"))
	}
	switch {
	case b.Controls == 0:
		warn("controls", "no null: nothing shows that a neuron of single examples would not be as frequent; add Controls(%d)", stats.ControlsFor(1))
	case stats.LeastHolm(b.Controls, 1) > stats.Level:
		warn("controls", "%s of the null cannot give a p value below %.2g, so that everything is noise; use %d or more", several(b.Controls, "draw"), stats.LeastHolm(b.Controls, 1), stats.ControlsFor(1))
	}
	return ws
}
