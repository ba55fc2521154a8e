package gonbext

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// What the figures ask for and the results have.
var (
	_ plotting.Layered     = steer.Scores{}
	_ plotting.Grid        = steer.Scores{}
	_ plotting.Layered     = steer.Circuit{}
	_ plotting.Layered     = steer.Vector{}
	_ plotting.Overlapping = steer.OverlapMatrix{}
	_ plotting.Dosed       = steer.Curve{}
	_ plotting.Faithful    = steer.FaithfulnessCurve{}
	_ plotting.Specified   = steer.Multiverse{}
	_ plotting.Lensed      = steer.LogitLens{}
	_ plotting.Attending   = steer.Pattern{}
	_ plotting.Wired       = steer.Graph{}
	_ plotting.Profiled    = steer.Profiles{}
	_ plotting.Profiled    = steer.Groups{}
	_ plotting.Calibrated  = steer.Calibration{}
	_ plotting.Spanned     = steer.Decomposition{}
)

// results are one of each kind of result beyond those of everyCard, on the fake model.
type results struct {
	behavior steer.BehaviorScores
	contrast steer.Scores
	found    steer.Circuit
	curve    steer.Curve
	carried  steer.FaithfulnessCurve
	vector   steer.Vector
	parts    steer.Decomposition
	overlap  steer.OverlapMatrix
	graph    steer.Graph
}

const italy = "The capital of Italy is"

// twoCapitals are examples of one length.
func twoCapitals() steer.ExampleSet {
	return steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"}, steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris"})
}

func newResults(t *testing.T) (m *steer.Model, r results) {
	t.Helper()
	m = steertest.NewModel()
	pairs := steer.NewPairs(steer.Pair{Positive: "I loved the film", Negative: "I hated the film"}, steer.Pair{Positive: france, Negative: italy})
	r.behavior = run(t, m.Behavior(twoCapitals()))
	r.found = r.behavior.Mean().TopK(3).Named("found")
	r.contrast = run(t, m.Contrast(pairs))
	r.carried = run(t, m.Faithfulness(r.found, twoCapitals()).Ablation(steer.ZeroAblation).Controls(3))
	r.curve = run(t, m.Sweep(r.found, 0, 1, 2).On(france, italy).Measure(" Paris", " Rome").Controls(3).SideEffects("I loved the film", "The capital").Continue(4))
	r.vector = run(t, m.ControlVector(pairs)).Named("cheer <b>")
	r.parts = run(t, m.Decompose(r.vector).For(r.found))
	r.overlap = steer.Overlap(r.found, r.contrast.TopK(3).Named("contrast"), r.parts.TopK(3).Named("parts"))
	r.graph = run(t, m.Edges(run(t, m.Attribute(france).Target(" Paris").Versus(" Rome")).TopEntries(20)).Direct())
	return m, r
}

// resultCards are results and tasks of every kind beyond those of everyCard, with words that their cards say.
func resultCards(t *testing.T) map[string]struct {
	x     any
	words []string
} {
	t.Helper()
	m, r := newResults(t)
	mean := run(t, m.MeanActivations("I loved the film", "The capital"))
	captured := run(t, m.Capture(france).From(steer.Residual, steer.Attention, steer.Logits).Ablate(r.found))
	lens := [][]float32{captured.Row(steer.Residual, 0, -1), captured.Row(steer.Residual, 1, -1)}
	return map[string]struct {
		x     any
		words []string
	}{
		"behavior": {r.behavior, []string{"on 2 prompts", "mean metric", "positive on", "The capital of Italy is", "Mean, Any and AnyPercent", "Warning:"}},
		"baseline": {run(t, m.Baseline(steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"}, steer.Example{Prompt: italy, Target: " Rome"}))),
			[]string{"The behavior is not to be judged on 2 examples", "preferred on 2 of 2", "any other", "·Rome", "Warning:"}},
		"baseline task": {m.Baseline(steer.NewExamples(steer.Example{Prompt: france, Target: " Rome", Versus: " Paris"})), []string{"on 1 example"}},
		"mean":          {r.behavior.Mean(), []string{"mean of 2 prompts", "each prompt's own logit difference", "L1/N2", "A ranking, not a test"}},
		"contrast":      {r.contrast, []string{"Scores of every neuron:", "2 pairs", "… the strongest", "A ranking"}},
		"random":        {steer.Random(steertest.NewEngine().Shape(), 1), []string{"Scores of every neuron: random", "A ranking"}},
		"diagnostics":   {r.behavior.Example(0).Diagnostics(), []string{"How the scores are spread", "first position", "<s>", "real BOS"}},
		"curve":         {r.curve, []string{"Dose and response", "found · 3 neurons · 2 prompts · 3 random circuits", "×0", "×2", "95 % interval", "Slope", "KL (nats)", "2 texts", "Warning:"}},
		"vector":        {r.vector, []string{"cheer <b>", "2 pairs · residual", "length", "A direction, not yet a test"}},
		"decomposition": {r.parts, []string{"R²", "random direction", "all 0.224", "hold R² against"}},
		"no greedy":     {run(t, m.Decompose(r.vector).Greedy(0)), []string{"no greedy choice"}},
		"comparison":    {steer.Compare(r.found, r.parts).TopK(4), []string{"are in the circuit; chance gives", "variance explained (not R²)", "Of the 50 strongest", "Warning:"}},
		"overlap":       {r.overlap, []string{"What 3 circuits have in common", "found (n=3)", "Jaccard", "by chance", "Sharing neurons is not doing the same"}},
		"unknown null":  {steer.Overlap(steer.NewCircuit("a", steer.Neuron{}), steer.NewCircuit("b", steer.Neuron{})), []string{"unknown", "a (n=1)"}},
		"mean activity": {mean, []string{"Mean activations over 2 texts", "positions", "neurons", "root mean square"}},
		"captured":      {captured, []string{"Inside the model at “The capital of France is”", "3 neurons changed", "residual", "attention", "logits"}},
		"universal":     {run(t, m.Universal("I loved", "The film").PerLayer(2).In(.5)), []string{"neurons", "layer", "of 2 texts", "scores.Without(set)"}},
		"set":           {steer.NewNeuronSet("mine", steer.Neuron{Layer: 2, Index: 7}), []string{"mine · 1 neuron", "N7"}},
		"contexts":      {run(t, m.TopActivations(r.found, "I loved the film", "I hated the film")), []string{"3 neurons are most active in 2 texts", "«", "In these texts"}},
		"writes":        {run(t, m.Writes(r.found)), []string{"What 3 neurons write", "promotes", "demotes", "The direct path alone"}},
		"lens":          {run(t, m.LogitLens(france).Ablate(r.found)), []string{"after each layer", "at the last of 6 tokens", "the most likely first", "Paris", "need not speak"}},
		"readings":      {run(t, m.Unembed(lens...).Normed()), []string{"2 directions stand", "the first most"}},

		"behavior task":  {m.Behavior(steer.NewExamples(steer.Example{Prompt: france, Target: " Paris"})), []string{"on 1 prompt"}},
		"contrast task":  {m.Contrast(steer.NewPairs(steer.Pair{Positive: "I loved", Negative: "I hated"})), []string{"Scores of every neuron:"}},
		"calibration":    {run(t, m.Calibrate(steer.Scale(r.found, 2)).KL(.01).On(france, italy)), []string{"Strength for a divergence of 0.01 nats at most", "95 % interval", "over 2 texts", "Warning:"}},
		"methods":        {run(t, m.Methods(m.Behavior(twoCapitals())).TopK(2).Exact(12)), []string{"7 methods side by side", "RelP", "control vector", "r with exact", "Warning:"}},
		"methods task":   {m.Methods(m.Behavior(twoCapitals())).TopK(2).Exact(0).Steps(0), []string{"6 methods"}},
		"patching":       {run(t, m.Patch(twoCapitals()).Sample(4).Pairs(r.found)), []string{"do one by one for", "2 prompts · set to: zero", "effect", "synergy", "beyond the sum", "Warning:"}},
		"patch task":     {m.Patch(twoCapitals()).Sample(4), []string{"What 4 units do one by one"}},
		"stability":      {run(t, m.Stability(m.Behavior(twoCapitals())).Sizes(2, 4)), []string{"in nearly every view", "2 examples", "0 core", "metric lost when ablated", "Warning:"}},
		"stability task": {m.Stability(m.Behavior(twoCapitals())).Sizes(2), []string{"A view is a rule"}},
		"stable circuit": {r.found.WithStability(run(t, m.Stability(m.Behavior(twoCapitals())).Sizes(2, 4))), []string{"stability for", "noise ("}},
		"calibrate task": {m.Calibrate(steer.Scale(r.found, 2)).Target(3).OnExamples(twoCapitals()), []string{"Strength for logit(target)", "logits"}},
		"faithfulness":   {r.carried, []string{"Faithfulness for", "found · 2 prompts · ablation: zero", "F(C̄)", "completeness", "random f, middle 95 %", "CPR", "Warning:"}},
		"profiles task":  {m.Profiles(r.found).OnExamples(twoCapitals()), []string{"What neurons read and write", "3 units · 2 prompts", "each prompt's own metric", "France", "Groups()"}},
		"groups":         {run(t, m.Profiles(r.found).OnExamples(twoCapitals())).GroupsOf(2), []string{"Groups of a circuit", "silhouette", "shuffled", "stability", "Each group is a circuit"}},
		"faithful task":  {m.Faithfulness(r.found, twoCapitals()).Ablation(steer.ZeroAblation), []string{"Faithfulness for", "Warning: no random units"}},
		"prompted":       {m.Sweep(r.found, 0, 2).On(france, italy).Measure(" Paris", " Rome").Prompted("The film.").Controls(3), []string{"prompted", "Prompted is the unsteered model after the instruction The film."}},
		"verdict":        {m.Verdict(r.found), []string{"Of 10 criteria 0 are met, 0 not met, 10 not tested", "necessity", "not tested", "try Sweep(circuit, 0)", "keeps no results"}},
		"sweep task":     {m.Sweep(r.found, 0, 1).On(france).Measure(" Paris", ""), []string{`of logit(" Paris")`, "none", "Warning: no random controls"}},
		"vector, tested": {run(t, m.ControlVector(steer.NewPairs(steer.Pair{Positive: "I loved", Negative: "I hated"})).OnExamples(twoCapitals())), []string{"logits per ×1", "anti-steerable", "of 2 examples", "arXiv 2407.12404"}},
		"vector task":    {m.ControlVector(steer.NewPairs(steer.Pair{Positive: "I loved", Negative: "I hated"})), []string{"of 1 pair"}},
		"decompose task": {m.Decompose(r.vector), []string{"as neurons write it"}},
		"capture task":   {m.Capture(france).From(steer.MLP), []string{"mlp"}},
		"mean task":      {m.MeanActivations(france), []string{"over 1 text"}},
		"universal task": {m.Universal("I loved"), []string{"of 1 texts"}},
		"contexts task":  {m.TopActivations(r.found, france), []string{"in 1 text"}},
		"writes task":    {m.Writes(steer.NewCircuit("one", steer.Neuron{Layer: 1, Index: 2})), []string{"What 1 neuron writes"}},
		"lens task":      {m.LogitLens(france), []string{"after each layer"}},
		"unembed task":   {m.Unembed(lens[0]), []string{"1 direction stands"}},
	}
}

// TestResultCards: what every card of a result says survives stripping, and Show shows results and tasks alike.
func TestResultCards(t *testing.T) {
	for name, c := range resultCards(t) {
		t.Run(name, func(t *testing.T) {
			k, ok := result(c.x, site{})
			if !ok {
				t.Fatalf("%T has no card", c.x)
			}
			got := strip(t, k.html())
			if text := strings.Fields(k.text()); strings.Join(got, " ") != strings.Join(text, " ") {
				t.Errorf("HTML says\n%q, text says\n%q", got, text)
			}
			all := strings.Join(got, " ")
			for _, w := range c.words {
				if !strings.Contains(all, w) {
					t.Errorf("%q is missing in %s", w, k.text())
				}
			}
			if strings.Contains(all, "NaN") || strings.Contains(all, "%!") || strings.Contains(all, "Inf") {
				t.Errorf("a number that is none: %s", k.text())
			}
		})
	}
}

// TestZeroResults: the results of a task that failed have cards too.
func TestZeroResults(t *testing.T) {
	for _, x := range []any{
		steer.Scores{}, steer.BehaviorScores{}, steer.Curve{}, steer.Calibration{}, steer.FaithfulnessCurve{}, steer.Patching{}, steer.CircuitVerdict{}, steer.Multiverse{}, steer.MethodComparison{}, steer.Profiles{}, steer.Groups{}, steer.OverlapMatrix{}, steer.Vector{}, steer.Decomposition{}, steer.Comparison{},
		steer.NeuronSet{}, steer.Circuit{}, steer.Baseline{}, steer.Diagnostics{}, steer.Activations{}, steer.TopActivations{}, steer.Writes{}, steer.Readings{}, steer.LogitLens{},
	} {
		k, ok := result(x, site{})
		if !ok || k.text() == "" || k.html() == "" {
			t.Errorf("%T: no card", x)
		}
	}
}

// TestFiguresOfResults: every figure draws what the results give, and its title is about the numbers.
func TestFiguresOfResults(t *testing.T) {
	m, r := newResults(t)
	read := run(t, m.Capture(france).From(steer.Attention))
	profiles := run(t, m.Profiles(r.found).OnExamples(twoCapitals()))
	for name, f := range map[string]*plotting.Figure{
		"overlap": plotting.Overlap(r.overlap), "dose": plotting.DoseResponse(r.curve, r.curve.Named("again")), "faithful": plotting.Faithfulness(r.carried), "explained": plotting.Explained(r.parts),
		"specifications": plotting.Specifications(run(t, m.Stability(m.Behavior(twoCapitals())).Sizes(2, 4))),
		"lens":           plotting.LogitLens(run(t, m.LogitLens(france))), "heads": plotting.AttentionHeads(read.Pattern(-1)), "head": plotting.AttentionHead(read.Pattern(0), 0),
		"profiles": plotting.Profiles(profiles), "groups": plotting.Profiles(profiles.Groups()), "one group": plotting.Profiles(profiles.GroupsOf(1)),
		"graph": plotting.Graph(r.graph), "graph of neurons": plotting.Graph(r.graph.Collapse()), "flow": plotting.LayerFlow(r.graph.Prune(.8, .98)),
		"calibration":        plotting.Calibration(run(t, m.Calibrate(steer.Scale(r.found, 2)).KL(.01).On(france, italy))),
		"layers of a vector": plotting.ByLayer(r.vector), "mean": plotting.HeatMap(r.behavior.Mean()),
	} {
		if _, err := f.PNG(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if s := f.Alt(); len(s) < 40 || strings.Contains(s, "NaN") {
			t.Errorf("%s: %s", name, s)
		}
		t.Log(f.Alt())
	}
}
