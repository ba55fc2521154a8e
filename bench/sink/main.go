// Command sink asks how much of a relevance attribution sits on the first position, and whether scores there mean what
// scores elsewhere mean. It explains the model's first choice against its runner-up on twenty short prompts. Of each it
// prints the share of Σ|score| on the first position, how many of the 20 largest entries are there, how much attention the
// last token pays to it, and, for the ten largest entries there and elsewhere, the sum of their scores beside what setting
// those ten to zero, at their positions alone, takes off the metric. At the end it counts how often the two have the same
// sign.
//
//	go run ./bench/sink [-model smollm2-135m-instruct]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

func main() {
	model := flag.String("model", "smollm2-135m-instruct", "model name or path")
	flag.Parse()
	if err := sink(context.Background(), os.Stdout, *model); err != nil {
		fmt.Fprintln(os.Stderr, "sink:", err)
		os.Exit(1)
	}
}

func sink(ctx context.Context, w io.Writer, model string) error {
	r, err := local.NewRunner(model)
	if err != nil {
		return err
	}
	defer r.Close()
	m := steer.New(model, r) // no store around it: the table is always computed
	var examples []steer.Example
	for _, p := range steer.DiverseTexts() {
		examples = append(examples, steer.Example{Prompt: p})
	}
	b, err := m.Behavior(steer.NewExamples(examples...)).TargetTop().VersusRunnerUp().KeepBOS().Run(ctx)
	if err != nil {
		return err
	}
	t := table{w: w}
	t.printf("| prompt | share of Σ\\|score\\| | of the 20 largest | attention | Σ first | ablated | Σ elsewhere | ablated |\n|---|---|---|---|---|---|---|---|\n")
	for i, e := range examples {
		if err := t.row(ctx, m, e.Prompt, b.Example(i)); err != nil {
			return err
		}
	}
	t.printf("\nmedians: share %.3f, of the 20 largest %.0f, attention %.2f\n", median(t.share), median(t.top), median(t.attention))
	t.printf("the sum has the sign of the ablation's effect on %d of %d prompts at the first position, on %d elsewhere\n", t.first, len(examples), t.elsewhere)
	t.printf("\nall prompts aligned:\n%v\n", b.Mean().Diagnostics())
	return t.err
}

// table writes rows and collects what its last lines need.
type table struct {
	w                     io.Writer
	err                   error
	share, top, attention []float64
	first, elsewhere      int // prompts on which the signs agree
}

func (t *table) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(t.w, format, args...); t.err == nil {
		t.err = err
	}
}

func (t *table) row(ctx context.Context, m *steer.Model, prompt string, s steer.Scores) error {
	a, err := attention(ctx, m, prompt)
	if err != nil {
		return err
	}
	first, elsewhere := s.Positions(0).TopEntries(10), s.SkipFirst().TopEntries(10)
	x, err := effect(ctx, m, prompt, s, first)
	if err != nil {
		return err
	}
	y, err := effect(ctx, m, prompt, s, elsewhere)
	if err != nil {
		return err
	}
	d := s.Diagnostics()
	t.printf("| %q | %.3f | %d | %.2f | %+.2f | %+.2f | %+.2f | %+.2f |\n", prompt, d.First, d.Top20, a, first.Total(), x, elsewhere.Total(), y)
	t.share, t.top, t.attention = append(t.share, d.First), append(t.top, float64(d.Top20)), append(t.attention, a)
	if first.Total()*x > 0 {
		t.first++
	}
	if elsewhere.Total()*y > 0 {
		t.elsewhere++
	}
	return nil
}

// effect returns by how much the metric falls when the circuit's entries are zero at their positions.
func effect(ctx context.Context, m *steer.Model, prompt string, s steer.Scores, c steer.Circuit) (float64, error) {
	p, err := m.Predict(prompt).With(steer.Ablate(c).AtPositions()).Run(ctx)
	if err != nil {
		return 0, err
	}
	versus, _ := s.Versus()
	return s.Metric() - float64(p.Logits()[s.Target().ID]-p.Logits()[versus.ID]), nil
}

// attention returns the mean weight that the last token's heads, in all layers, give the first position.
func attention(ctx context.Context, m *steer.Model, prompt string) (float64, error) {
	c, err := m.Capture(prompt).Of(steer.Attention).Run(ctx)
	if err != nil {
		return 0, err
	}
	a := c.Tensor(steer.Attention) // [L,H,T,T]
	if len(a.Shape) != 4 {
		return 0, fmt.Errorf("the attention patterns have the shape %v", a.Shape)
	}
	n, T, sum := a.Shape[0]*a.Shape[1], a.Shape[2], 0.
	for i := range n {
		sum += float64(a.Data[(i*T+T-1)*T])
	}
	return sum / float64(n), nil
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	if len(v) == 0 {
		return 0
	}
	return (v[len(v)/2] + v[(len(v)-1)/2]) / 2
}
