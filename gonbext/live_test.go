package gonbext

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/pagecheck"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestLiveAsksWhatGoAsks: what the script puts together is, byte for byte, the request of the task, for any of the neurons.
func TestLiveAsksWhatGoAsks(t *testing.T) {
	m := steertest.NewModel()
	ns := []steer.Neuron{{Layer: 0, Index: 1}, {Layer: 1, Index: 2}, {Layer: 1, Index: 0, Head: true}}
	c := steer.NewCircuit("few", ns...)
	own := steer.Scale(c, mark) // the same as what is cut out
	prompt := `{"op":"scale"} "x":0.5 </script> & ×`
	for name, of := range map[string]struct {
		base job
		with func(steer.Circuit, float64) job
	}{
		"predict": {m.Predict(prompt).Of(" Paris"), func(c steer.Circuit, x float64) job { return m.Predict(prompt).Of(" Paris").Scale(c, x) }},
		"under its own": {m.Predict(prompt).With(own), func(c steer.Circuit, x float64) job {
			return m.Predict(prompt).With(own).Scale(c, x)
		}},
		"generate": {m.Generate(prompt).Temperature(.7).Seed(1<<64 - 1).Stop("\n"), func(c steer.Circuit, x float64) job {
			return m.Generate(prompt).Temperature(.7).Seed(1<<64-1).Stop("\n").Scale(c, x)
		}},
		"chat": {m.Generate("hi").Chat(), func(c steer.Circuit, x float64) job { return m.Generate("hi").Chat().Scale(c, x) }},
	} {
		p, err := newPageTask(of.base, of.with(c, mark))
		if err != nil {
			t.Fatal(err)
		}
		if r, _ := of.base.Request(); p.Base != string(r.Settings) || p.Kind != r.Kind || p.Version != r.Version {
			t.Errorf("%s: without the circuit %s, want %s", name, p.Base, r.Settings)
		}
		for _, some := range [][]steer.Neuron{c.Neurons(), c.Neurons()[1:], c.Neurons()[:1]} {
			for _, x := range []float64{-1, 0, .35, 2} {
				units, err := json.Marshal(some)
				if err != nil {
					t.Fatal(err)
				}
				r, err := of.with(steer.NewCircuit("some", some...), x).Request()
				if err != nil {
					t.Fatal(err)
				}
				if got := p.Steered[0] + string(units) + p.Steered[1] + fmt.Sprint(x) + p.Steered[2]; got != string(r.Settings) {
					t.Errorf("%s: the script asks\n%s\nGo asks\n%s", name, got, r.Settings)
				}
			}
		}
	}
}

// newLiveOf makes what Live shows of the fake model.
func newLiveOf(t *testing.T, xs ...any) *live {
	t.Helper()
	with(t, &recorder{})
	l, err := newLive(xs)
	if err != nil {
		t.Fatal(err)
	}
	l.compute(site{})
	return l
}

// TestLiveWithoutScript: a host that runs no script shows every number and text that was computed, in a table, and nothing that
// does not work; the journal of the session has the same. The script's data cannot end it.
func TestLiveWithoutScript(t *testing.T) {
	m := steertest.NewModel()
	c := steer.NewCircuit("capital", steer.Neuron{Layer: 1, Index: 2}, steer.Neuron{Layer: 0, Index: 1})
	l := newLiveOf(t, c, m.Predict(france).Of(" Paris", " Rome"), m.Generate(france+"</script>").MaxTokens(2), 0, 2.5)
	b, err := l.bundle()
	if err != nil {
		t.Fatal(err)
	}
	still, script, _ := strings.Cut(b.html, "<script>")
	if !strings.Contains(still, b.still) || strings.Contains(b.still, "script>") || strings.Contains(b.still, "<input") || strings.Count(script, "</script>") != 1 {
		t.Errorf("the output is %s", b.html)
	}
	for _, x := range pagecheck.Output("live", "", b.html) {
		t.Error(x)
	}
	for i, x := range []float64{0, 1, 2.5} {
		p := run(t, m.Predict(france).Of(" Paris", " Rome").Scale(c, x))
		g := run(t, m.Generate(france+"</script>").MaxTokens(2).Scale(c, x))
		row := l.table().rows[i]
		want := []string{times(x), percent(p.Of()[0].Probability), percent(p.Of()[1].Probability), signed(p.Of()[0].Logit-p.Of()[1].Logit, 2)}
		for k, w := range want {
			if got := textSpans(row[k]); got != w {
				t.Errorf("×%v: %q, want %q", x, got, w)
			}
		}
		if got := textSpans(row[len(row)-1]); !strings.Contains(got, strings.TrimSpace(g.Text())) {
			t.Errorf("×%v: the text %q, want %q", x, got, g.Text())
		}
		if !strings.Contains(b.text, want[1]) {
			t.Errorf("the text of the card has no %s", want[1])
		}
	}
	if n := strings.Count(b.html, `"label":"L`); n != 2 {
		t.Errorf("%d switches, want 2", n)
	}
}

// TestLiveSwitchesAreFew: a large circuit has a slider alone, and the card says so.
func TestLiveSwitchesAreFew(t *testing.T) {
	m := steertest.NewModel()
	s := run(t, m.Info()).Shape()
	var ns []steer.Neuron
	for l := range s.Layers {
		for i := range s.Neurons {
			ns = append(ns, steer.Neuron{Layer: l, Index: i})
		}
	}
	for h := range s.Heads {
		ns = append(ns, steer.Neuron{Layer: 0, Index: h, Head: true})
	}
	if len(ns) <= mostSwitches {
		t.Fatalf("the fake model has %d units, too few for this test", len(ns))
	}
	l := newLiveOf(t, m.Predict(france), steer.NewCircuit("all", ns...), 0)
	p, err := l.page()
	if err != nil {
		t.Fatal(err)
	}
	if p.Switches || !slices.ContainsFunc(l.warnings(), func(w steer.Warning) bool { return w.Code == "switches" }) {
		t.Errorf("switches %v, warnings %v", p.Switches, l.warnings())
	}
}

// TestLiveArguments: what is missing or not understood is said, with what to type; order does not matter.
func TestLiveArguments(t *testing.T) {
	m := steertest.NewModel()
	p, g, c := m.Predict("x"), m.Generate("x"), steer.Neurons("L0/N1")
	for name, xs := range map[string][]any{
		"no task": {c}, "no circuit": {p}, "two predicts": {p, p, c}, "two generates": {g, g, c}, "two circuits": {p, c, c},
		"a string": {p, c, "2"}, "nothing": nil, "another model": {p, steer.New("other", m.Runner()).Generate("x"), c},
	} {
		if _, err := newLive(xs); err == nil || !strings.Contains(err.Error(), "nb.Live(") {
			t.Errorf("%s: %v", name, err)
		}
	}
	l, err := newLive([]any{2, c, .5, g, steer.Range(-1, 1, 1), p})
	if err != nil {
		t.Fatal(err)
	}
	var got []float64
	for _, d := range l.doses {
		got = append(got, d.x)
	}
	if want := []float64{-1, 0, .5, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("multipliers %v, want %v", got, want)
	}
}
