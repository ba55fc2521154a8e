package golden

import (
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ablations are the names that the files give what units are set to.
var ablations = map[string]string{"position": message.AblateMean, "token": message.AblateToken, "zero": message.AblateZero}

// faithfulness compares the curves of a ranking that the file gives, and that ranking with the model's own.
func (c *check) faithfulness(n node) {
	prompts, err := c.promptsOf(n.get("prompts"), n.get("ids"))
	patches, perr := c.promptsOf(n.get("patch"), n.get("patchIds"))
	cases, cerr := casesOf(prompts, n.get("terms"))
	ranked, src, rerr := c.doc.units(n.get("arrays").get("ranked"))
	if err := first(first(err, perr), first(cerr, rerr)); err != nil {
		c.rep.fault(n.name(), err)
		return
	}
	c.ranking(ranked, src, cases)
	curves := n.get("curves")
	for _, kind := range curves.keys() {
		ablation, ok := ablations[kind]
		if !ok {
			c.rep.fault(curves.get(kind).name(), fmt.Errorf("the ablation %q is not known", kind))
			continue
		}
		s := message.FaithfulnessSettings{Ranked: ranked, Cases: cases, Ablation: ablation}
		if ablation != message.AblateZero {
			s.Patches = patches
		}
		c.at(curves.get(kind).name()).curve(curves.get(kind), s)
	}
}

// promptsOf reads a list of texts or of lists of ids, and compares what the model reads with the ids of the file.
func (c *check) promptsOf(list, ids node) (out []message.Prompt, err error) {
	var texts []string
	var want, given [][]int32
	for _, x := range list.all() {
		if _, isText := x.value.(string); isText {
			texts = append(texts, x.str())
			out = append(out, message.Prompt{Text: x.str()})
			continue
		}
		given = append(given, x.ids())
		out = append(out, message.Prompt{IDs: x.ids()})
	}
	if len(texts) > 0 && len(texts) < len(out) {
		return nil, fmt.Errorf("%s: texts and ids in one list", list.name())
	}
	if len(texts) > 0 {
		c.read(ids.path[len(ids.path)-1], ids, texts)
		return out, nil
	}
	for _, x := range ids.all() {
		want = append(want, x.ids())
	}
	same(c, ids.path[len(ids.path)-1], ids.source(), flat(want), flat(given), nil)
	return out, nil
}

// casesOf joins prompts with their terms, each [position, target, counterfactual]: one at the last position.
func casesOf(prompts []message.Prompt, terms node) (out []message.PatchCase, err error) {
	all := terms.all()
	if len(all) != len(prompts) {
		return nil, fmt.Errorf("%s: %d metrics for %d prompts", terms.name(), len(all), len(prompts))
	}
	for i, t := range all {
		one := t.all()
		if len(one) != 1 || len(one[0].all()) != 3 {
			return nil, fmt.Errorf("%s: a metric of one term [position, target, counterfactual] was expected", t.name())
		}
		x := one[0].ids()
		if n := len(prompts[i].IDs); n > 0 && int(x[0]) != n-1 {
			return nil, fmt.Errorf("%s: the term is at position %d, not at the last, %d", t.name(), x[0], n-1)
		}
		out = append(out, message.PatchCase{SweepCase: message.SweepCase{Prompt: prompts[i], Target: byID(x[1]), Versus: byID(x[2])}})
	}
	return out, nil
}

func byID(id int32) message.TokenRef { return message.TokenRef{How: message.ByID, ID: id} }

// units reads a tensor of [layer, neuron] rows.
func (doc *document) units(name node) ([]engine.Neuron, *source, error) {
	info, ok := doc.tensors.Info(name.str())
	if !ok || len(info.Shape) != 2 || info.Shape[1] != 2 {
		return nil, nil, fmt.Errorf("%s: golden.safetensors holds no tensor %q of [layer, neuron] rows", name.name(), name.str())
	}
	v, err := doc.tensors.Int64(name.str())
	if err != nil {
		return nil, nil, err
	}
	out := make([]engine.Neuron, info.Shape[0])
	for i := range out {
		out[i] = engine.Neuron{Layer: int(v[2*i]), Index: int(v[2*i+1])}
	}
	return out, doc.arrays[name.str()], nil
}

// curve compares one ablation. f and c are the curve's own; where it refuses to normalize, because F(M) − F(∅) is within noise
// on so few prompts, they are taken of its F.
func (c *check) curve(want node, s message.FaithfulnessSettings) {
	rows := want.get("rows").all()
	for _, r := range rows {
		s.Counts = append(s.Counts, r.get("units").integer())
	}
	got, err := asked[steer.FaithfulnessCurve]{c.model, s, steer.FaithfulnessTask{}.Result}.run(c.ctx)
	mine := got.Rows()
	if err == nil && len(mine) != len(rows) {
		err = fmt.Errorf("there are %d sizes, it should be %d", len(mine), len(rows))
	}
	if err != nil {
		mine = make([]steer.FaithfulnessRow, len(rows))
	}
	metric, share := c.tolerance("metricAbs"), c.tolerance("faithfulnessAbs")
	c.number("F(M)", want.get("full"), got.Full().Value, 1, metric, err)
	c.number("F(∅)", want.get("empty"), got.Empty().Value, 1, metric, err)
	for i, r := range rows {
		m := mine[i]
		f, comp := m.Faithfulness.Value, m.Completeness.Value
		if !got.Normalized() {
			whole := got.Full().Value - got.Empty().Value
			f, comp = (m.Kept.Value-got.Empty().Value)/whole, (m.Ablated.Value-got.Empty().Value)/whole
		}
		of := fmt.Sprintf(" of %d", s.Counts[i])
		c.number("F(C)"+of, r.get("circuit"), m.Kept.Value, 1, metric, err)
		c.number("F(C̄)"+of, r.get("complement"), m.Ablated.Value, 1, metric, err)
		c.number("faithfulness"+of, r.get("faithfulness"), f, 1, share, err)
		c.number("completeness"+of, r.get("completeness"), comp, 1, share, err)
	}
}

// ranking compares the file's ranking, by the largest |score| of the mean over prompts at any position but the first, with the
// model's own: how far a unit's score lies above that of one that stands before it, or that of one that is left out above the
// last. Neighbors closer than a score's tolerance may swap.
func (c *check) ranking(want []engine.Neuron, src *source, cases []message.PatchCase) {
	mark(src)
	s := message.BehaviorSettings{Rule: engine.RelP}
	for _, x := range cases {
		s.Examples = append(s.Examples, message.BehaviorExample{Prompt: x.Prompt, Metric: message.Metric{Target: x.Target, Versus: x.Versus, Positions: []int{-1}}})
	}
	got, err := asked[steer.BehaviorScores]{c.model, s, steer.BehaviorTask{}.Result}.run(c.ctx)
	if err != nil {
		c.rep.failure(c.label, "ranking", err)
		return
	}
	best := map[engine.Neuron]float64{}
	for _, e := range got.Mean().SkipFirst().TopEntries(all).Entries() {
		best[e.Neuron] = max(best[e.Neuron], math.Abs(e.Score))
	}
	c.rep.difference(c.label, fmt.Sprintf("ranking of %d", len(want)), misplaced(want, best), c.tolerance("attributionAbs"))
}

// misplaced returns by how much a ranking departs from falling scores: the largest rise from one unit to a later one, or to one
// that is left out; infinite where a unit has no score or stands there twice.
func misplaced(want []engine.Neuron, best map[engine.Neuron]float64) float64 {
	diff, before := 0., math.Inf(1)
	seen := map[engine.Neuron]bool{}
	for _, u := range want {
		score, ok := best[u]
		if !ok || seen[u] {
			score = math.Inf(-1) // no unit of this model, or one that stands there already
			diff = math.Inf(1)
		}
		seen[u] = true
		diff, before = max(diff, score-before), min(before, score)
	}
	for u, score := range best {
		if !seen[u] {
			diff = max(diff, score-before)
		}
	}
	return diff
}

// flat is a list of lists of ids as one list, the length of each before it.
func flat(lists [][]int32) []int32 {
	var out []int32
	for _, l := range lists {
		out = slices.Concat(out, []int32{int32(-1 - len(l))}, l)
	}
	return out
}
