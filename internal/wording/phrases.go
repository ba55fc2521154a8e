package wording

import "regexp"

// A phrase is what a hint says in Go, and what each surface says instead; nothing where the surface has no word for it
// and the advice goes, cut where the advice is whole without the phrase.
type phrase struct {
	goes  *regexp.Regexp
	words [3]string // Session, Study, Command
}

// cut leaves the phrase out and nothing else.
const cut = "-"

func in(pattern, session, study, command string) phrase {
	return phrase{regexp.MustCompile(pattern), [3]string{session, study, command}}
}

// phrases are the settings that have a word elsewhere. Quoted text stands in the patterns as NUL, number, NUL.
var phrases = []phrase{
	in(`SkipFirst\(\)`, "", "skip_first: true", ""),
	in(`KeepBOS\(\)`, "", "keep_bos: true", ""),
	in(`\bControls\((\d+)\)`, "", "controls: $1", ""),
	in(`draw with TopK\((\d+)\), or TopK\(0\) for all tokens`, "use -top-k $1, or 0 for all tokens", "top_k: $1, or 0 for all tokens", "use -top-k $1, or 0 for all tokens"),
	in(`draw with TopP\(([^()]*)\), or TopP\(1\) for all tokens`, "use -top-p $1, or 1 for all tokens", "top_p: $1, or 1 for all tokens", "use -top-p $1, or 1 for all tokens"),
	in(`draw with MinP\(([^()]*)\), or MinP\(0\) for all tokens`, "use -min-p $1, or 0 for all tokens", "min_p: $1, or 0 for all tokens", "use -min-p $1, or 0 for all tokens"),
	in(`(?:use|add) Temperature\(1\)`, "use -temperature 1", "temperature: 1", "use -temperature 1"),
	in(`use RepetitionPenalty\(1\.1\), or RepetitionPenalty\(1\) for none`, "use -repetition-penalty 1.1, or 1 for none", "repetition_penalty: 1.1, or 1 for none", "use -repetition-penalty 1.1, or 1 for none"),
	in(`use Stop\((\x00\d+\x00)\)`, "use -stop $1", "stop: [$1]", "use -stop $1"),
	in(`\bTopK\((-?\d+)\) (is about|draws)`, "-top-k $1 $2", "top_k: $1 $2", "-top-k $1 $2"),
	in(`\bTemperature\(([^()]*)\)`, "-temperature $1", "temperature: $1", "-temperature $1"),
	in(`\bTopP\(([^()]*)\)`, "-top-p $1", "top_p: $1", "-top-p $1"),
	in(`\bMinP\(([^()]*)\)`, "-min-p $1", "min_p: $1", "-min-p $1"),
	in(`\bRepetitionPenalty\(([^()]*)\)`, "-repetition-penalty $1", "repetition_penalty: $1", "-repetition-penalty $1"),
	in(`\bSeed\((\d+)\)`, "-seed $1", "seed: $1", "-seed $1"),
	in(`\bTopK\((\d+)\)`, "top$1", "top_k: $1", ""),
	in(`\bTop\((\d+)\)`, "top $1", "", ""),
	in(`\bPerLayer\((\d+)\)`, "", "per_layer: $1", ""),
	in(`\bMaxTokens\((\d+)\)`, "", "max_tokens: $1", ""),
	in(` or lower MaxTokens`, cut, " or lower max_tokens", cut),
	in(`add Target\((\x00\d+\x00)\)`, "type discover $1", "add target: $1", ""),
	in(`add Of\(\x00\d+\x00\)`, "", "", ""),
	in(`, or score (?:the whole answer|whole answers) with (?:TargetText|WholeAnswers)\([^()]*\)`, cut, ", or score whole answers with whole_answers: true", cut),
	in(`VersusRunnerUp\(\)`, "", "runner_up: true", ""),
	in(`Layers\((-?\d+), (-?\d+)\)`, "", "layers: [$1, $2]", ""),
	in(`leave out Chat, System and Prefill`, "type chat off", "leave out chat, system and prefill", ""),
	in(`steer\.RelP, steer\.Frozen or steer\.Gradient`, "", "relp, frozen or gradient", ""),
	in(`From\(steer\.Residual\), From\(steer\.MLP\) or From\(steer\.Neurons\)`, "", "space: residual, mlp or neurons", ""),
	in(`Method\(steer\.MeanDiff\) or Method\(steer\.PCA\)`, "", "vector: mean-diff or pca", ""),
	in(`name a file that Circuit\.Save wrote`, "name a file that save wrote", "", ""),
	in(`select some neurons, e\.g\. TopK\(\d+\)`, "type discover", "", ""),
	in(`set NEURONSTEER_FEATURES to a folder, or use In\(dir\)`, "start neuronsteer repl with -circuits DIR", "", ""),
	in(`m\.Feature\((\x00\d+\x00)\)`, "save $1", "", ""),
	in(`, or make the vector anew with m\.ControlVector`, cut, cut, cut),
	in(`Decomposition\.R2`, "", "R²", "R²"),
}
