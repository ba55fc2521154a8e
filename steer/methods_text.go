package steer

import (
	"encoding/json"
	"fmt"
	"strings"
)

// String returns a table: a line for each method.
func (v MethodComparison) String() string {
	d, b := v.data(), v.rec.body()
	if len(d.rows) == 0 {
		return "an empty comparison of methods"
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s of each method, found on %s, set to zero on %d\n", v.About(), several(b.Size, "neuron"), several(b.Found, "example"), len(b.Cases))
	fmt.Fprintf(&out, "%-20s %-24s %-18s %-6s %-24s %-24s %-16s %s\n", "method", "effect (95 %)", "random (95 %)", "p", "r with exact (95 %)", "Spearman (95 %)", "shared (chance)", "depth")
	for _, r := range d.rows {
		random, exact, rank := "", "", ""
		if r.Random.N > 0 {
			random = fmt.Sprintf("[%+.2f, %+.2f]", r.Random.Lo, r.Random.Hi)
		}
		if r.Pearson.N > 0 {
			exact, rank = shown(r.Pearson), shown(r.Spearman)
		}
		line := fmt.Sprintf("%-20s %-24s %-18s %-6.3f %-24s %-24s %-16s %.2f", r.Method, shown(r.Effect), random, r.P, exact, rank, fmt.Sprintf("%.2f (%.2f)", r.Shared, r.Chance), r.Depth)
		out.WriteString(line + "\n")
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// Table returns a line for each method.
func (v MethodComparison) Table() Table {
	t := Table{Caption: firstLine(v.String()), Columns: strings.Split("method,neurons,n,effect,effect_lo,effect_hi,controls,random_lo,random_hi,p,exact,pearson,pearson_lo,pearson_hi,spearman,spearman_lo,spearman_hi,shared,chance,depth", ",")}
	for _, r := range v.data().rows {
		t.Add(r.Method, r.Circuit.Len(), r.Effect.N, r.Effect.Value, r.Effect.Lo, r.Effect.Hi, r.Random.N, r.Random.Lo, r.Random.Hi, r.P,
			r.Pearson.N, r.Pearson.Value, r.Pearson.Lo, r.Pearson.Hi, r.Spearman.Value, r.Spearman.Lo, r.Spearman.Hi, r.Shared, r.Chance, r.Depth)
	}
	return t
}

// CSV returns the table as comma-separated values, with a line of the columns' names.
func (v MethodComparison) CSV() string { return v.Table().CSV() }

// MarshalJSON writes everything that the comparison knows.
func (v MethodComparison) MarshalJSON() ([]byte, error) {
	b := v.rec.body()
	neurons, exact := v.Exact()
	return json.Marshal(struct {
		Metric  string      `json:"metric"`
		N       int         `json:"n"`
		Size    int         `json:"size"`
		Seed    uint64      `json:"seed"`
		Methods []MethodRow `json:"methods"`
		Exact   []Neuron    `json:"exact"`
		Effects []float64   `json:"effects"`
	}{v.About(), len(b.Cases), b.Size, b.Seed, v.Rows(), neurons, exact})
}
