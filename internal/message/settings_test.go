package message

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A limit is a change of good settings, and what is said of them then: nothing where they are still good.
type limit[S any] struct {
	name   string
	change func(s *S)
	want   string
}

// holds fails unless settings are good, and are said to be bad in the words of each limit after its change.
func holds[S interface {
	Check() error
	Fits(shape engine.Shape) error
}](t *testing.T, good func() S, limits []limit[S]) {
	t.Helper()
	shape := engine.Shape{Layers: 2, Width: 3, Neurons: 4, Heads: 2, KVHeads: 1, HeadDim: 2, Vocab: 10, Positions: 32}
	for _, l := range append([]limit[S]{{"good", func(*S) {}, ""}}, limits...) {
		s := good()
		l.change(&s)
		text := fmt.Sprint(s.Check(), "; ", s.Fits(shape))
		if l.want == "" && text != "<nil>; <nil>" || !strings.Contains(text, l.want) {
			t.Errorf("%s: %s, want %q", l.name, text, l.want)
		}
	}
}

// In a shape of two layers with four neurons and two heads.
func unit(layer, index int) engine.Neuron { return engine.Neuron{Layer: layer, Index: index} }
func head(layer, index int) engine.Neuron {
	return engine.Neuron{Layer: layer, Index: index, Head: true}
}

func sweepCase(prompt string) SweepCase {
	return SweepCase{Prompt: Prompt{Text: prompt}, Target: TokenRef{How: ByText, Text: " a"}, Versus: TokenRef{How: ByText, Text: " b"}}
}

func behaviorOf(prompt string) BehaviorSettings {
	c := sweepCase(prompt)
	return BehaviorSettings{Examples: []BehaviorExample{{Prompt: c.Prompt, Metric: Metric{Target: c.Target, Versus: c.Versus, Positions: []int{-1}}}}}
}

func TestPatchSettings(t *testing.T) {
	good := func() PatchSettings {
		return PatchSettings{Units: []engine.Neuron{unit(0, 1), head(0, 0), unit(1, 2)}, Cases: []PatchCase{{SweepCase: sweepCase("x")}}, Ablation: AblateZero}
	}
	many := make([]engine.Neuron, maxPaired+1)
	for i := range many {
		many[i] = unit(0, i)
	}
	holds(t, good, []limit[PatchSettings]{
		{"pairs", func(s *PatchSettings) { s.Pairs = []engine.Neuron{unit(0, 1), unit(1, 2)} }, ""},
		{"units out of order", func(s *PatchSettings) { s.Units[0], s.Units[2] = s.Units[2], s.Units[0] }, "of the units L0/H0 comes after L1/N2"},
		{"a unit twice", func(s *PatchSettings) { s.Units[2] = s.Units[1] }, "of the units L0/H0 comes after L0/H0"},
		{"a pair's unit twice", func(s *PatchSettings) { s.Pairs = []engine.Neuron{unit(1, 2), unit(1, 2)} }, "of the pairs L1/N2 comes after L1/N2"},
		{"a pair of what is not patched", func(s *PatchSettings) { s.Pairs = []engine.Neuron{unit(0, 1), unit(1, 3)} }, "L1/N3 is patched in pairs, but not alone"},
		{"a sample below none", func(s *PatchSettings) { s.Sample = -1 }, "Sample(-1) is no number"},
		{"all others as a sample", func(s *PatchSettings) { s.Sample = 6 }, ""},
		{"more than all others", func(s *PatchSettings) { s.Sample = 7 }, "Sample(7) asks for more than the 6 other neurons"},
		{"all as a sample", func(s *PatchSettings) { s.Units, s.Sample = nil, 8 }, ""},
		{"more than all", func(s *PatchSettings) { s.Units, s.Sample = nil, 9 }, "Sample(9) asks for more than the 8 other neurons"},
		{"as many pairs as may be", func(s *PatchSettings) { s.Units, s.Pairs = many[:maxPaired], many[:maxPaired] }, "N4 is outside this model"},
		{"more pairs", func(s *PatchSettings) { s.Units, s.Pairs = many, many }, "1001 units are more than 1000 to patch two by two"},
		{"a head that is set to a mean", func(s *PatchSettings) { s.Ablation = AblateMean }, ""},
		{"its part", func(s *PatchSettings) { s.Part = &PatchPart{0, 1} }, ""},
		{"a part of another number", func(s *PatchSettings) { s.Part = &PatchPart{0, 2} }, "there is no part 0 of 2 of 1"},
		{"a part before the first", func(s *PatchSettings) { s.Part = &PatchPart{-1, 1} }, "there is no part -1 of 1"},
		{"a part after the last", func(s *PatchSettings) { s.Part = &PatchPart{1, 1} }, "there is no part 1 of 1"},
		{"the last part of all", func(s *PatchSettings) { s.Units, s.Part = nil, &PatchPart{partsOfAll - 1, partsOfAll} }, ""},
		{"a unit of another model", func(s *PatchSettings) { s.Units[2] = unit(1, 4) }, "L1/N4 is outside this model"},
		{"no prompt", func(s *PatchSettings) { s.Cases = nil }, "there are no examples"},
	})
	s := good()
	s.Units, s.Pairs = many[:maxPaired], many[:maxPaired]
	if err := s.Check(); err != nil {
		t.Errorf("as many pairs as may be: %v", err)
	}
	s = good()
	s.Sample = patchesOfPart - 3
	if got := s.Parts(); got != 1 {
		t.Errorf("%d patches are %d parts", patchesOfPart, got)
	}
	if s.Sample++; s.Parts() != 2 {
		t.Errorf("one more is %d parts", s.Parts())
	}
}

func TestMethodsSettings(t *testing.T) {
	good := func() MethodsSettings {
		return MethodsSettings{Behavior: behaviorOf("x"), Tested: []SweepCase{sweepCase("y")}, Size: 2, Steps: 3, Controls: 4, Exact: 5}
	}
	pair := Pair{Positive: Prompt{Text: "a"}, Negative: Prompt{Text: "b"}}
	holds(t, good, []limit[MethodsSettings]{
		{"all neurons", func(s *MethodsSettings) { s.Size = 8 }, ""},
		{"more than all", func(s *MethodsSettings) { s.Size = 9 }, "the model has 8 neurons, and 9 are asked for"},
		{"one", func(s *MethodsSettings) { s.Size = 1 }, ""},
		{"none", func(s *MethodsSettings) { s.Size = 0 }, "TopK(0) selects no neuron"},
		{"no steps", func(s *MethodsSettings) { s.Steps = 0 }, ""},
		{"fewer", func(s *MethodsSettings) { s.Steps = -1 }, "Steps(-1) is not between"},
		{"most steps", func(s *MethodsSettings) { s.Steps = engine.MaxSteps }, ""},
		{"more", func(s *MethodsSettings) { s.Steps = engine.MaxSteps + 1 }, "is not between 0 and"},
		{"no controls", func(s *MethodsSettings) { s.Controls = 0 }, ""},
		{"fewer controls", func(s *MethodsSettings) { s.Controls = -1 }, "Controls(-1) is not between"},
		{"most controls", func(s *MethodsSettings) { s.Controls = maxControls }, ""},
		{"more controls", func(s *MethodsSettings) { s.Controls = maxControls + 1 }, "Controls(10001) is not between"},
		{"none by itself", func(s *MethodsSettings) { s.Exact = 0 }, ""},
		{"fewer by itself", func(s *MethodsSettings) { s.Exact = -1 }, "Exact(-1) is below 0"},
		{"most passes", func(s *MethodsSettings) { s.Exact = maxPasses }, ""},
		{"more passes", func(s *MethodsSettings) { s.Exact = maxPasses + 1 }, "more than 10000000 passes"},
		{"passes that integers cannot count", func(s *MethodsSettings) {
			s.Exact, s.Tested = math.MaxInt/2+1, []SweepCase{sweepCase("a"), sweepCase("b"), sweepCase("c"), sweepCase("d")}
		}, "more than 10000000 passes"},
		{"pairs", func(s *MethodsSettings) { s.Pairs = []Pair{pair} }, ""},
		{"a pair of the same", func(s *MethodsSettings) { s.Pairs = []Pair{{pair.Positive, pair.Positive}} }, "both prompts are the same"},
		{"nothing to find for", func(s *MethodsSettings) { s.Behavior.Examples = nil }, "there are no examples"},
		{"nothing to test on", func(s *MethodsSettings) { s.Tested = nil }, "there is no prompt"},
		{"another rule, which is not looked at", func(s *MethodsSettings) { s.Behavior.Rule = "divination" }, ""},
	})
}

func TestMethodsBody(t *testing.T) {
	good := func() MethodsBody {
		return MethodsBody{Shape: engine.Shape{Layers: 2, Neurons: 4}, Methods: []string{"a"}, Circuits: [][]engine.Neuron{{unit(1, 3)}}, Cases: make([]SweepPrompt, 1)}
	}
	if b := good(); !b.Fine() {
		t.Error("a good body is not fine")
	}
	for name, change := range map[string]func(b *MethodsBody){
		"no method":                   func(b *MethodsBody) { b.Methods, b.Circuits = nil, nil },
		"no circuit":                  func(b *MethodsBody) { b.Circuits = nil },
		"no case":                     func(b *MethodsBody) { b.Cases = nil },
		"fewer controls than none":    func(b *MethodsBody) { b.Controls = -1 },
		"found on fewer than none":    func(b *MethodsBody) { b.Found = -1 },
		"a neuron of a larger model":  func(b *MethodsBody) { b.Circuits[0][0] = unit(1, 4) },
		"a head of one that has none": func(b *MethodsBody) { b.Circuits[0][0] = head(0, 0) },
	} {
		b := good()
		if change(&b); b.Fine() {
			t.Error(name + " is fine")
		}
	}
}

func TestStabilitySettings(t *testing.T) {
	good := func() StabilitySettings {
		return StabilitySettings{Behavior: behaviorOf("x"), Rules: []engine.Rule{engine.RelP, engine.Gradient}, Selections: []string{SelectMean, SelectLargest},
			Sizes: []int{1, 2, 8}, Resamples: 5, Controls: 6}
	}
	rising := func(n int) (all []int) {
		for k := range n {
			all = append(all, k+1)
		}
		return all
	}
	holds(t, good, []limit[StabilitySettings]{
		{"no rule", func(s *StabilitySettings) { s.Rules = nil }, "there is no rule"},
		{"an unknown rule", func(s *StabilitySettings) { s.Rules[0] = "divination" }, "divination"},
		{"a rule twice", func(s *StabilitySettings) { s.Rules[1] = engine.RelP }, `the rule "relp" is given twice`},
		{"no selection", func(s *StabilitySettings) { s.Selections = nil }, "there is no selection"},
		{"an unknown selection", func(s *StabilitySettings) { s.Selections[0] = "x" }, `unknown selection "x"`},
		{"a selection twice", func(s *StabilitySettings) { s.Selections[1] = SelectMean }, `the selection "mean" is given twice`},
		{"no size", func(s *StabilitySettings) { s.Sizes = nil }, "there is no size"},
		{"a size of none", func(s *StabilitySettings) { s.Sizes[0] = 0 }, "the size 0 is below 1"},
		{"a size twice", func(s *StabilitySettings) { s.Sizes[1] = 1 }, "the size 1 is below 1, or given twice"},
		{"sizes that fall", func(s *StabilitySettings) { s.Sizes[1] = 8; s.Sizes[2] = 2 }, "the size 2 is below 1, or given twice"},
		{"more than all", func(s *StabilitySettings) { s.Sizes[2] = 9 }, "the size 9 is more than the model's 8 neurons"},
		{"one resample", func(s *StabilitySettings) { s.Resamples = 1 }, ""},
		{"no resample", func(s *StabilitySettings) { s.Resamples = 0 }, "Resamples(0) is less than 1"},
		{"no controls", func(s *StabilitySettings) { s.Controls = 0 }, ""},
		{"fewer", func(s *StabilitySettings) { s.Controls = -1 }, "Controls(-1) is not between"},
		{"most controls", func(s *StabilitySettings) {
			s.Rules, s.Selections, s.Sizes, s.Resamples, s.Controls = s.Rules[:1], s.Selections[:1], s.Sizes[:1], 99, maxControls
		}, ""},
		{"more controls", func(s *StabilitySettings) { s.Controls = maxControls + 1 }, "Controls(10001) is not between"},
		{"most views", func(s *StabilitySettings) {
			s.Rules, s.Selections, s.Sizes, s.Resamples, s.Controls = s.Rules[:1], s.Selections[:1], s.Sizes[:1], maxViews, 0
		}, ""},
		{"more views", func(s *StabilitySettings) {
			s.Rules, s.Selections, s.Sizes, s.Resamples, s.Controls = s.Rules[:1], s.Selections[:1], s.Sizes[:1], maxViews+1, 0
		}, "are more than 1000000"},
		{"most specifications", func(s *StabilitySettings) { s.Sizes, s.Resamples, s.Controls = rising(maxSpecs/4), 1, 0 }, "more than the model's"},
		{"more specifications", func(s *StabilitySettings) { s.Sizes, s.Resamples, s.Controls = rising(maxSpecs/4+1), 1, 0 }, "are more than 1000000"},
		{"nothing to look at", func(s *StabilitySettings) { s.Behavior.Examples = nil }, "there are no examples"},
	})
	s := good()
	s.Sizes, s.Resamples, s.Controls = rising(maxSpecs/4), 1, 0
	if err := s.Check(); err != nil {
		t.Errorf("most specifications: %v", err)
	}
	s.Rules[0] = "divination"
	if text := s.Check().Error(); strings.Count(text, "divination") != 1 {
		t.Errorf("a mistake is said more than once: %s", text)
	}
}

func TestStabilityViewFrom(t *testing.T) {
	for _, c := range []struct {
		view      StabilityView
		n         int
		bos, skip bool
		want      int
	}{
		{StabilityView{}, 5, false, false, 0},
		{StabilityView{}, 5, true, false, 1},
		{StabilityView{KeepBOS: true}, 5, true, false, 0},
		{StabilityView{KeepBOS: true}, 5, true, true, 1},
		{StabilityView{}, 5, false, true, 1},
		{StabilityView{SkipFirst: true, KeepBOS: true}, 5, true, false, 1},
		{StabilityView{Last: 2}, 5, true, false, 3},
		{StabilityView{Last: 9}, 5, true, false, 1},
		{StabilityView{SkipFirst: true}, 0, false, false, 0},
	} {
		if got := c.view.From(c.n, c.bos, c.skip); got != c.want {
			t.Errorf("%+v of %d positions, BOS %t, skip %t: from %d, want %d", c.view, c.n, c.bos, c.skip, got, c.want)
		}
	}
}

func TestEvidenceSettings(t *testing.T) {
	good := func() EvidenceSettings {
		return EvidenceSettings{Neurons: []engine.Neuron{unit(0, 1), head(0, 1), unit(1, 0)}, Scores: []float64{1, 2, -4}}
	}
	holds(t, good, []limit[EvidenceSettings]{
		{"nothing", func(s *EvidenceSettings) { s.Neurons, s.Scores = nil, nil }, "the circuit is empty"},
		{"out of order", func(s *EvidenceSettings) { s.Neurons[0], s.Neurons[1] = s.Neurons[1], s.Neurons[0] }, "the neuron L0/N1 comes after L0/H1"},
		{"twice", func(s *EvidenceSettings) { s.Neurons[2] = s.Neurons[1] }, "the neuron L0/H1 comes after L0/H1"},
		{"a score too few", func(s *EvidenceSettings) { s.Scores = s.Scores[:2] }, "2 scores for 3 neurons"},
		{"examples", func(s *EvidenceSettings) { s.Cases = []SweepCase{sweepCase("x")} }, ""},
		{"an example that names no token", func(s *EvidenceSettings) {
			s.Cases = []SweepCase{sweepCase("x")}
			s.Cases[0].Target.How = "x"
		}, `a token is named by "x"`},
		{"another model's", func(s *EvidenceSettings) { s.Neurons[2] = unit(2, 0) }, "outside this model"},
	})
	if got := good().Total(); got != -1 {
		t.Errorf("the total is %g", got)
	}
}
