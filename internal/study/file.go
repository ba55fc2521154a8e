package study

import "github.com/neuronsteer/neuronsteer/steer"

// A Study is what a file says, read and checked.
type Study struct {
	Name       string      `yaml:"name" about:"what the study is called"`
	Model      string      `yaml:"model" about:"name or path of the model, as everywhere: teaching"`
	Backend    string      `yaml:"backend" about:"auto, or how the name of what computes begins: go"`
	Seed       uint64      `yaml:"seed" about:"of random controls, random scores, resamples and drawn tokens"`
	Behaviors  []Behavior  `yaml:"behaviors" about:"what is looked into"`
	Analyses   []Analysis  `yaml:"analyses" about:"what is asked of each behavior as a whole"`
	Methods    []Method    `yaml:"methods" about:"ways to score units"`
	Selections []Selection `yaml:"selections" about:"ways to choose a circuit from scores"`
	Tests      []Test      `yaml:"tests" about:"what is done with each circuit"`

	source  []byte            // the file
	digest  string            // SHA-256 of the file and its data
	vectors map[string]string // where the vector files of tests are
	sums    []byte            // the digests of their bytes
}

// A Behavior is examples with targets, pairs of prompts, or both.
type Behavior struct {
	Name         string          `yaml:"name" about:"names a folder of results"`
	Examples     []steer.Example `yaml:"examples" about:"prompts with a target and, better, a counterfactual"`
	ExamplesFile string          `yaml:"examples_file" about:"a file of examples in place of examples, from the folder of the study"`
	Pairs        []steer.Pair    `yaml:"pairs" about:"pairs of prompts that differ in one thing, for contrasts and vectors"`
	PairsFile    string          `yaml:"pairs_file" about:"a file of pairs in place of pairs, from the folder of the study"`
	Chat         bool            `yaml:"chat" about:"all prompts are users' turns"`
	System       string          `yaml:"system" about:"the system prompt of the prompts that have none"`
	Prefill      string          `yaml:"prefill" about:"how answers begin, of the prompts that have none"`

	unread bool // a file of data could not be read, which is a mistake already
}

// A Method is a way to score neurons.
type Method struct {
	Name          string  `yaml:"name" about:"names a folder of results"`
	Kind          string  `yaml:"kind" about:"how units are scored"`
	Rule          string  `yaml:"rule" about:"what the backward pass holds constant"`
	Steps         int     `yaml:"steps" about:"of integrated-gradients"`
	Aggregate     string  `yaml:"aggregate" about:"how the scores of examples become one: their mean, or any example that has the unit"`
	AnyPercent    float64 `yaml:"any_percent" about:"with aggregate any: the share of each example's metric that a unit must have"`
	RunnerUp      bool    `yaml:"runner_up" about:"against the model's best other token where an example names none"`
	WholeAnswers  bool    `yaml:"whole_answers" about:"targets may be of several tokens: their log-probability is explained"`
	OverAnswer    bool    `yaml:"over_answer" about:"the mean over the tokens of the answer in place of the last one"`
	Space         string  `yaml:"space" about:"what the vector is a direction of"`
	Vector        string  `yaml:"vector" about:"how the vector is made of the pairs"`
	SkipFirst     bool    `yaml:"skip_first" about:"leave the first position out of rankings"`
	KeepBOS       bool    `yaml:"keep_bos" about:"keep a real BOS in rankings"`
	LastPositions int     `yaml:"last_positions" about:"count the last positions alone, as many as given"`
}

// A Selection is a way to choose a circuit from scores: steer.Scores' methods of the same names.
type Selection struct {
	Name             string  `yaml:"name" about:"names the files of circuits"`
	TopK             int     `yaml:"top_k" about:"as many units, each counted once"`
	TopEntries       int     `yaml:"top_entries" about:"as many entries, which are units at a position"`
	All              string  `yaml:"all" about:"everything that the rest keeps: neurons or entries"`
	Heads            bool    `yaml:"heads" about:"of attention heads in place of neurons"`
	Positive         bool    `yaml:"positive" about:"those alone that support the target"`
	Negative         bool    `yaml:"negative" about:"those alone that oppose it"`
	Layers           []int   `yaml:"layers" about:"first and last layer"`
	Candidates       int     `yaml:"candidates" about:"of every layer and position this many of the largest alone, before anything else is left out"`
	Percent          float64 `yaml:"percent" about:"what alone has at least this share of the metric"`
	PerLayer         int     `yaml:"per_layer" about:"as many of each layer"`
	Cumulative       float64 `yaml:"cumulative" about:"the fewest that have this share of the sum of sizes"`
	WithoutUniversal bool    `yaml:"without_universal" about:"leave out neurons that are active whatever the text"`
}

// A Test is something that is done with a circuit.
type Test struct {
	Name        string    `yaml:"name" about:"names the files of results"`
	Kind        string    `yaml:"kind" about:"what is done with a circuit"`
	Multipliers []float64 `yaml:"multipliers" about:"what the circuit is multiplied by: 0 ablates, 1 changes nothing; of a calibration the one to go toward"`
	Controls    int       `yaml:"controls" about:"random circuits beside it"`
	Ablation    string    `yaml:"ablation" about:"what the other units, or a patched one, are set to"`
	Sizes       []int     `yaml:"sizes" about:"how many of the first units are kept"`
	Percentages []float64 `yaml:"percentages" about:"which share of the units is kept, 0 to 100"`
	KeepFirst   bool      `yaml:"keep_first" about:"leave the first position as it is"`
	Pairs       bool      `yaml:"pairs" about:"two by two as well, for their synergy"`
	KL          *float64  `yaml:"kl" about:"the budget: a divergence from the unsteered model, in nats"`
	Target      *float64  `yaml:"target" about:"or the effect to reach, in logits, on the test half"`
	Limit       *float64  `yaml:"limit" about:"how far to go at most, as a multiple"`
	Targets     int       `yaml:"targets" about:"entries of the circuit that are targets; 0: 30"`
	Direct      bool      `yaml:"direct" about:"without paths through other MLPs"`
	Groups      int       `yaml:"groups" about:"their number; 0: as many as fit best"`
	SideEffects bool      `yaml:"side_effects" about:"measure what scaling does to neutral texts"`
	Texts       []string  `yaml:"texts" about:"the neutral texts, in place of twenty that come along"`
	Continue    *int      `yaml:"continue" about:"tokens by which each neutral text is continued"`
	SkipBOS     bool      `yaml:"skip_bos" about:"leave a real BOS unscaled"`
	Prompted    string    `yaml:"prompted" about:"an instruction to measure beside the circuit"`
	Prompts     []string  `yaml:"prompts" about:"what is continued"`
	Chat        bool      `yaml:"chat" about:"prompts are users' turns"`
	MaxTokens   int       `yaml:"max_tokens" about:"new tokens at most"`
	Temperature *float64  `yaml:"temperature" about:"tokens are drawn, with the study's seed: sharper below 1, flatter above"`
	TopK        int       `yaml:"top_k" about:"draw from the likeliest tokens, as many as given"`
	TopP        *float64  `yaml:"top_p" about:"draw from the fewest likely tokens that have this share of the probability"`
	MinP        float64   `yaml:"min_p" about:"draw from tokens that have this share of the probability of the likeliest"`
	Penalty     *float64  `yaml:"repetition_penalty" about:"divide the logits of tokens that were there already"`
	Stop        []string  `yaml:"stop" about:"end a text before any of these"`
	When        *float64  `yaml:"when" about:"act only where the projection on a vector is above this number"`
	ByPrompt    bool      `yaml:"by_prompt" about:"with when: the prompt's last token decides for all of it"`
	ProjectOut  *float64  `yaml:"project_out" about:"how much of the vector's direction is taken out"`
	VectorLayer *int      `yaml:"vector_layer" about:"with when or project_out: the layer of the vector"`
	VectorFile  string    `yaml:"vector_file" about:"with when or project_out: a file of the vector, in place of the one of the behavior's pairs"`
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
