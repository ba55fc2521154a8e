package execute

import (
	"errors"
	"strconv"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// sweepInput is a sweep in ids.
type sweepInput struct {
	promptSet
	cases    []message.SweepPrompt
	prompted promptSet // the prompts of the cases with an instruction in them
	texts    []sweepText
}

// A promptSet is prompts in ids. One that several cases share stands there, and is run, once.
type promptSet struct {
	prompts  [][]int32 // distinct
	lengths  []int     // their numbers of tokens
	bos      []bool    // their first tokens are real BOS
	byPrompt [][]int   // [prompt] the cases that it serves
	place    map[string]int
}

// add adds the prompt of a case.
func (s *promptSet) add(e *env, tokens []engine.Token, of int) {
	ids := message.IDs(tokens)
	key := idsKey(ids)
	p, ok := s.place[key]
	if !ok {
		if s.place == nil {
			s.place = map[string]int{}
		}
		p = len(s.prompts)
		s.place[key] = p
		s.prompts, s.lengths, s.bos = append(s.prompts, ids), append(s.lengths, len(ids)), append(s.bos, startsWithBOS(e, tokens))
		s.byPrompt = append(s.byPrompt, nil)
	}
	s.byPrompt[p] = append(s.byPrompt[p], of)
}

// sweepText is a text of the side effects in ids.
type sweepText struct {
	ids []int32
	bos bool
}

func idsKey(ids []int32) string {
	b := make([]byte, 0, 4*len(ids))
	for _, id := range ids {
		b = append(b, byte(id), byte(id>>8), byte(id>>16), byte(id>>24))
	}
	return string(b)
}

// read tokenizes everything. It reports all mistakes that need a tokenizer at once.
func (s sweeping) read(e *env) (sweepInput, error) {
	var (
		out  sweepInput
		errs message.Mistakes
	)
	for i, c := range s.Cases {
		tokens, ws, err := readPrompt(e, c.Prompt, 0)
		l := leadOf(e, c.Prompt)
		target, doubts, terr := resolveToken(e, c.Target, l, "the target")
		ws = append(ws, doubts...)
		var versus *engine.Token
		var verr error
		if c.Versus.How != "" {
			var v engine.Token
			v, doubts, verr = resolveToken(e, c.Versus, l, "the counterfactual")
			ws, versus = append(ws, doubts...), &v
			if verr == nil && terr == nil && v.ID == target.ID {
				verr = message.SameToken(strconv.Quote(v.Text))
			}
		}
		if err := errors.Join(err, terr, verr); err != nil {
			errs.Add(message.Nth("prompt", i), err)
			continue
		}
		e.warn(ws...)
		if s.Prompted != "" {
			instructed, doubts, err := s.instructed(e, c, target, versus)
			if err != nil {
				errs.Add(message.Nth("prompt", i), err)
				continue
			}
			e.warn(doubts...)
			out.prompted.add(e, instructed, len(out.cases))
		}
		out.promptSet.add(e, tokens, len(out.cases))
		out.cases = append(out.cases, message.SweepPrompt{Prompt: c.Prompt.Text, Tokens: len(tokens), Target: target, Versus: versus})
	}
	for i, x := range s.Texts {
		tokens, ws, err := readPrompt(e, message.Prompt{Text: x}, s.Continue)
		if err == nil && len(tokens) < 2 {
			err = engine.Mistake(engine.BadSetting, "the text %q of SideEffects is one token, so there is none to predict", x).
				Try("give a text of two tokens or more")
		}
		if err != nil {
			errs.Add(message.Nth("text", i), err)
			continue
		}
		e.warn(ws...)
		out.texts = append(out.texts, sweepText{message.IDs(tokens), startsWithBOS(e, tokens)})
	}
	return out, errs.Join()
}
