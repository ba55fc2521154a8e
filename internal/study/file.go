package study

import "github.com/neuronsteer/neuronsteer/steer"

// A Study is what a file says, read and checked.
type Study struct {
	Name       string      `about:"what the study is called"                                      yaml:"name"`
	Model      string      `about:"name or path of the model, as everywhere: teaching"            yaml:"model"`
	Backend    string      `about:"auto, or how the name of what computes begins: go"             yaml:"backend"`
	Seed       uint64      `about:"of random controls, random scores, resamples and drawn tokens" yaml:"seed"`
	Behaviors  []Behavior  `about:"what is looked into"                                           yaml:"behaviors"`
	Analyses   []Analysis  `about:"what is asked of each behavior as a whole"                     yaml:"analyses"`
	Methods    []Method    `about:"ways to score units"                                           yaml:"methods"`
	Selections []Selection `about:"ways to choose a circuit from scores"                          yaml:"selections"`
	Tests      []Test      `about:"what is done with each circuit"                                yaml:"tests"`

	source  []byte            // the file
	digest  string            // SHA-256 of the file and its data
	vectors map[string]string // where the vector files of tests are
	sums    []byte            // the digests of their bytes
}

// A Behavior is examples with targets, pairs of prompts, or both.
type Behavior struct {
	Name         string          `about:"names a folder of results"                                             yaml:"name"`
	Examples     []steer.Example `about:"prompts with a target and, better, a counterfactual"                   yaml:"examples"`
	ExamplesFile string          `about:"a file of examples in place of examples, from the folder of the study" yaml:"examples_file"`
	Pairs        []steer.Pair    `about:"pairs of prompts that differ in one thing, for contrasts and vectors"  yaml:"pairs"`
	PairsFile    string          `about:"a file of pairs in place of pairs, from the folder of the study"       yaml:"pairs_file"`
	Chat         bool            `about:"all prompts are users' turns"                                          yaml:"chat"`
	System       string          `about:"the system prompt of the prompts that have none"                       yaml:"system"`
	Prefill      string          `about:"how answers begin, of the prompts that have none"                      yaml:"prefill"`

	unread bool // a file of data could not be read, which is a mistake already
}

// A Method is a way to score neurons.
type Method struct {
	Name          string  `about:"names a folder of results"                                                           yaml:"name"`
	Kind          string  `about:"how units are scored"                                                                yaml:"kind"`
	Rule          string  `about:"what the backward pass holds constant"                                               yaml:"rule"`
	Steps         int     `about:"of integrated-gradients"                                                             yaml:"steps"`
	Aggregate     string  `about:"how the scores of examples become one: their mean, or any example that has the unit" yaml:"aggregate"`
	AnyPercent    float64 `about:"with aggregate any: the share of each example's metric that a unit must have"        yaml:"any_percent"`
	RunnerUp      bool    `about:"against the model's best other token where an example names none"                    yaml:"runner_up"`
	WholeAnswers  bool    `about:"targets may be of several tokens: their log-probability is explained"                yaml:"whole_answers"`
	OverAnswer    bool    `about:"the mean over the tokens of the answer in place of the last one"                     yaml:"over_answer"`
	Space         string  `about:"what the vector is a direction of"                                                   yaml:"space"`
	Vector        string  `about:"how the vector is made of the pairs"                                                 yaml:"vector"`
	SkipFirst     bool    `about:"leave the first position out of rankings"                                            yaml:"skip_first"`
	KeepBOS       bool    `about:"keep a real BOS in rankings"                                                         yaml:"keep_bos"`
	LastPositions int     `about:"count the last positions alone, as many as given"                                    yaml:"last_positions"`
}

// A Selection is a way to choose a circuit from scores: steer.Scores' methods of the same names.
type Selection struct {
	Name             string  `about:"names the files of circuits"                                                                  yaml:"name"`
	TopK             int     `about:"as many units, each counted once"                                                             yaml:"top_k"`
	TopEntries       int     `about:"as many entries, which are units at a position"                                               yaml:"top_entries"`
	All              string  `about:"everything that the rest keeps: neurons or entries"                                           yaml:"all"`
	Heads            bool    `about:"of attention heads in place of neurons"                                                       yaml:"heads"`
	Positive         bool    `about:"those alone that support the target"                                                          yaml:"positive"`
	Negative         bool    `about:"those alone that oppose it"                                                                   yaml:"negative"`
	Layers           []int   `about:"first and last layer"                                                                         yaml:"layers"`
	Candidates       int     `about:"of every layer and position this many of the largest alone, before anything else is left out" yaml:"candidates"`
	Percent          float64 `about:"what alone has at least this share of the metric"                                             yaml:"percent"`
	PerLayer         int     `about:"as many of each layer"                                                                        yaml:"per_layer"`
	Cumulative       float64 `about:"the fewest that have this share of the sum of sizes"                                          yaml:"cumulative"`
	WithoutUniversal bool    `about:"leave out neurons that are active whatever the text"                                          yaml:"without_universal"`
}

// A Test is something that is done with a circuit.
type Test struct {
	Name        string    `about:"names the files of results"                                                                             yaml:"name"`
	Kind        string    `about:"what is done with a circuit"                                                                            yaml:"kind"`
	Multipliers []float64 `about:"what the circuit is multiplied by: 0 ablates, 1 changes nothing; of a calibration the one to go toward" yaml:"multipliers"`
	Controls    int       `about:"random circuits beside it"                                                                              yaml:"controls"`
	Ablation    string    `about:"what the other units, or a patched one, are set to"                                                     yaml:"ablation"`
	Sizes       []int     `about:"how many of the first units are kept"                                                                   yaml:"sizes"`
	Percentages []float64 `about:"which share of the units is kept, 0 to 100"                                                             yaml:"percentages"`
	KeepFirst   bool      `about:"leave the first position as it is"                                                                      yaml:"keep_first"`
	Pairs       bool      `about:"two by two as well, for their synergy"                                                                  yaml:"pairs"`
	KL          *float64  `about:"the budget: a divergence from the unsteered model, in nats"                                             yaml:"kl"`
	Target      *float64  `about:"or the effect to reach, in logits, on the test half"                                                    yaml:"target"`
	Limit       *float64  `about:"how far to go at most, as a multiple"                                                                   yaml:"limit"`
	Targets     int       `about:"entries of the circuit that are targets; 0: 30"                                                         yaml:"targets"`
	Direct      bool      `about:"without paths through other MLPs"                                                                       yaml:"direct"`
	Groups      int       `about:"their number; 0: as many as fit best"                                                                   yaml:"groups"`
	SideEffects bool      `about:"measure what scaling does to neutral texts"                                                             yaml:"side_effects"`
	Texts       []string  `about:"the neutral texts, in place of twenty that come along"                                                  yaml:"texts"`
	Continue    *int      `about:"tokens by which each neutral text is continued"                                                         yaml:"continue"`
	SkipBOS     bool      `about:"leave a real BOS unscaled"                                                                              yaml:"skip_bos"`
	Prompted    string    `about:"an instruction to measure beside the circuit"                                                           yaml:"prompted"`
	Prompts     []string  `about:"what is continued"                                                                                      yaml:"prompts"`
	Chat        bool      `about:"prompts are users' turns"                                                                               yaml:"chat"`
	MaxTokens   int       `about:"new tokens at most"                                                                                     yaml:"max_tokens"`
	Temperature *float64  `about:"tokens are drawn, with the study's seed: sharper below 1, flatter above"                                yaml:"temperature"`
	TopK        int       `about:"draw from the likeliest tokens, as many as given"                                                       yaml:"top_k"`
	TopP        *float64  `about:"draw from the fewest likely tokens that have this share of the probability"                             yaml:"top_p"`
	MinP        float64   `about:"draw from tokens that have this share of the probability of the likeliest"                              yaml:"min_p"`
	Penalty     *float64  `about:"divide the logits of tokens that were there already"                                                    yaml:"repetition_penalty"`
	Stop        []string  `about:"end a text before any of these"                                                                         yaml:"stop"`
	When        *float64  `about:"act only where the projection on a vector is above this number"                                         yaml:"when"`
	ByPrompt    bool      `about:"with when: the prompt's last token decides for all of it"                                               yaml:"by_prompt"`
	ProjectOut  *float64  `about:"how much of the vector's direction is taken out"                                                        yaml:"project_out"`
	VectorLayer *int      `about:"with when or project_out: the layer of the vector"                                                      yaml:"vector_layer"`
	VectorFile  string    `about:"with when or project_out: a file of the vector, in place of the one of the behavior's pairs"            yaml:"vector_file"`
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
