package steer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Unembed asks which tokens directions of the residual stream [D] stand for: the logits W_U·x of each. A row of a Capture
// with Normed is a logit lens; a layer of a Vector says what adding it promotes, seen from the end of the model.
//
//	lens, err := m.Unembed(a.Row(steer.Residual, 5, -1), a.Row(steer.Residual, 6, -1)).Normed().Run(ctx)
func (m *Model) Unembed(xs ...[]float32) UnembedTask {
	t := UnembedTask{m: m, top: 10}
	for _, x := range xs {
		t.xs = append(t.xs, slices.Clone(x))
	}
	return t
}

// UnembedTask describes a reading of directions. Its methods return changed copies.
type UnembedTask struct {
	m    *Model
	xs   [][]float32
	norm bool
	top  int
}

// Normed applies the model's final norm first, as the model does to the residual stream after its last layer.
func (t UnembedTask) Normed() UnembedTask { t.norm = true; return t }

// Top sets how many of the most likely tokens are listed for each direction; the default is 10.
func (t UnembedTask) Top(n int) UnembedTask { t.top = n; return t }

// Model returns the model that the task is about.
func (t UnembedTask) Model() *Model { return t.m }

// Run computes the readings.
func (t UnembedTask) Run(ctx context.Context) (Readings, error) { return run(ctx, t) }

// Result builds the readings around fetch.
func (t UnembedTask) Result(fetch func() Record) Readings {
	return Readings{newResult[message.UnembedBody](fetch)}
}

// Request implements Task.
func (t UnembedTask) Request() (Request, error) {
	s := message.UnembedSettings{Normed: t.norm, Top: t.top}
	for _, x := range t.xs {
		s.Directions = append(s.Directions, x)
	}
	return newRequest(s, nil)
}

// Readings are the tokens that directions stand for.
type Readings struct{ rec result[message.UnembedBody] }

// Len returns how many directions were read.
func (r Readings) Len() int { return len(r.rec.body().Top) }

// Top returns the tokens that direction i promotes most; nil outside of them.
func (r Readings) Top(i int) []Ranked {
	top := r.rec.body().Top
	if i < 0 || i >= len(top) {
		return nil
	}
	return each(top[i], newRanked)
}

// Logits returns the logits of direction i [V]; nil outside of them. It is a view; do not change it.
func (r Readings) Logits(i int) []float32 {
	t := r.rec.record().Tensors["logits"]
	if len(t.Shape) != 2 || i < 0 || i >= t.Shape[0] || len(t.Data) != t.Shape[0]*t.Shape[1] {
		return nil
	}
	return t.Data[i*t.Shape[1]:][:t.Shape[1]]
}

// Token returns the place of any token of the vocabulary in direction i.
func (r Readings) Token(i int, id int32) Ranked {
	return Ranked(message.Rank(r.Logits(i), Token{ID: id}))
}

// String lists the most likely tokens of each direction.
func (r Readings) String() string {
	lines := make([]string, r.Len())
	for i := range lines {
		var b strings.Builder
		fmt.Fprintf(&b, "%3d ", i)
		for _, t := range r.Top(i) {
			fmt.Fprintf(&b, " %q %.2f", t.Bytes(), t.Logit)
		}
		lines[i] = b.String()
	}
	return strings.Join(lines, "\n")
}
