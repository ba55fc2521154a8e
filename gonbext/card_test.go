package gonbext

import (
	"context"
	"html"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

const france = "The capital of France is"

// everyCard makes each kind of card, with the words that must survive whatever a host does to it.
func everyCard(t *testing.T) map[string]struct {
	card  *card
	words []string
} {
	t.Helper()
	m := steertest.NewModel()
	scores := run(t, m.Attribute(france).Target(" Paris").Versus(" Rome"))
	gradient := run(t, m.Attribute(france).Target(" Paris").Rule(steer.Gradient))
	path := run(t, m.Attribute(france).Target(" Paris").Rule(steer.IntegratedGradients(3)))
	sum := run(t, m.Attribute(france).Metric(steer.Logit(" Paris").Times(2), steer.Logit(" is").At(-2)))
	heads := run(t, m.Attribute(france).Target(" Paris")).Heads()
	mixed := scores.TopK(2).Union(heads.TopK(1)).Named("mixed")
	unlikely := run(t, m.Attribute(france).Target(" hated"))
	top := scores.TopK(3).Named("capital <b>")
	ask := m.Generate(france).MaxTokens(4)
	before, after := run(t, ask), run(t, ask.Scale(top, -5))
	long := make([]steer.Neuron, 25)
	for i := range long {
		long[i] = steer.Neuron{Layer: 1, Index: i}
	}
	_, mistakes := m.Attribute("").Chat().Request()
	type c = struct {
		card  *card
		words []string
	}
	return map[string]c{
		"far down":   {predictionCard(run(t, m.Predict(france).Of(" hated", " Rome").Top(1))), []string{"1 ·Paris", "… 2 ·Rome", "126 ·hated"}},
		"scores":     {scoresCard(scores), []string{`logit(" Paris") − logit(" Rome")`, "Check: tokens", "attention", "residual", "·France", "A slope in the linearized model"}},
		"gradient":   {scoresCard(gradient), []string{"no conservation identity"}},
		"path":       {scoresCard(path), []string{"integrated gradients, 3 steps", "Check: the scores of a layer add up", "misses by most", "scaled from 0 to 1"}},
		"sum":        {scoresCard(sum), []string{`2·logit(" Paris") + logit(" is") at −2`, "Check: tokens"}},
		"heads":      {scoresCard(heads), []string{"Scores of every head: relevance attribution", "3 layers × 2 heads", "L1/H0", "strongest 6 of 6", "these heads"}},
		"mixed":      {circuitCard(mixed), []string{"2 neurons and 1 head", "neuron or head", "L1/N2", "L1/H0", "these neurons and heads"}},
		"headless":   {shown(t, m.Predict(france).Ablate(mixed)), []string{"Under mixed ×0 · 2 neurons and 1 head changed"}},
		"no heads":   {diffCard(before.Diff(run(t, ask.Ablate(heads.TopK(1))))), []string{"heads changed: 0 before, 1 after"}},
		"of heads":   {setCard(heads.TopK(2).Set()), []string{"2 heads", "H0"}},
		"warning":    {scoresCard(unlikely), []string{"Warning: the target"}},
		"circuit":    {circuitCard(top), []string{"capital <b>", "3 neurons", "Σ = ", "logits", "L1/N2", "A selection"}},
		"entries":    {circuitCard(scores.TopEntries(4)), []string{"4 entries", "position"}},
		"by hand":    {circuitCard(steer.NewCircuit("list", long...)), []string{"25 neurons · 1 layer", "L1/N19", "… 5 more"}},
		"prediction": {predictionCard(run(t, m.Predict(france).Of(" Rome", " hated").Top(3))), []string{"·Paris", "%", "◂ asked for", "…", "·hated", `logit(" Rome") − logit(" hated")`}},
		"generation": {generationCard(before), []string{"Continuation", "prompt", "The capital of France is", "·Paris"}},
		"stopped":    {generationCard(run(t, ask.Stop("."))), []string{`stopped at "."`}},
		"many": {generationsCard(run(t, m.GenerateEach(slices.Repeat([]string{france, "The"}, 11)...).MaxTokens(2))),
			[]string{"Continuations of 22 prompts · ", "new tokens", "The capital of France is", "·Paris", "… 2 more"}},
		"drawn":      {diffCard(before.Diff(run(t, ask.Temperature(9)))), []string{"drawn tokens"}},
		"difference": {diffCard(before.Diff(after)), []string{"part at new token", "before", "after", "before: nothing changed; after: capital <b> ×−5", "neurons changed: 0 before, 3 after"}},
		"no change":  {diffCard(before.Diff(before)), []string{"The same text", "both"}},
		"tokens":     {tokensCard(run(t, m.Tokens("The <i>\n\\"))), []string{"<s>", "·", `\n`, `\\`, "i"}},
		"model":      {infoCard(run(t, m.Info())), []string{"fake", "MLP neurons", "ends a text", "SHA-256"}},
		"mistakes":   {errorCard(mistakes, site{}), []string{"2 mistakes", "the prompt is empty", "→ add Target("}},
		"mistake":    {errorCard(engine.Errorf(steer.Internal, "x", "a <defect>"), site{}), []string{"x: a <defect>", "defect of neuronsteer"}},
	}
}

// shown is the card that Show makes of a task or a result.
func shown(t *testing.T, x any) *card {
	t.Helper()
	c, ok := result(x, site{})
	if !ok {
		t.Fatalf("%T has no card", x)
	}
	return c
}

// task is a task with its eager Run.
type task[T any] interface {
	Run(context.Context) (T, error)
}

func run[T any](t *testing.T, x task[T]) T {
	t.Helper()
	v, err := x.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var (
	looks    = regexp.MustCompile(` (style|class|aria-hidden|scope)="[^"]*"`)
	tags     = regexp.MustCompile(`<[^<>]*>`)
	plainTag = regexp.MustCompile(`^</?(div|b|span|code|table|caption|thead|tbody|tr|th|td)>$`)
)

// strip returns the words of HTML that has lost every style, as a host shows it that allows only plain elements.
func strip(t *testing.T, s string) []string {
	t.Helper()
	s = looks.ReplaceAllString(s, "")
	for _, tag := range tags.FindAllString(s, -1) {
		if !plainTag.MatchString(tag) {
			t.Errorf("%s is no plain element", tag)
		}
	}
	s = regexp.MustCompile(`</?(span|b|code)>`).ReplaceAllString(s, "")
	s = tags.ReplaceAllString(s, " ")
	return strings.Fields(html.UnescapeString(s))
}

func TestCardsSurviveStripping(t *testing.T) {
	for name, c := range everyCard(t) {
		t.Run(name, func(t *testing.T) {
			got := strip(t, c.card.html())
			if text := strings.Fields(c.card.text()); strings.Join(got, " ") != strings.Join(text, " ") {
				t.Errorf("HTML says\n%q, text says\n%q", got, text)
			}
			all := strings.Join(got, " ")
			for _, w := range c.words {
				if !strings.Contains(all, w) {
					t.Errorf("%q is missing in %s", w, all)
				}
			}
		})
	}
}

func TestWarningsComeLast(t *testing.T) {
	c := everyCard(t)["warning"].card
	for _, s := range []string{c.text(), strings.Join(strip(t, c.html()), " ")} {
		if i := strings.LastIndex(s, "Warning:"); i < 0 || strings.Contains(s[i:], "A slope in") {
			t.Errorf("not last: %s", s)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{signed(1.25, 2), "+1.25"}, {signed(-.5, 1), "−0.5"}, {signed(math.Inf(-1), 1), "−Inf"},
		{percent(0), "0.00 %"}, {percent(1e-9), "< 0.01 %"}, {percent(.0123), "1.23 %"}, {percent(.5), "50.0 %"}, {percent(1), "100.0 %"},
		{bar(1, 1), strings.Repeat("█", barWidth)}, {bar(-.5, 1), strings.Repeat("█", barWidth/2)}, {bar(1e-9, 1), "▏"},
		{bar(0, 1), ""}, {bar(1, 0), ""}, {bar(math.NaN(), 1), ""}, {bar(5, 1), strings.Repeat("█", barWidth)},
		{count(1, "entry"), "1 entry"}, {count(2, "entry"), "2 entries"}, {count(0, "neuron"), "0 neurons"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestTextTablesAlign(t *testing.T) {
	tb := table{heads: []string{"a", "n"}, left: []bool{true, false}, rows: [][]cell{{text("漢字"), text("1")}, {text("e\u0301"), text("12")}}}
	want := "  a      n\n  漢字   1\n  e\u0301     12"
	if got := tb.text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestErrorSpeaksTheCell: what a package below says of the process is said as what a cell types.
func TestErrorSpeaksTheCell(t *testing.T) {
	c := errorCard(engine.Errorf(steer.ModelMismatch, "store", "another model").Try("%s", store.TryAgain), site{})
	if got := c.text(); !strings.Contains(got, "nb.Stop(), then run the cell again") || strings.Contains(got, store.TryAgain) {
		t.Error(got)
	}
}
