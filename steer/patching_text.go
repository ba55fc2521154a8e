package steer

import (
	"encoding/json"
	"fmt"
	"strings"
)

// shownRows is how many units and pairs a table shows.
const shownRows = 20

// String returns a table of the units with the largest effects, and of the pairs with the largest synergies.
func (p Patching) String() string {
	rows, pairs := p.Rows(), p.Pairs()
	if len(rows) == 0 {
		return "an empty patching"
	}
	n, of := p.N()
	first := ""
	if p.rec.body().KeepFirst {
		first = ", but for the first position"
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s, mean over %d %s with 95 %% interval; %s, each %s%s\n", p.About(), n, of, several(len(rows), "unit"), ablationWords[p.Ablation()], first)
	fmt.Fprintf(&out, "as it is %s\n%-24s  %s\n", shown(p.Full()), "unit", "effect")
	for i, r := range rows {
		if i == shownRows {
			fmt.Fprintf(&out, "… %d more\n", len(rows)-i)
			break
		}
		fmt.Fprintf(&out, "%-24s  %s\n", r.Unit, shown(r.Effect))
	}
	if len(pairs) > 0 {
		fmt.Fprintf(&out, "%-24s  %-24s  %s\n", "pair", "effect", "synergy")
	}
	for i, r := range pairs {
		if i == shownRows {
			fmt.Fprintf(&out, "… %d more\n", len(pairs)-i)
			break
		}
		fmt.Fprintf(&out, "%-24s  %-24s  %s\n", r.Units[0].String()+" + "+r.Units[1].String(), shown(r.Effect), shown(r.Synergy))
	}
	return strings.TrimRight(out.String(), "\n")
}

// Table returns a line for each unit, the largest |effect| first, then one for each pair.
func (p Patching) Table() Table {
	t := Table{Caption: firstLine(p.String()), Columns: strings.Split("unit,with,n,effect,effect_lo,effect_hi,synergy,synergy_lo,synergy_hi", ",")}
	for _, r := range p.Rows() {
		t.Add(r.Unit, nil, r.Effect.N, r.Effect.Value, r.Effect.Lo, r.Effect.Hi, nil, nil, nil)
	}
	for _, r := range p.Pairs() {
		t.Add(r.Units[0], r.Units[1], r.Effect.N, r.Effect.Value, r.Effect.Lo, r.Effect.Hi, r.Synergy.Value, r.Synergy.Lo, r.Synergy.Hi)
	}
	return t
}

// CSV returns the table as comma-separated values, with a line of the columns' names.
func (p Patching) CSV() string { return p.Table().CSV() }

// MarshalJSON writes everything that the patching knows.
func (p Patching) MarshalJSON() ([]byte, error) {
	n, _ := p.N()
	b := p.rec.body()
	return json.Marshal(struct {
		Metric    string      `json:"metric"`
		N         int         `json:"n"`
		Ablation  Ablation    `json:"ablation"`
		KeepFirst bool        `json:"keepFirst"`
		Full      Estimate    `json:"full"`
		Units     []PatchRow  `json:"units"`
		Pairs     []PatchPair `json:"pairs"`
		Seed      uint64      `json:"seed"`
	}{p.About(), n, p.Ablation(), b.KeepFirst, p.Full(), p.Rows(), p.Pairs(), b.Seed})
}
