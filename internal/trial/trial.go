package trial

import (
	"context"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Question is what is tried.
type Question struct {
	Prompt    string   `json:"prompt"`
	Of        []string `json:"of"`        // tokens to compare; two give a difference
	On        []string `json:"on"`        // units, e.g. "L5/N298", that are multiplied by Dose
	Off       []string `json:"off"`       // units that are ablated
	Dose      float64  `json:"dose"`      // 1: unchanged
	MaxTokens int      `json:"maxTokens"` // of the continuation; 0: none
}

// An Answer is what the model says without and with what is tried.
type Answer struct {
	Tokens []string `json:"tokens"` // of the prompt
	Rows   []Row    `json:"rows"`   // the tokens that were asked for, then the most probable of before and after
	Before Text     `json:"before"`
	After  Text     `json:"after"`
	Units  int      `json:"units"` // that were changed
}

// A Row is one next token.
type Row struct {
	Token  string `json:"token"`
	Asked  bool   `json:"asked"`
	Before Next   `json:"before"`
	After  Next   `json:"after"`
}

// Next is how likely a token is.
type Next struct {
	P     float64 `json:"p"`
	Logit float64 `json:"logit"`
}

// A Text is how the prompt goes on, and the difference between the two tokens that were asked for.
type Text struct {
	Text       string   `json:"text"`
	Difference *float64 `json:"difference,omitempty"` // in logits
}

// most is how many of the most probable tokens of before and of after are told.
const most = 8

// longest bounds what a page can ask for.
const longest = 64

// Ask runs what a question needs, unchanged and changed.
func Ask(ctx context.Context, m *steer.Model, q Question) (Answer, error) {
	var a Answer
	if strings.TrimSpace(q.Prompt) == "" {
		return a, engine.Errorf(steer.EmptyPrompt, "", "the prompt is empty").Try("type the beginning of a sentence")
	}
	var edits []steer.Intervention
	if len(q.Off) > 0 {
		edits = append(edits, steer.Ablate(steer.Neurons(q.Off...)))
	}
	if len(q.On) > 0 && q.Dose != 1 {
		edits = append(edits, steer.Scale(steer.Neurons(q.On...), q.Dose))
	}
	ask := m.Predict(q.Prompt).Of(q.Of...).Top(most)
	before, err := ask.Run(ctx)
	if err != nil {
		return a, err
	}
	after, err := ask.With(edits...).Run(ctx)
	if err != nil {
		return a, err
	}
	for _, t := range before.Tokens() {
		a.Tokens = append(a.Tokens, t.Text)
	}
	a.Units = after.Edited() + after.EditedHeads()
	a.rows(before, after)
	a.Before.Difference, a.After.Difference = difference(before.Of()), difference(after.Of())
	if q.MaxTokens > 0 {
		text := m.Generate(q.Prompt).MaxTokens(min(q.MaxTokens, longest))
		for to, t := range map[*Text]steer.GenerateTask{&a.Before: text, &a.After: text.With(edits...)} {
			g, err := t.Run(ctx)
			if err != nil {
				return a, err
			}
			to.Text = g.Text()
		}
	}
	return a, nil
}

// rows lists the tokens of either answer.
func (a *Answer) rows(before, after steer.Prediction) {
	var ids []int32
	add := func(rs []steer.Ranked, asked bool) {
		for _, r := range rs {
			if slices.Contains(ids, r.ID) {
				continue
			}
			ids = append(ids, r.ID)
			b, c := before.Token(r.ID), after.Token(r.ID)
			a.Rows = append(a.Rows, Row{r.Text, asked, Next{b.Probability, b.Logit}, Next{c.Probability, c.Logit}})
		}
	}
	add(before.Of(), true)
	add(before.Top(), false)
	add(after.Top(), false)
}

// difference is the logit of the first token minus that of the second.
func difference(of []steer.Ranked) *float64 {
	if len(of) < 2 {
		return nil
	}
	d := of[0].Logit - of[1].Logit
	return &d
}

// Words says an error for the reader of a page, with what to do.
func Words(err error) string {
	var out []string
	for _, e := range engine.Mistakes(err) {
		s := e.Text
		if e.Hint != "" {
			s += "; " + e.Hint
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}
