package steer

import (
	"math"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// A Patching says what each unit does on its own: what the metric loses when the unit is set to what it is elsewhere, in
// logits, on every example. It is the truth that scores are held against (Agreement).
type Patching struct {
	rec  result[message.PatchBody]
	lazy func() patchingStats
	conditions
}

type patchingStats struct {
	full    Estimate
	rows    []PatchRow
	pairs   []PatchPair
	effects [][]float64 // [S][N], pairs after units
}

func newPatching(fetch func() Record, is ...Intervention) Patching {
	rec := newResult[message.PatchBody](fetch)
	return Patching{rec, sync.OnceValue(func() patchingStats { return newPatchingStats(rec.record(), rec.body()) }), under(is, rec.header)}
}

// A PatchRow is one unit.
type PatchRow struct {
	Unit   Neuron   `json:"unit"`
	Effect Estimate `json:"effect"` // m − m(patched), mean over the examples, in logits: above 0 the unit supports the target
}

// A PatchPair is two units that were patched together.
type PatchPair struct {
	Units   [2]Neuron `json:"units"`
	Effect  Estimate  `json:"effect"`  // of both, in logits
	Synergy Estimate  `json:"synergy"` // that less the effects of each alone, in logits: 0 where they add up
}

func newPatchingStats(r Record, b message.PatchBody) (s patchingStats) {
	N, U := len(b.Cases), len(b.Units)
	full, patched := r.Tensors["full"].Data, r.Tensors["patched"].Data
	if N == 0 || len(full) != N || len(patched) != (U+len(b.Pairs))*N {
		return s
	}
	for k := range U + len(b.Pairs) {
		row := make([]float64, N)
		for i := range row {
			row[i] = float64(full[i]) - float64(patched[k*N+i])
		}
		s.effects = append(s.effects, row)
	}
	s.full = bootstrap([][]float64{widen(full)}, stats.Ones(N), b.Seed)[0]
	series, at := slices.Clone(s.effects), make(map[Neuron]int, U)
	for k, u := range b.Units {
		at[u] = k
	}
	for k, p := range b.Pairs {
		one, two, both := s.effects[at[p[0]]], s.effects[at[p[1]]], s.effects[U+k]
		row := make([]float64, N)
		for i := range row {
			row[i] = both[i] - one[i] - two[i]
		}
		series = append(series, row)
	}
	var all []Estimate
	for some := range slices.Chunk(series, 256) { // all have the same draws, which take memory for each
		all = append(all, bootstrap(some, stats.Ones(N), b.Seed)...)
	}
	for k, u := range b.Units {
		s.rows = append(s.rows, PatchRow{u, all[k]})
	}
	for k, p := range b.Pairs {
		s.pairs = append(s.pairs, PatchPair{p, all[U+k], all[U+len(b.Pairs)+k]})
	}
	return s
}

// stats is empty for the zero value, that of a patching whose task failed.
func (p Patching) stats() patchingStats {
	if p.lazy == nil {
		return patchingStats{}
	}
	return p.lazy()
}

// Rows returns the units, the largest |effect| first.
func (p Patching) Rows() []PatchRow {
	rows := slices.Clone(p.stats().rows)
	slices.SortStableFunc(rows, func(a, b PatchRow) int { return compareSize(b.Effect, a.Effect) })
	return rows
}

// Pairs returns the pairs, the largest |synergy| first.
func (p Patching) Pairs() []PatchPair {
	pairs := slices.Clone(p.stats().pairs)
	slices.SortStableFunc(pairs, func(a, b PatchPair) int { return compareSize(b.Synergy, a.Synergy) })
	return pairs
}

func compareSize(a, b Estimate) int {
	switch x, y := math.Abs(a.Value), math.Abs(b.Value); {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// Full returns the metric of the model as it is, in logits.
func (p Patching) Full() Estimate { return p.stats().full }

// Ablation returns what units were set to.
func (p Patching) Ablation() Ablation { return Ablation(p.rec.body().Ablation) }

// About says what the metric is, e.g. logit(" Paris") − logit(" Rome").
func (p Patching) About() string {
	cases := p.rec.body().Cases
	if len(cases) == 0 {
		return ""
	}
	return responses{b: message.SweepBody{Cases: cases}}.metric()
}

// N returns the number of examples.
func (p Patching) N() (n int, of string) {
	n = len(p.rec.body().Cases)
	return message.Counted(n, "prompts")
}

// Warnings returns what a reader must know before concluding anything.
func (p Patching) Warnings() []Warning {
	ws := slices.Clone(p.rec.record().Header.Warnings)
	if n := len(p.rec.body().Cases); n > 0 && n < message.FewPrompts {
		ws = append(ws, Warning{Code: "few", Text: "few prompts: the effects say little about others"})
	}
	return ws
}
