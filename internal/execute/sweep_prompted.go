package execute

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// underInstruction returns a prompt with an instruction in it. In a chat the instruction stands before what the user says. A
// raw prompt becomes the beginning of the answer to a user who says the instruction, where the model has a chat template;
// where it has none, the instruction stands before the prompt.
func underInstruction(e *env, p message.Prompt, instruction string) (message.Prompt, error) {
	const between = "\n\n"
	if len(p.IDs) > 0 {
		return p, engine.Mistake(engine.BadSetting, "a prompt of ids has no place for an instruction").Try("give the prompt as text, or leave Prompted out")
	}
	_, chats, err := e.text.Chat(engine.Conversation{User: instruction, Prefill: p.Text})
	switch {
	case p.Chat:
		p.Text = instruction + between + p.Text
	case err == nil && chats:
		p = message.Prompt{Text: instruction, Chat: true, Prefill: p.Text}
	default:
		p.Text = instruction + between + p.Text
	}
	return p, nil
}

// instructed tokenizes the prompt of a case with the instruction in it. What is measured is what was measured without it,
// token by token; a warning says so where the text of the token would be read otherwise there.
func (s sweeping) instructed(e *env, c message.SweepCase, target engine.Token, versus *engine.Token) (tokens []engine.Token, ws []engine.Warning, err error) {
	p, err := underInstruction(e, c.Prompt, s.Prompted)
	if err != nil {
		return nil, nil, err
	}
	if tokens, _, err = readPrompt(e, p, 0); err != nil {
		return nil, nil, fmt.Errorf("with the instruction: %w", err)
	}
	if p.Chat && !c.Prompt.Chat { // markers of a raw prompt would be read as text
		raw, _, err := readPrompt(e, c.Prompt, 0)
		for i, t := range raw {
			if t.Special && !(i == 0 && startsWithBOS(e, raw)) {
				err = errors.Join(err, engine.Mistake(engine.BadSetting, "the prompt has the marker %s, so the chat template has no place for it after an instruction", t.Text).
					Try("give the text alone, with Chat()"))
				break
			}
		}
		if err != nil {
			return nil, nil, err
		}
	}
	l := leadOf(e, p)
	same := func(r message.TokenRef, is engine.Token, what string) {
		if r.How == message.ByID {
			return
		}
		if t, doubts, err := resolveToken(e, r, l, what); err != nil || t.ID != is.ID || len(doubts) > 0 {
			ws = append(ws, engine.Warning{Code: "boundary", Text: fmt.Sprintf("after the instruction %s %s would be read otherwise; what is measured is the same token as without it", what, strconv.Quote(is.Text))})
		}
	}
	same(c.Target, target, "the target")
	if versus != nil {
		same(c.Versus, *versus, "the counterfactual")
	}
	return tokens, ws, nil
}
