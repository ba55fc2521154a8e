package study

import "github.com/neuronsteer/neuronsteer/steer"

// A Study is what a file says, read and checked.
type Study struct {
	Name       string      `yaml:"name"`
	Model      string      `yaml:"model"`
	Backend    string      `yaml:"backend"` // "auto", or how the engine's name begins, e.g. "go"
	Seed       uint64      `yaml:"seed"`    // of random controls, random scores and resamples
	Behaviors  []Behavior  `yaml:"behaviors"`
	Analyses   []Analysis  `yaml:"analyses"`
	Methods    []Method    `yaml:"methods"`
	Selections []Selection `yaml:"selections"`
	Tests      []Test      `yaml:"tests"`

	source  []byte            // the file
	digest  string            // SHA-256 of the file and its data
	vectors map[string]string // where the vector files of tests are
	sums    []byte            // the digests of their bytes
}

// A Behavior is examples with targets, pairs of prompts, or both.
type Behavior struct {
	Name         string          `yaml:"name"`
	Examples     []steer.Example `yaml:"examples"`
	ExamplesFile string          `yaml:"examples_file"`
	Pairs        []steer.Pair    `yaml:"pairs"`
	PairsFile    string          `yaml:"pairs_file"`
	Chat         bool            `yaml:"chat"`    // all prompts are users' turns
	System       string          `yaml:"system"`  // of the prompts that have none
	Prefill      string          `yaml:"prefill"` //

	unread bool // a file of data could not be read, which is a mistake already
}

// A Method is a way to score neurons.
type Method struct {
	Name          string  `yaml:"name"`
	Kind          string  `yaml:"kind"`        // attribution, contrast, decomposition, random
	Rule          string  `yaml:"rule"`        // attribution: relp (default), frozen, constant-qk-norm, gradient, integrated-gradients
	Steps         int     `yaml:"steps"`       // attribution, integrated-gradients; 0: 20
	Aggregate     string  `yaml:"aggregate"`   // attribution: mean (default), any
	AnyPercent    float64 `yaml:"any_percent"` // attribution, any: of each example's metric
	RunnerUp      bool    `yaml:"runner_up"`   // attribution: against the model's best other token where none is named
	WholeAnswers  bool    `yaml:"whole_answers"`
	OverAnswer    bool    `yaml:"over_answer"`    // contrast
	Space         string  `yaml:"space"`          // decomposition: residual (default), mlp, neurons
	Vector        string  `yaml:"vector"`         // decomposition: mean-diff (default), pca
	SkipFirst     bool    `yaml:"skip_first"`     // attribution
	KeepBOS       bool    `yaml:"keep_bos"`       // attribution
	LastPositions int     `yaml:"last_positions"` // attribution
}

// A Selection is a way to choose a circuit from scores: steer.Scores' methods of the same names.
type Selection struct {
	Name             string  `yaml:"name"`
	TopK             int     `yaml:"top_k"`
	TopEntries       int     `yaml:"top_entries"`
	All              string  `yaml:"all"`   // "neurons" or "entries": everything that the rest keeps
	Heads            bool    `yaml:"heads"` // of attention heads in place of neurons: steer.Scores.Heads
	Positive         bool    `yaml:"positive"`
	Negative         bool    `yaml:"negative"`
	Layers           []int   `yaml:"layers"` // first and last
	Candidates       int     `yaml:"candidates"`
	Percent          float64 `yaml:"percent"`
	PerLayer         int     `yaml:"per_layer"`
	Cumulative       float64 `yaml:"cumulative"`
	WithoutUniversal bool    `yaml:"without_universal"` // steer.Model.Universal of its own texts
}

// A Test is something that is done with a circuit.
type Test struct {
	Name        string    `yaml:"name"`
	Kind        string    `yaml:"kind"`         // sweep, continuations, faithfulness, calibrate, patch, edges, groups, verdict
	Multipliers []float64 `yaml:"multipliers"`  // sweep, continuations; calibrate: the one to go toward, 2 where none is given
	Controls    int       `yaml:"controls"`     // sweep, faithfulness: random circuits beside it
	Ablation    string    `yaml:"ablation"`     // faithfulness: mean (default); patch: zero (default); token, zero, patch or resample, as steer.Ablation has them
	Sizes       []int     `yaml:"sizes"`        // faithfulness; this and the following as steer.FaithfulnessTask has them
	Percentages []float64 `yaml:"percentages"`  // faithfulness
	KeepFirst   bool      `yaml:"keep_first"`   // faithfulness, patch
	Pairs       bool      `yaml:"pairs"`        // patch: two by two as well, for their synergy
	KL          *float64  `yaml:"kl"`           // calibrate: the budget in nats; this and the following as steer.CalibrateTask has them
	Target      *float64  `yaml:"target"`       // calibrate
	Limit       *float64  `yaml:"limit"`        // calibrate
	Targets     int       `yaml:"targets"`      // edges: entries that are targets; 0: 30
	Direct      bool      `yaml:"direct"`       // edges: without paths through other MLPs
	Groups      int       `yaml:"groups"`       // groups: their number; 0: as many as fit best
	SideEffects bool      `yaml:"side_effects"` // sweep
	Texts       []string  `yaml:"texts"`        // sweep: of the side effects; calibrate: of the divergence
	Continue    *int      `yaml:"continue"`     // sweep: tokens by which each text is continued
	SkipBOS     bool      `yaml:"skip_bos"`     // sweep
	Prompted    string    `yaml:"prompted"`     // sweep: an instruction to measure beside the circuit
	Prompts     []string  `yaml:"prompts"`      // continuations
	Chat        bool      `yaml:"chat"`         // continuations: prompts are users' turns
	MaxTokens   int       `yaml:"max_tokens"`   // continuations; 0: 50
	Temperature *float64  `yaml:"temperature"`  // continuations: tokens are drawn, with the study's seed; this and the following as steer.GenerateTask has them
	TopK        int       `yaml:"top_k"`
	TopP        *float64  `yaml:"top_p"`
	MinP        float64   `yaml:"min_p"`
	Penalty     *float64  `yaml:"repetition_penalty"`
	Stop        []string  `yaml:"stop"`
	When        *float64  `yaml:"when"`         // sweep, calibrate, continuations: the circuit is scaled only where the projection on a vector is above it
	ByPrompt    bool      `yaml:"by_prompt"`    // with when: the prompt's last token decides for all of it
	ProjectOut  *float64  `yaml:"project_out"`  // continuations: how much of the vector's direction is taken out
	VectorLayer *int      `yaml:"vector_layer"` // with when or project_out: the layer of the vector
	VectorFile  string    `yaml:"vector_file"`  // with when or project_out: the vector, in place of the one of the behavior's own pairs
}

// examples returns the behavior's examples with its chat settings.
func (b Behavior) examples() steer.ExampleSet {
	out := make([]steer.Example, len(b.Examples))
	for i, e := range b.Examples {
		e.Chat, e.System, e.Prefill = e.Chat || b.Chat, or(e.System, b.System), or(e.Prefill, b.Prefill)
		out[i] = e
	}
	return steer.NewExamples(out...)
}

// pairs returns the behavior's pairs with its chat settings.
func (b Behavior) pairs() steer.PairSet {
	out := make([]steer.Pair, len(b.Pairs))
	for i, p := range b.Pairs {
		p.Chat, p.System, p.Prefill = p.Chat || b.Chat, or(p.System, b.System), or(p.Prefill, b.Prefill)
		out[i] = p
	}
	return steer.NewPairs(out...)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// integrated is the name of the rule that takes steps.
const integrated = "integrated-gradients"

// rule returns the method's rule.
func (m Method) rule() steer.Rule {
	if m.Rule == integrated {
		return steer.IntegratedGradients(m.Steps)
	}
	return steer.Rule(m.Rule)
}

// fits reports whether the behavior has the data that the method needs.
func (m Method) fits(b Behavior) bool {
	switch m.Kind {
	case "attribution":
		return len(b.Examples) > 0
	case "contrast", "decomposition":
		return len(b.Pairs) > 0
	}
	return true
}

// fits reports whether the behavior has the data that the test needs.
func (t Test) fits(b Behavior) bool {
	return t.Kind == "continuations" || b.examples().Test().Len() > 0
}
