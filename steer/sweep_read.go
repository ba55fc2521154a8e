package steer

import (
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// swept is a sweep in ids. Prompts that several cases share are run once.
type swept struct {
	prompts  [][]int32 // distinct
	lengths  []int     // their numbers of tokens
	bos      []bool    // their first tokens are real BOS
	cases    []sweptCase
	byPrompt [][]int // [prompt] the cases that it serves
	texts    []sweptText
	warnings []Warning
}

// sweptCase is one measured prompt as it stands in the record.
type sweptCase struct {
	Prompt string        `json:"prompt"`
	Tokens int           `json:"tokens"`
	Target engine.Token  `json:"target"`
	Versus *engine.Token `json:"versus,omitempty"`
}

// sweptText is a text of the side effects in ids.
type sweptText struct {
	ids []int32
	bos bool
}

// read tokenizes everything. It reports all mistakes that need a tokenizer at once.
func (s sweepSettings) read(text engine.Tokenizer, shape engine.Shape) (swept, error) {
	var (
		out  swept
		errs mistakes
	)
	place := map[string]int{} // of a prompt by its ids
	for i, c := range s.Cases {
		tokens, ws, err := c.Prompt.read(text, shape, "sweep", 0)
		l := c.Prompt.lead(text)
		target, doubts, terr := c.Target.resolve(l, "sweep", "the target")
		ws = append(ws, doubts...)
		var versus *engine.Token
		var verr error
		if c.Versus.How != "" {
			var v engine.Token
			v, doubts, verr = c.Versus.resolve(l, "sweep", "the counterfactual")
			ws, versus = append(ws, doubts...), &v
			if verr == nil && terr == nil && v.ID == target.ID {
				verr = sameToken("sweep", quoteText(v.Text))
			}
		}
		if err := errors.Join(err, terr, verr); err != nil {
			errs.add(nth("prompt", i), err)
			continue
		}
		out.warn(ws)
		key := idsKey(ids(tokens))
		p, ok := place[key]
		if !ok {
			p = len(out.prompts)
			place[key] = p
			out.prompts = append(out.prompts, ids(tokens))
			out.lengths = append(out.lengths, len(tokens))
			out.bos = append(out.bos, startsWithBOS(text, tokens))
			out.byPrompt = append(out.byPrompt, nil)
		}
		out.byPrompt[p] = append(out.byPrompt[p], len(out.cases))
		out.cases = append(out.cases, sweptCase{c.Prompt.Text, len(tokens), target, versus})
	}
	for i, x := range s.Texts {
		tokens, ws, err := promptSpec{Text: x}.read(text, shape, "sweep", s.Continue)
		if err == nil && len(tokens) < 2 {
			err = engine.Errorf(engine.BadSetting, "sweep", "the text %q of SideEffects is one token, so there is none to predict", x).
				Try("give a text of two tokens or more")
		}
		if err != nil {
			errs.add(nth("text", i), err)
			continue
		}
		out.warn(ws)
		out.texts = append(out.texts, sweptText{ids(tokens), startsWithBOS(text, tokens)})
	}
	return out, errs.join()
}

// warn adds warnings, each sentence once.
func (s *swept) warn(ws []Warning) {
	for _, w := range ws {
		if !slices.Contains(s.warnings, w) {
			s.warnings = append(s.warnings, w)
		}
	}
}

func idsKey(ids []int32) string {
	b := make([]byte, 0, 4*len(ids))
	for _, id := range ids {
		b = append(b, byte(id), byte(id>>8), byte(id>>16), byte(id>>24))
	}
	return string(b)
}
