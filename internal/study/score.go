package study

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func (r *runner) findUniversal(ctx context.Context, i int, s step) error {
	set, err := compute(ctx, r, i, s, r.model.Universal())
	if err != nil {
		return err
	}
	r.universal = set
	r.note(set.Warnings()...)
	return r.out.json("universal.json", set.Neurons())
}

// baseline asks whether the model shows the behavior, over all its examples.
func (r *runner) baseline(ctx context.Context, i int, s step, b Behavior) error {
	g, err := compute(ctx, r, i, s, r.model.Baseline(b.examples()))
	if err != nil {
		return err
	}
	if r.baselines == nil {
		r.baselines = map[string]steer.Baseline{}
	}
	r.baselines[b.Name] = g
	r.note(g.Warnings()...)
	rows := [][]string{{"prompt", "target", "target_logit", "target_probability", "target_rank", "versus", "difference"}}
	for _, o := range g.Outcomes() {
		versus := ""
		if o.Versus != nil {
			versus = o.Versus.Text
		}
		rows = append(rows, []string{o.Prompt, o.Target.Text, number(o.Target.Logit), number(o.Target.Probability), strconv.Itoa(o.Target.Rank), versus, number(o.Difference)})
	}
	if err := r.csv(file(b.Name, "baseline.csv"), rows); err != nil {
		return err
	}
	return r.out.json(file(b.Name, "baseline.json"), map[string]any{
		"verdict": g.Verdict(), "pair": g.Pair(), "difference": g.Difference(), "outcomes": g.Outcomes(), "warnings": g.Warnings(), "table": g.String(),
	})
}

// scoreTask computes the scores of a behavior by a method, and the figures that are the method's own.
func (r *runner) scoreTask(ctx context.Context, i int, s step, b Behavior, m Method) (scores steer.Scores, own map[string]*plotting.Figure, err error) {
	switch m.Kind {
	case "attribution":
		t := r.model.Behavior(b.examples().Train()).Rule(m.rule()).LastPositions(m.LastPositions)
		if m.RunnerUp {
			t = t.VersusRunnerUp()
		}
		if m.WholeAnswers {
			t = t.WholeAnswers()
		}
		if m.SkipFirst {
			t = t.SkipFirst()
		}
		if m.KeepBOS {
			t = t.KeepBOS()
		}
		found, err := compute(ctx, r, i, s, t)
		switch {
		case err != nil:
			return scores, nil, err
		case m.Aggregate == "any" && m.AnyPercent > 0:
			return found.AnyPercent(m.AnyPercent), nil, nil
		case m.Aggregate == "any":
			return found.Any(), nil, nil
		}
		return found.Mean(), nil, nil
	case "contrast":
		t := r.model.Contrast(b.pairs().Train())
		if m.OverAnswer {
			t = t.OverAnswer()
		}
		scores, err = compute(ctx, r, i, s, t)
		return scores, nil, err
	case "decomposition":
		site, _ := engine.ParseSite(m.Space) // it has been checked
		v, err := compute(ctx, r, i, s, r.model.ControlVector(b.pairs().Train()).From(site).Method(steer.Method(m.Vector)))
		if err != nil {
			return scores, nil, err
		}
		if err := r.out.place(file(b.Name, m.Name, "vector.safetensors"), v.Named(b.Name).Save); err != nil {
			return scores, nil, err
		}
		d, err := compute(ctx, r, i, s, r.model.Decompose(v))
		if err != nil {
			return scores, nil, err
		}
		return d.Scores, map[string]*plotting.Figure{"explained": plotting.Explained(d)}, nil
	}
	return steer.Random(r.info.Shape(), r.study.Seed), nil, nil
}

// score writes scores by layer and the circuits of every selection.
func (r *runner) score(ctx context.Context, i int, s step, b Behavior, m Method, found []steer.Circuit) error {
	scores, figures, err := r.scoreTask(ctx, i, s, b, m)
	if err != nil {
		return err
	}
	r.note(scores.Warnings()...)
	support, oppose := scores.ByLayer()
	rows := [][]string{{"layer", "support", "oppose"}}
	for l := range support {
		rows = append(rows, []string{strconv.Itoa(l), number(support[l]), number(oppose[l])})
	}
	if figures == nil {
		figures = map[string]*plotting.Figure{}
	}
	figures["by-layer"] = plotting.ByLayer(scores)
	if m.Kind == "attribution" { // the others have no positions
		figures["heat-map"] = plotting.HeatMap(scores)
	}
	if err := r.csv(file(b.Name, m.Name, "by-layer.csv"), rows); err != nil {
		return err
	}
	for _, name := range []string{"by-layer", "heat-map", "explained"} {
		if f := figures[name]; f != nil {
			if err := r.figure(file(b.Name, m.Name, name), f); err != nil {
				return err
			}
		}
	}
	for k, x := range r.study.Selections {
		c := x.of(scores, r.universal).Named(m.Name + "/" + x.Name)
		found[k] = c
		if c.Len() == 0 {
			r.notes = append(r.notes, fmt.Sprintf("the selection %s keeps no neuron", x.Name))
			continue
		}
		r.overlaps[b.Name] = append(r.overlaps[b.Name], c)
		base := file(b.Name, m.Name, x.Name)
		if err := r.out.place(base+".circuit.json", c.Save); err != nil {
			return err
		}
		if err := r.out.bytes(base+".circuit.csv", []byte(c.CSV())); err != nil {
			return err
		}
	}
	n, of := scores.N()
	return r.out.json(file(b.Name, m.Name, "scores.json"), map[string]any{
		"method": scores.Method(), "about": scores.About(), "unit": scores.Unit(), "metric": scores.Metric(), "n": n, "of": of,
		"support": support, "oppose": oppose, "warnings": scores.Warnings(),
	})
}

// of selects a circuit.
func (x Selection) of(s steer.Scores, universal steer.NeuronSet) steer.Circuit {
	if x.Heads {
		s = s.Heads()
	}
	if x.Positive {
		s = s.Positive()
	}
	if x.Negative {
		s = s.Negative()
	}
	if len(x.Layers) == 2 {
		s = s.Layers(x.Layers[0], x.Layers[1])
	}
	s = s.Candidates(x.Candidates).PerLayer(x.PerLayer)
	if x.Percent > 0 {
		s = s.Percent(x.Percent)
	}
	if x.Cumulative > 0 {
		s = s.Cumulative(x.Cumulative)
	}
	if x.WithoutUniversal {
		s = s.Without(universal)
	}
	switch {
	case x.TopK > 0:
		return s.TopK(x.TopK)
	case x.TopEntries > 0:
		return s.TopEntries(x.TopEntries)
	case x.All == "entries":
		return s.TopEntries(math.MaxInt)
	}
	return s.TopK(math.MaxInt)
}

// figure writes a figure, or notes why there is none.
func (r *runner) figure(base string, f *plotting.Figure) error {
	note, err := r.out.figure(base, f)
	if note != "" {
		r.notes = append(r.notes, note)
	}
	return err
}

// number writes a number so that it reads back as the same.
func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// csv writes rows as a table of comma-separated values.
func (r *runner) csv(name string, rows [][]string) error {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return engine.Errorf(steer.Internal, name, "the table cannot be written: %v", err)
	}
	return r.out.bytes(name, b.Bytes())
}
