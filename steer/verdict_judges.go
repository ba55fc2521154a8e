package steer

import (
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/stats"
)

func (v *verdictEvidence) present() (finding, bool) {
	all := append([]kept[Baseline]{}, v.baselines...)
	for _, s := range v.sweeps {
		if b := s.result.Baseline(); b.Pair().N > 0 {
			all = append(all, kept[Baseline]{b, s.ref, b.Pair().N, 0})
		}
	}
	order(all)
	if len(all) == 0 {
		return finding{}, false
	}
	b := all[0].result
	if b.Verdict() == TooFew {
		return untested("%v examples cannot show whether it is there", b.Pair().N)
	}
	return finding{b.Verdict() != Absent, b.Difference(), fmt.Sprintf("preferred on %v, by %s logits", b.Pair(), ranged(b.Difference())), []string{all[0].ref}}, true
}

func (v *verdictEvidence) heldOut() (finding, bool) {
	if len(v.tested) == 0 {
		return finding{}, false
	}
	if v.asked.Found == nil {
		return untested("nobody knows what the circuit was found on")
	}
	found, seen, again := map[string]bool{}, map[string]bool{}, 0
	for _, p := range v.asked.Found {
		found[p] = true
	}
	for _, c := range v.tested {
		if p := c.Prompt.Text; !seen[p] {
			seen[p] = true
			again += count(found[p])
		}
	}
	var refs []string
	for _, s := range v.sweeps {
		refs = append(refs, s.ref)
	}
	for _, s := range v.curves {
		refs = append(refs, s.ref)
	}
	n := float64(again)
	return finding{again == 0, Estimate{n, n, n, len(seen)}, fmt.Sprintf("found on %s; of %d tested ones %d are among them", several(len(found), "prompt"), len(seen), again), refs}, true
}

// tooFew reports whether so many prompts are too few to say anything about others: not even agreement of all of them would be
// beyond chance.
func tooFew(n int) bool { return stats.CoinP(n, n) > stats.Level }

// fewPrompts is why results on so many prompts test nothing.
const fewPrompts = "%d prompts are too few to say anything about others: use 5 or more"

// ablated returns the response to the multiplier 0.
func ablated(c Curve) (d Dose, ok bool) {
	for _, d := range c.Doses() {
		if d.Multiplier == 0 {
			return d, true
		}
	}
	return Dose{}, false
}

func (v *verdictEvidence) necessary() (finding, bool) {
	var why finding
	for _, s := range v.sweeps {
		d, ok := ablated(s.result)
		if !ok {
			continue
		}
		if tooFew(s.n) {
			why.because(fewPrompts, s.n)
			continue
		}
		tests := s.result.stats().tests
		if stats.LeastHolm(d.Controls.N, tests) > stats.Level {
			why.because("%s cannot give a p value of .05: use Controls(%d)", several(d.Controls.N, "random circuit"), stats.ControlsFor(tests))
			continue
		}
		return v.loss(d.Change, d.Holm, fmt.Sprintf("%d random circuits", d.Controls.N), s.ref), true
	}
	for _, c := range v.curves {
		row, ok := v.whole(c.result)
		if n := row.RandomKept.N; ok && !tooFew(c.n) && stats.LeastHolm(n, 1) <= stats.Level {
			full := c.result.Full().Value
			change := Estimate{row.Ablated.Value - full, row.Ablated.Lo - full, row.Ablated.Hi - full, row.Ablated.N}
			return v.loss(change, row.P, fmt.Sprintf("%d random sets", n), c.ref), true
		}
	}
	return why, false
}

// loss judges what goes with the circuit.
func (v *verdictEvidence) loss(change Estimate, p float64, random, ref string) finding {
	met := p <= stats.Level && (change.Hi < 0 && v.asked.Total() >= 0 || change.Lo > 0 && v.asked.Total() <= 0)
	return finding{met, change, fmt.Sprintf("ablated, the difference changes by %s logits, p = %.3f among %s", ranged(change), p, random), []string{ref}}
}

// whole returns the row of a curve for all of the circuit's units.
func (v *verdictEvidence) whole(c FaithfulnessCurve) (FaithfulnessRow, bool) {
	for _, r := range c.Rows() {
		if r.Units == len(v.asked.Neurons) {
			return r, true
		}
	}
	return FaithfulnessRow{}, false
}

func (v *verdictEvidence) sufficient() (finding, bool) {
	var why finding
	for _, c := range v.curves {
		row, ok := v.whole(c.result)
		switch n := row.RandomKept.N; {
		case !ok:
		case tooFew(c.n):
			why.because(fewPrompts, c.n)
		case !c.result.Normalized():
			why.because("with all units ablated (%s) the difference is the same within noise, so there is nothing to take a share of", c.result.Ablation())
		case stats.LeastHolm(n, 1) > stats.Level:
			why.because("%d random sets cannot give a p value of .05: use Controls(%d)", n, stats.ControlsFor(1))
		default:
			f := row.Faithfulness
			return finding{f.Lo > carriesMost && f.Value > row.RandomKept.Max, f,
				fmt.Sprintf("alone it carries %s of the behavior (%s ablation); %d random sets at most %.2f", ranged(f), c.result.Ablation(), n, row.RandomKept.Max), []string{c.ref}}, true
		}
	}
	return why, false
}

// size returns an estimate's interval in size: the least and the most that it may be from 0.
func size(e Estimate) (lo, hi float64) {
	switch {
	case e.Lo > 0:
		return e.Lo, e.Hi
	case e.Hi < 0:
		return -e.Hi, -e.Lo
	}
	return 0, max(-e.Lo, e.Hi)
}

func (v *verdictEvidence) specific() (finding, bool) {
	var own Estimate
	refs := []string{}
	for _, s := range v.sweeps {
		if d, ok := ablated(s.result); ok && !tooFew(s.n) {
			own, refs = d.Change, append(refs, s.ref)
			break
		}
	}
	least, _ := size(own)
	met, most, n := true, Estimate{}, 0
	for _, s := range v.others {
		d, ok := ablated(s.result)
		if !ok {
			continue
		}
		n++
		refs = append(refs, s.ref)
		_, hi := size(d.Change)
		met = met && hi < least
		if _, m := size(most); n == 1 || hi > m {
			most = d.Change
		}
	}
	if len(v.asked.Cases) == 0 || own.N == 0 || n == 0 {
		return finding{}, false
	}
	return finding{met, most, fmt.Sprintf("ablated, the behavior changes by %s logits; of %d others the most by %s", ranged(own), n, ranged(most)), refs}, true
}

// stably asks that most of the circuit's neurons are core or contingent. The first rule asked that the mean view as large as the
// circuit have most of them. It was replaced after its table had been seen: every circuit of the teaching model met it, also those
// of which every neuron is noise, because views that score the same examples in much the same way share neurons by chance too, and
// that rule had no null. The share that it looked at is still said.
func (v *verdictEvidence) stably() (finding, bool) {
	var why finding
	for _, s := range v.stable {
		again, views := foundAgain(s.result, v.asked.Neurons)
		switch {
		case stats.LeastHolm(s.random, 1) > stats.Level:
			why.because("%s of the null cannot give a p value of .05: use Controls(%d)", several(s.random, "draw"), stats.ControlsFor(1))
		case len(again) == 0:
			why.because("a circuit of heads has no neurons to find again")
		case views == 0:
			why.because("no view is as large as the circuit: use Sizes(%d)", len(v.asked.Neurons))
		default:
			class := map[NodeClass]int{}
			for _, n := range s.result.Of(NewCircuit("", v.asked.Neurons...)) {
				class[n.Class]++
			}
			share := float64(class[Core]+class[Contingent]) / float64(len(again))
			return finding{share > carriesMost, Estimate{share, share, share, len(again)},
				fmt.Sprintf("of its %s %d are core, %d contingent and %d noise; the mean of %d views as large as it or larger has %.0f %% of them",
					several(len(again), "neuron"), class[Core], class[Contingent], class[Noise], views, 100*stats.Mean(again)), []string{s.ref}}, true
		}
	}
	return why, false
}

// foundAgain returns for every neuron of a circuit in which share of the views it is that are as large as the circuit or larger, and
// how many there are: in smaller ones not all of it has room.
func foundAgain(m Multiverse, neurons []Neuron) (share []float64, views int) {
	b := m.rec.body()
	sizes := 0
	for _, k := range b.Sizes {
		sizes += count(k >= len(neurons))
	}
	for _, n := range m.Of(NewCircuit("", neurons...)) {
		x := 0.
		for i, k := range b.Sizes {
			if k >= len(neurons) && i < len(n.BySize) { // one that no view selects has none
				x += n.BySize[i] / float64(sizes)
			}
		}
		share = append(share, x)
	}
	return share, sizes * len(b.Rules) * len(b.Selections) * b.Resamples
}

// trueTo holds the scores of the circuit's units against what each does when it is patched on its own.
func (v *verdictEvidence) trueTo() (finding, bool) {
	var why finding
	for _, p := range v.patches {
		body, effects := p.result.rec.body(), p.result.stats().effects
		var x, y [][]float64
		known := false
		for i, n := range v.asked.Neurons {
			if k := slices.Index(body.Units, n); k >= 0 && k < len(effects) {
				x, y = append(x, effects[k]), append(y, slices.Repeat([]float64{v.asked.Scores[i]}, len(effects[k])))
				known = known || v.asked.Scores[i] != 0
			}
		}
		switch {
		case !known:
			why.because("the circuit was given, so it has no scores")
		case tooFew(len(x)):
			why.because("%d units that are patched are too few to correlate: use 5 or more", len(x))
		case tooFew(p.n):
			why.because(fewPrompts, p.n)
		default:
			pearson, spearman := stats.Correlations(x, y, body.Seed)
			return finding{spearman.Lo > 0, Estimate(spearman), fmt.Sprintf("over %d of its units, each patched on its own on %d prompts (%s ablation), rank correlation %s, Pearson %.2f",
				len(x), p.n, p.result.Ablation(), ranged(Estimate(spearman)), pearson.Value), []string{p.ref}}, true
		}
	}
	return why, false
}

func (v *verdictEvidence) harmless() (finding, bool) {
	var best kept[SideEffect]
	for _, s := range append(append([]kept[Curve]{}, v.sweeps...), v.others...) {
		for _, e := range s.result.SideEffects() {
			if e.Multiplier == 0 && e.Perplexity.N > best.n {
				best = kept[SideEffect]{e, s.ref, e.Perplexity.N, 0}
			}
		}
	}
	switch {
	case best.ref == "":
		return finding{}, false
	case tooFew(best.n):
		return untested("%d neutral texts are too few to say anything about others: use 5 or more", best.n)
	}
	e := best.result
	return finding{e.Perplexity.Hi < perplexityBound, e.Perplexity,
		fmt.Sprintf("ablated, the perplexity of %d neutral texts is %.3f [%.3f, %.3f] times what it was, KL %.4f nats", e.Perplexity.N, e.Perplexity.Value, e.Perplexity.Lo, e.Perplexity.Hi, e.Divergence.Value),
		[]string{best.ref}}, true
}

func (v *verdictEvidence) beyondPrompt() (finding, bool) {
	var why finding
	for _, s := range v.sweeps {
		instruction, p := s.result.Prompted()
		if p.Difference.N == 0 {
			continue
		}
		if tooFew(s.n) {
			return untested(fewPrompts, s.n)
		}
		var best Dose
		met, most := false, math.Inf(-1)
		for _, d := range s.result.Doses() {
			way := v.way(d.Multiplier)
			lo, moved := towards(d.FromPrompted, way), towards(d.Change, way)
			if way == 0 || towards(p.Change, -way) > 0 { // an instruction that goes the other way asks for something else
				continue
			}
			if ok := lo > 0 && moved > 0; ok && !met || ok == met && lo > most {
				best, met, most = d, ok, lo
			}
		}
		if best.FromPrompted.N == 0 {
			why.because("%q changes the difference by %s logits, against what the multipliers are to do: give an instruction that asks for the same", instruction, ranged(p.Change))
			continue
		}
		return finding{met, best.FromPrompted, fmt.Sprintf("%q changes the difference by %s logits, ×%g by %s: %s from there", instruction, ranged(p.Change), best.Multiplier, ranged(best.Change), ranged(best.FromPrompted)), []string{s.ref}}, true
	}
	return why, false
}

// way is where a multiplier is to move the difference: up where it amplifies what supports the target or turns down what opposes
// it, else down; 0 for the multiplier 1.
func (v *verdictEvidence) way(multiplier float64) float64 {
	way := multiplier - 1
	if v.asked.Total() < 0 {
		way = -way
	}
	switch {
	case way > 0:
		return 1
	case way < 0:
		return -1
	}
	return 0
}

// towards returns the lower end of an interval as seen by who goes one way.
func towards(e Estimate, way float64) float64 {
	if way < 0 {
		return -e.Hi
	}
	return e.Lo
}

// ranged writes an estimate with its interval; one of a single prompt has none.
func ranged(e Estimate) string {
	if e.N < 2 {
		return fmt.Sprintf("%+.2f", e.Value)
	}
	return fmt.Sprintf("%+.2f [%+.2f, %+.2f] (n = %d)", e.Value, e.Lo, e.Hi, e.N)
}
