package study

import (
	"context"
	"errors"
	"strconv"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// wired is what edges and groups come to.
type wired struct {
	Edges      *int     `json:"edges,omitempty"`
	Groups     *int     `json:"groups,omitempty"`
	Silhouette *float64 `json:"silhouette,omitempty"`
	P          *float64 `json:"p,omitempty"` // of the silhouette among those of shuffled profiles
}

// cells are its columns of summary.csv; without edges or groups they are empty.
func (w *wired) cells() []string {
	out := make([]string, 4)
	if w == nil {
		return out
	}
	if w.Edges != nil {
		out[0] = strconv.Itoa(*w.Edges)
	}
	if w.Groups != nil {
		out[1], out[2], out[3] = strconv.Itoa(*w.Groups), number(*w.Silhouette), number(*w.P)
	}
	return out
}

// drawnEdges is how many edges the drawing for Graphviz has, as in the reference implementation.
const drawnEdges = 50

// edges describes what the nodes of a circuit give to one another on an example.
func (t Test) edges(m *steer.Model, c steer.Circuit, x steer.Example) steer.EdgesTask {
	task := m.Edges(c).On(x.Prompt).Measure(x.Target, x.Versus)
	if x.Chat || x.System != "" || x.Prefill != "" {
		task = task.Chat().System(x.System).Prefill(x.Prefill)
	}
	if t.Targets > 0 {
		task = task.Targets(t.Targets)
	}
	if t.Direct {
		task = task.Direct()
	}
	return task
}

// wire finds the edges of a circuit on the first example of the test split.
func (r *runner) wire(ctx context.Context, i int, s step, t tested, line *row) error {
	examples := t.behavior.examples().Test().All()
	if len(examples) == 0 {
		return engine.Mistake(engine.BadSetting, "the behavior %s has no example in the test split to find edges on", t.behavior.Name)
	}
	g, err := compute(ctx, r, i, s, t.test.edges(r.model, t.circuit, examples[0]))
	if err != nil {
		return err
	}
	r.note(g.Warnings()...)
	n := len(g.Edges())
	line.Wired = &wired{Edges: &n}
	err = errors.Join(r.out.json(t.base()+".json", g), r.out.bytes(t.base()+".csv", []byte(g.CSV())), r.out.bytes(t.base()+".dot", []byte(g.DOT(drawnEdges))))
	if n == 0 {
		return err
	}
	return errors.Join(err, r.figure(t.base(), plotting.Graph(g)))
}

// group joins the units of a circuit by what they read and write on the examples of the test split.
func (r *runner) group(ctx context.Context, i int, s step, t tested, line *row) error {
	p, err := compute(ctx, r, i, s, r.model.Profiles(t.circuit).OnExamples(t.behavior.examples().Test()))
	if err != nil {
		return err
	}
	g := p.Groups()
	if t.test.Groups > 0 {
		g = p.GroupsOf(t.test.Groups)
	}
	r.note(g.Warnings()...)
	n, silhouette := len(g.All()), g.Silhouette()
	_, chance := g.Null()
	line.Wired = &wired{Groups: &n, Silhouette: &silhouette, P: &chance}
	return errors.Join(r.out.json(t.base()+".json", g), r.out.bytes(t.base()+".csv", []byte(g.CSV())))
}
