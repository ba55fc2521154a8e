package steer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
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
func (t UnembedTask) Result(fetch func() Record) Readings { return Readings{fetch} }

const unembedVersion = 1

type unembedSettings struct {
	Directions []numbers `json:"directions"`
	Normed     bool      `json:"normed"`
	Top        int       `json:"top"`
}

// check reports all mistakes that can be seen without a model.
func (s unembedSettings) check() error {
	var errs []error
	if len(s.Directions) == 0 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "unembed", "there is no direction").Try("give one, e.g. activations.Row(steer.Residual, 5, -1)"))
	}
	if s.Top < 1 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "unembed", "Top(%d) lists nothing", s.Top).Try("use Top(10)"))
	}
	var list mistakes
	for i, x := range s.Directions {
		name := fmt.Sprintf("direction %d", i+1)
		if len(x) == 0 {
			list.add(name, engine.Errorf(engine.BadSetting, "unembed", "it is empty").Try("a layer or a position that was not captured has no row"))
		}
		if k := notFinite(x); k >= 0 {
			list.add(name, engine.Errorf(engine.NotFinite, "unembed", "number %d is %v", k, x[k]).Try("give finite numbers"))
		}
	}
	return errors.Join(append(errs, list.join())...)
}

// Request implements Task.
func (t UnembedTask) Request() (Request, error) {
	s := unembedSettings{Normed: t.norm, Top: t.top}
	for _, x := range t.xs {
		s.Directions = append(s.Directions, x)
	}
	if err := s.check(); err != nil {
		return Request{}, err
	}
	return newRequest("unembed", unembedVersion, s)
}

type unembedBody struct {
	Top [][]Ranked `json:"top"` // of each direction
}

// executeUnembed computes the tensor "logits" [N,V].
func executeUnembed(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, _ func(Event)) (Record, error) {
	var s unembedSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	shape := e.Shape()
	var list mistakes
	for i, x := range s.Directions {
		if len(x) != shape.Width {
			list.add(fmt.Sprintf("direction %d", i+1), engine.Errorf(engine.ModelMismatch, "unembed", "it has %d numbers, the residual stream of this model %d", len(x), shape.Width).
				Try("use Residual, MLP or Embedding rows of this model"))
		}
	}
	if err := list.join(); err != nil {
		return Record{}, err
	}
	xs := make([][]float32, len(s.Directions))
	for i, x := range s.Directions {
		xs[i] = x
	}
	rows, err := e.Unembed(ctx, xs, s.Normed)
	if err != nil {
		return Record{}, fmt.Errorf("unembed: %w", err)
	}
	var b unembedBody
	all := make([]float32, 0, len(rows)*shape.Vocab)
	for _, row := range rows {
		if err := finiteLogits("unembed", row); err != nil {
			return Record{}, err
		}
		b.Top = append(b.Top, topTokens(row, s.Top, text))
		all = append(all, row...)
	}
	return record(b, nil, map[string]Tensor{"logits": {Shape: []int{len(rows), shape.Vocab}, Data: all}})
}

// Readings are the tokens that directions stand for.
type Readings struct{ rec fetched }

// Len returns how many directions were read.
func (r Readings) Len() int { return len(body[unembedBody](r.rec.record()).Top) }

// Top returns the tokens that direction i promotes most; nil outside of them.
func (r Readings) Top(i int) []Ranked {
	top := body[unembedBody](r.rec.record()).Top
	if i < 0 || i >= len(top) {
		return nil
	}
	return top[i]
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
func (r Readings) Token(i int, id int32) Ranked { return rank(r.Logits(i), engine.Token{ID: id}) }

// String lists the most likely tokens of each direction.
func (r Readings) String() string {
	lines := make([]string, r.Len())
	for i := range lines {
		var b strings.Builder
		fmt.Fprintf(&b, "%3d ", i)
		for _, t := range r.Top(i) {
			fmt.Fprintf(&b, " %q %.2f", t.Text, t.Logit)
		}
		lines[i] = b.String()
	}
	return strings.Join(lines, "\n")
}
