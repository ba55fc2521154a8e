package steer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// selection is how a circuit was chosen from scores, as data: what a circuit's file says of its origin.
type selection struct {
	Of            string   `json:"of"` // "neurons" or "heads" (TopK), "entries" or "entries of heads" (TopEntries)
	K             int      `json:"k"`  // 0: all
	Candidates    int      `json:"candidates,omitempty"`
	Layers        *[2]int  `json:"layers,omitempty"`
	Positions     []int    `json:"positions,omitempty"`
	LastPositions int      `json:"lastPositions,omitempty"`
	SkipFirst     bool     `json:"skipFirst,omitempty"`
	KeepBOS       bool     `json:"keepBOS,omitempty"`
	Sign          int      `json:"sign,omitempty"` // 1: Positive, −1: Negative
	Percent       float64  `json:"percent,omitempty"`
	Threshold     float64  `json:"threshold,omitempty"`
	PerLayer      int      `json:"perLayer,omitempty"`
	Cumulative    *float64 `json:"cumulative,omitempty"`
	Without       []Neuron `json:"without,omitempty"` // sorted and distinct
}

// selection describes the view of L layers. Numbers that JSON cannot hold are those that keep nothing; they are left out.
func (v view) selection(of string, k, L int) selection {
	s := selection{
		Of: of, K: max(k, 0), Candidates: v.candidates, Positions: slices.Clone(v.positions), LastPositions: v.lastN,
		SkipFirst: v.first, KeepBOS: v.keepBOS, Sign: v.sign, PerLayer: v.perLayer, Without: union(v.without...),
	}
	if k == everything {
		s.K = 0
	}
	if lo, hi := v.bounds(L); len(v.layers) > 0 {
		s.Layers = &[2]int{lo, hi}
	}
	if !math.IsNaN(v.percent) && !math.IsInf(v.percent, 0) {
		s.Percent = v.percent
	}
	if !math.IsNaN(v.threshold) && !math.IsInf(v.threshold, 0) {
		s.Threshold = v.threshold
	}
	if c := v.cumulative; c != nil && !math.IsNaN(*c) && !math.IsInf(*c, 0) {
		s.Cumulative = c
	}
	return s
}

// String says in words what was selected: "top 20 neurons, positive, layers 2–5".
func (s selection) String() string {
	k, of := message.Counted(s.K, s.Of)
	parts := []string{fmt.Sprintf("top %d %s", k, of)}
	if s.K == 0 {
		parts[0] = "all " + s.Of
	}
	add := func(on bool, format string, args ...any) {
		if on {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(s.Sign > 0, "positive")
	add(s.Sign < 0, "negative")
	if s.Layers != nil {
		add(true, "layers %d–%d", s.Layers[0], s.Layers[1])
	}
	add(len(s.Positions) > 0, "positions %v", s.Positions)
	add(s.LastPositions > 0, "last %d positions", s.LastPositions)
	add(s.SkipFirst, "without the first position")
	add(s.KeepBOS, "BOS kept")
	add(s.Candidates > 0, "of %d candidates a layer and position", s.Candidates)
	add(s.Percent > 0, "at least %.3g %% of the metric each", 100*s.Percent)
	add(s.Threshold > 0, "at least %.3g each", s.Threshold)
	add(s.PerLayer > 0, "%d a layer", s.PerLayer)
	if s.Cumulative != nil {
		add(true, "%.3g %% of the sum", 100**s.Cumulative)
	}
	add(len(s.Without) > 0, "without %s", several(len(s.Without), "neuron"))
	return strings.Join(parts, ", ")
}
