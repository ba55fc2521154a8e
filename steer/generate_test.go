package steer_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestLawSampling: settings at their neutral values change nothing; those that leave one token take the likeliest; a seed
// decides all that is drawn.
func TestLawSampling(t *testing.T) {
	const n = 12
	g := fake.Generate(france).MaxTokens(n).IgnoreEnd()
	greedy, drawn := run(t, g), run(t, g.Temperature(1).Seed(3))
	if greedy.Diff(drawn).Same() {
		t.Fatal("what is drawn is the likeliest all the time; the law needs another prompt")
	}
	for name, task := range map[string]steer.GenerateTask{
		"TopK(1)": g.Temperature(1).TopK(1), "MinP(1)": g.Temperature(1).MinP(1), "TopP(1e-9)": g.Temperature(2).TopP(1e-9), "a low temperature": g.Temperature(1e-9),
		"RepetitionPenalty(1)": g.RepetitionPenalty(1), "neutral settings": g.TopK(0).TopP(1).MinP(0).Seed(0),
	} {
		if !greedy.Diff(run(t, task)).Same() {
			t.Errorf("%s is not the likeliest text", name)
		}
	}
	for name, task := range map[string]steer.GenerateTask{
		"the same seed": g.Seed(3).Temperature(1), "neutral settings": g.Temperature(1).Seed(3).TopK(1 << 30).TopP(1).MinP(0).RepetitionPenalty(1),
	} {
		if !drawn.Diff(run(t, task)).Same() {
			t.Errorf("%s draws another text", name)
		}
	}
	other := 0
	for seed := range uint64(8) {
		if !drawn.Diff(run(t, g.Temperature(1).Seed(seed))).Same() {
			other++
		}
	}
	if other < 6 {
		t.Errorf("of eight seeds %d draw another text", other)
	}
	if a, b := run(t, g), run(t, g.RepetitionPenalty(50)); a.Diff(b).Same() || repeats(b) >= repeats(a) {
		t.Errorf("a penalty leaves %d repetitions of %d", repeats(b), repeats(a))
	}
	if a, b := request(t, g.RepetitionPenalty(1)), request(t, g); a.Ref(id) != b.Ref(id) {
		t.Error("no penalty is another request than none")
	}
}

func repeats(g steer.Generation) int {
	ids := g.IDs()
	slices.Sort(ids)
	return len(ids) - len(slices.Compact(ids))
}

// TestSamplingMistakes: what cannot be, or counts for nothing, is said with what to type, all at once.
func TestSamplingMistakes(t *testing.T) {
	g := fake.Generate("a")
	for name, c := range map[string]struct {
		task steer.GenerateTask
		want []string
	}{
		"temperature 0":    {g.Temperature(0), []string{"Temperature(0) is not above 0", "leave it out"}},
		"temperature −1":   {g.Temperature(-1), []string{"Temperature(-1)"}},
		"temperature NaN":  {g.Temperature(math.NaN()), []string{"Temperature(NaN)"}},
		"temperature Inf":  {g.Temperature(math.Inf(1)), []string{"Temperature(+Inf)"}},
		"TopK −1":          {g.Temperature(1).TopK(-1), []string{"TopK(-1) draws from no token", "TopK(40)"}},
		"TopP 0":           {g.Temperature(1).TopP(0), []string{"TopP(0)", "TopP(0.9)"}},
		"TopP NaN":         {g.Temperature(1).TopP(math.NaN()), []string{"TopP(NaN)"}},
		"TopP 1.1":         {g.Temperature(1).TopP(1.1), []string{"TopP(1.1)"}},
		"MinP 2":           {g.Temperature(1).MinP(2), []string{"MinP(2)"}},
		"MinP −1":          {g.Temperature(1).MinP(-1), []string{"MinP(-1)"}},
		"penalty 0":        {g.RepetitionPenalty(0), []string{"RepetitionPenalty(0) is not above 0"}},
		"penalty −1":       {g.RepetitionPenalty(-1), []string{"RepetitionPenalty(-1) is not above 0"}},
		"penalty NaN":      {g.RepetitionPenalty(math.NaN()), []string{"RepetitionPenalty(NaN)"}},
		"an empty stop":    {g.Stop("a", ""), []string{"an empty text would stop at once"}},
		"no UTF-8":         {g.Stop("\xff"), []string{"is not UTF-8"}},
		"nothing is drawn": {g.TopK(3).TopP(.5).MinP(.1).Seed(1), []string{"TopK(3)", "TopP(0.5)", "MinP(0.1)", "Seed(1)", "add Temperature(1)"}},
		"many":             {g.Temperature(-1).TopK(-1).TopP(2).MaxTokens(0), []string{"Temperature(-1)", "TopK(-1)", "TopP(2)", "MaxTokens(0)"}},
	} {
		_, err := c.task.Request()
		if err == nil {
			t.Errorf("%s is no mistake", name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
		}
	}
}

// TestStopEnds: a continuation ends where one of the texts begins, in the tokens, the text and the record.
func TestStopEnds(t *testing.T) {
	g := fake.Generate(france).MaxTokens(8).IgnoreEnd()
	whole := run(t, g)
	text := whole.Text()
	for from := range len(text) - 3 {
		stop := text[from : from+3] // it crosses tokens
		at := strings.Index(text, stop)
		got := run(t, g.Stop("nowhere to be seen", stop))
		if got.Text() != text[:at] || got.Stopped() != stop || got.Ended() {
			t.Errorf("stopping at %q: %q, stopped at %q", stop, got.Text(), got.Stopped())
		}
		if n := whole.Diff(got).Common(); n != len(got.IDs()) {
			t.Errorf("stopping at %q changes the tokens before it", stop)
		}
	}
	if got := run(t, g.Stop("nowhere to be seen")); !got.Diff(whole).Same() || got.Stopped() != "" || got.Text() != text {
		t.Errorf("stopping nowhere: %q", got)
	}
}

// TestGenerateEachIsOneByOne: many prompts in one request are continued by the same tokens as each in its own, whatever
// their lengths, when each ends, and how the tokens are chosen.
func TestGenerateEachIsOneByOne(t *testing.T) {
	prompts := []string{france, "I loved the film. It was", italy, "The", "I hated the film. It was", france, "I loved the"}
	c := praise(t)
	type one = steer.GenerateTask
	type many = steer.GenerateEachTask
	for name, set := range map[string]struct {
		one  func(g one, i uint64) one
		many func(g many) many
	}{
		"greedy":    {func(g one, _ uint64) one { return g }, func(g many) many { return g }},
		"ablated":   {func(g one, _ uint64) one { return g.Ablate(c) }, func(g many) many { return g.Ablate(c) }},
		"penalized": {func(g one, _ uint64) one { return g.RepetitionPenalty(1.4) }, func(g many) many { return g.RepetitionPenalty(1.4) }},
		"by scope": {func(g one, _ uint64) one {
			return g.With(steer.Scale(c, 3).GeneratedOnly(), steer.Scale(c, 0).PromptOnly().SkipBOS())
		}, func(g many) many {
			return g.With(steer.Scale(c, 3).GeneratedOnly(), steer.Scale(c, 0).PromptOnly().SkipBOS())
		}},
		"drawn": {func(g one, i uint64) one { return g.Temperature(1.5).TopP(.9).MinP(.01).TopK(20).Seed(5 + i) },
			func(g many) many { return g.Temperature(1.5).TopP(.9).MinP(.01).TopK(20).Seed(5) }},
		"stopped": {func(g one, i uint64) one { return g.Temperature(1).Seed(9+i).Stop("a", " t") },
			func(g many) many { return g.Temperature(1).Seed(9).Stop("a", " t") }},
	} {
		each := run(t, set.many(fake.GenerateEach(prompts...).MaxTokens(6)))
		if each.Len() != len(prompts) || len(each.List()) != len(prompts) || len(each.Texts()) != len(prompts) {
			t.Fatalf("%s: %d continuations", name, each.Len())
		}
		for i, g := range each.List() {
			want := run(t, set.one(fake.Generate(prompts[i]).MaxTokens(6), uint64(i)))
			if !g.Diff(want).Same() || g.Text() != want.Text() || g.Ended() != want.Ended() || g.Stopped() != want.Stopped() || g.Edited() != want.Edited() ||
				fmt.Sprint(g.Prompt()) != fmt.Sprint(want.Prompt()) || each.Texts()[i] != want.Text() {
				t.Errorf("%s: %q continues as %q, alone as %q", name, prompts[i], g, want)
			}
		}
	}
	for name, task := range map[string]steer.GenerateEachTask{
		"no prompts": fake.GenerateEach(), "an empty one": fake.GenerateEach("a", ""), "no tokens": fake.GenerateEach("a").MaxTokens(0),
	} {
		if _, err := task.Request(); err == nil {
			t.Errorf("%s is no mistake", name)
		}
	}
	if _, err := fake.GenerateEach("a", strings.Repeat("The ", 500)).Run(t.Context()); !errors.Is(err, steer.PromptTooLong) || !strings.Contains(err.Error(), "text 2") {
		t.Errorf("one that is too long: %v", err)
	}
}

// tight is an engine with memory for two sessions.
type tight struct {
	engine.Engine
	engine.Stepper
	live, most *int
}

type tightSession struct {
	engine.Decoder
	live *int
}

func (s tightSession) Close() { *s.live--; s.Decoder.Close() }

func (e tight) Decode(ctx context.Context, in engine.Decoding) (engine.Decoder, error) {
	if *e.live == 2 {
		return nil, engine.Mistake(engine.TooLarge, "no more")
	}
	d, err := e.Engine.Decode(ctx, in)
	*e.live++
	*e.most = max(*e.most, *e.live)
	return tightSession{d, e.live}, err
}

// TestGenerateEachWaitsForMemory: continuations for which there is no memory wait for others to end, and are the same.
func TestGenerateEachWaitsForMemory(t *testing.T) {
	prompts := []string{france, italy, "I loved the film. It was", "The", france}
	q := request(t, fake.GenerateEach(prompts...).MaxTokens(4))
	inner, live, most := steertest.NewEngine(), 0, 0
	e := tight{inner, inner.(engine.Stepper), &live, &most}
	rec, err := execute.Run(t.Context(), e, steertest.NewText(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := fake.GenerateEach("").Result(func() steer.Record { return rec })
	if want := run(t, fake.GenerateEach(prompts...).MaxTokens(4)); !slices.Equal(got.Texts(), want.Texts()) {
		t.Errorf("%q, want %q", got.Texts(), want.Texts())
	}
	if live != 0 || most != 2 {
		t.Errorf("%d sessions are open, there were %d at most", live, most)
	}
	live = 2 // nothing of this request is there to wait for
	if _, err := execute.Run(t.Context(), e, steertest.NewText(), q, nil); !errors.Is(err, steer.TooLarge) {
		t.Errorf("without memory: %v", err)
	}
}
