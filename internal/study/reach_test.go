package study

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/steer"
)

// reached fails for a kind of request that was not made, unless it is said why by none.
func reached(t *testing.T, made map[string]bool) {
	t.Helper()
	for _, k := range execute.Kinds() {
		words, why := Words(k)
		if !made[k] && why == "" {
			t.Errorf("no setting of a study makes a request of the kind %q: give it one, or say why it has none", k)
		} else if made[k] && why != "" {
			t.Errorf("a study makes a request of the kind %q, and a reason says that none does", k)
		} else if (len(words) > 0) != made[k] {
			t.Errorf("a study has the words %v for the kind %q; makes it: %v", words, k, made[k])
		}
	}
}

// circuitsLoad: a circuit of a study is a circuit file like any other.
func circuitsLoad(t *testing.T, out string, f *fake) {
	t.Helper()
	for _, name := range []string{"relp/top3", "cna/share", "cv/top3", "chance/top3"} {
		c, err := steer.New("fake", f).LoadCircuit(t.Context(), filepath.Join(out, "capitals", name+".circuit.json"))
		if err != nil || c.Len() == 0 || c.Name() != name {
			t.Errorf("%s: %v, %v", name, c, err)
		}
	}
}

// analyzed: what a study asks of a behavior as a whole is what the tasks give.
func analyzed(t *testing.T, b Behavior, got map[string]string) {
	t.Helper()
	m := steer.New("fake", &fake{id: fakeID})
	train, test := b.examples().Train(), b.examples().Test()
	v, err := m.Stability(m.Behavior(train)).Rules(steer.RelP, steer.Gradient).Selections(steer.SelectMean).Sizes(2, 4).Resamples(5).Controls(3).Seed(3).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := m.Methods(m.Behavior(train)).OnExamples(test).WithPairs(b.pairs().Train()).TopK(2).Steps(2).Exact(6).Controls(3).Seed(3).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"choices": v.CSV(), "panel": c.CSV()} {
		if got["capitals/"+name+".csv"] != want || got["capitals/"+name+".svg"] == "" || got["capitals/"+name+".json"] == "" {
			t.Errorf("%s is\n%s\nwant\n%s, with a figure and JSON", name, got["capitals/"+name+".csv"], want)
		}
	}
	l, err := m.LogitLens(test.All()[0].Prompt).Top(2).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if said := got["capitals/said.csv"]; strings.Count(said, "\n") != 1+2*3*len(l.Tokens()) || !strings.Contains(said, ","+number(l.Top(2, -1)[1].Probability)+"\n") || got["capitals/said.svg"] == "" {
		t.Errorf("the lens is\n%s", said)
	}
}

// gated: continuations under a condition ask for just that.
func gated(t *testing.T, b Behavior, asked map[string]bool) {
	t.Helper()
	m := steer.New("fake", &fake{id: fakeID})
	v, err := m.ControlVector(b.pairs().Train()).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	scores, err := m.Behavior(b.examples().Train()).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v = v.Layers(0, 0)
	change := steer.Ablate(scores.Mean().Positive().TopK(3)).When(v, -.5).ByPrompt()
	q, err := m.Generate("The capital of France is").MaxTokens(3).With(change, steer.ProjectOut(v, 1)).Request()
	if err != nil {
		t.Fatal(err)
	}
	if !asked[q.Kind+string(q.Settings)] {
		t.Errorf("the study does not ask for %s", q.Settings)
	}
}

// patchedAlone: the test "alone" is what patching gives, beside the scores of the same examples.
func patchedAlone(t *testing.T, task steer.PatchTask, scores steer.BehaviorTask, x row, got map[string]string) {
	t.Helper()
	alone, err := task.Ablation(steer.TokenMeanAblation).KeepFirst().Seed(3).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	foretold, err := scores.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := alone.Agreement(foretold)
	if got["capitals/relp/top3.alone.csv"] != alone.CSV() || !reflect.DeepEqual(x.Patched, &patched{3, steer.RelP, a.Pearson, a.Spearman}) {
		t.Errorf("the patches are\n%s\nwant\n%s, and the summary says %+v", got["capitals/relp/top3.alone.csv"], alone.CSV(), x.Patched)
	}
	if !strings.Contains(got["summary.csv"], strings.Join(x.Patched.cells(), ",")) {
		t.Errorf("summary.csv lacks %q", x.Patched.cells())
	}
}
