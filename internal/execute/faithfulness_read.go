package execute

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// faithfulInput is the prompts of a faithfulness curve in tokens.
type faithfulInput struct {
	cases    [][]engine.Token
	patch    [][]engine.Token // of each case, the prompt that its activations are patched from; nil where it has none
	about    []message.SweepPrompt
	patches  [][]engine.Token // what means and draws are over; none: the cases themselves
	bos      []bool           // of each case: its first token is a real BOS
	patchBOS []bool           // likewise of its patch prompt
}

// A faithfulGroup is cases whose prompts have one length, and whose patch prompts have one.
type faithfulGroup struct {
	cases    []int // their places in the input
	prompts  [][]int32
	patch    [][]int32 // nil where there are none
	about    []message.SweepPrompt
	bos      []bool
	patchBOS []bool
}

// length returns the number of tokens of its prompts.
func (g faithfulGroup) length() int { return len(g.prompts[0]) }

// read tokenizes everything. It reports all mistakes that need a tokenizer at once, and positions that mean nothing.
func (s faithful) read(e *env) (faithfulInput, error) {
	var (
		out  faithfulInput
		errs message.Mistakes
	)
	for i, c := range s.Cases {
		j, err := readJob(e, c.Prompt, message.Metric{Target: c.Target, Versus: c.Versus, Positions: []int{-1}})
		errs.Add(message.ExampleName(i), err)
		var patch []engine.Token
		if c.Patch != nil {
			var perr error
			patch, _, perr = readPrompt(e, *c.Patch, 0)
			errs.Add(message.ExampleName(i)+", its patch prompt", perr)
		}
		e.warn(j.warnings...)
		out.cases, out.patch, out.bos = append(out.cases, j.tokens), append(out.patch, patch), append(out.bos, j.bos)
		out.patchBOS = append(out.patchBOS, startsWithBOS(e, patch))
		out.about = append(out.about, message.SweepPrompt{Prompt: nameOf(c.Prompt, j.tokens), Tokens: len(j.tokens), Target: j.metric.Target, Versus: j.metric.Versus})
	}
	patches, perr := s.readPatches(e)
	out.patches = patches
	if err := errors.Join(errs.Join(), perr); err != nil {
		return out, err
	}
	return out, s.positionsMean(out)
}

// readPatches tokenizes the prompts that means and draws are over.
func (s faithful) readPatches(e *env) (out [][]engine.Token, err error) {
	var errs message.Mistakes
	for i, p := range s.Patches {
		ts, ws, err := readPrompt(e, p, 0)
		errs.Add(message.Nth("patch prompt", i), err)
		e.warn(ws...)
		out = append(out, ts)
	}
	return out, errs.Join()
}

// nameOf is how a prompt is shown.
func nameOf(p message.Prompt, tokens []engine.Token) string {
	if len(p.IDs) == 0 {
		return p.Text
	}
	return strings.Join(engine.Texts(tokens), "")
}

// positionsMean reports prompts of unequal length where activations go from position to position.
func (s faithful) positionsMean(in faithfulInput) error {
	const hint = "add AlignEnd() to align them from the end, use prompts of equal length, or TokenMeanAblation or ZeroAblation, which know no positions"
	if s.AlignEnd {
		return nil
	}
	unequal := func(what string, i, n, want int) error {
		return engine.Mistake(engine.BadSetting, "%s %d has %d tokens, where %d are needed: its positions do not mean the same as those of the others", what, i+1, n, want).Try(hint)
	}
	T := len(in.cases[0])
	switch s.Ablation {
	case message.AblateMean, message.AblateResample:
		for i, ts := range in.cases {
			if len(ts) != T {
				return unequal("prompt", i, len(ts), T)
			}
		}
		for i, ts := range in.patches {
			if len(ts) != T {
				return unequal("patch prompt", i, len(ts), T)
			}
		}
	}
	if s.Ablation == message.AblatePatch || s.Transplant {
		for i, ts := range in.patch {
			if want := len(in.cases[i]); len(ts) != want {
				return unequal("the patch prompt of example", i, len(ts), want)
			}
		}
	}
	return nil
}

// groups deals the cases out by length, as many in one as a call of the engine takes.
func (s faithful) groups(in faithfulInput) []faithfulGroup {
	order := make([]int, len(in.cases))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(len(in.cases[a]), len(in.cases[b])), cmp.Compare(len(in.patch[a]), len(in.patch[b])))
	})
	var out []faithfulGroup
	for _, i := range order {
		ids, patch := message.IDs(in.cases[i]), message.IDs(in.patch[i])
		last := len(out) - 1
		if last < 0 || out[last].length() != len(ids) || len(out[last].patch[0]) != len(patch) || (len(out[last].cases)+1)*len(ids) > batchTokens {
			out = append(out, faithfulGroup{})
			last++
		}
		g := &out[last]
		g.cases, g.prompts, g.patch, g.about = append(g.cases, i), append(g.prompts, ids), append(g.patch, patch), append(g.about, in.about[i])
		g.bos, g.patchBOS = append(g.bos, in.bos[i]), append(g.patchBOS, in.patchBOS[i])
	}
	return out
}

// rowAt returns the position of a prompt of n tokens that stands on position t of one of T: the first on the first, the
// others as far from the end; ok is false where there is none.
func rowAt(t, T, n int) (row int, ok bool) {
	if t == 0 {
		return 0, true
	}
	row = n - T + t
	return row, row > 0
}

// noPartner is the mistake of a prompt with a position on which no other stands.
func noPartner(about string, T int) error {
	return engine.Mistake(engine.BadSetting, "the prompt %s has %d tokens, more than what its activations are taken from, so that some have no counterpart", strconv.Quote(about), T).
		Try("use patch prompts that are at least as long, or TokenMeanAblation, which knows no positions")
}
