// Package behavior makes the data sets below testdata: prompts on which a model shows a behavior or does not, each with the
// word that shows it and one that does not.
//
//	for _, s := range behavior.Generated() {
//		fmt.Println(s.Name, behavior.Leakage(s.Examples, s.Frame...))
//	}
//
// A set is made from word lists by a fixed seed, so it is the same everywhere; `go generate ./internal/behavior` writes the
// files again. Each is a list of steer.Example, one JSON object a line, with its split.
//
//	capitals     The capital of France is             Paris, not the capital of another country
//	agreement    The keys near the cabinet            are, not is: the number of the subject, not of the nearer noun
//	sentiment    I loved the film. It was             wonderful, not terrible
//	successor    two, three, four,                    five, not another number
//	antonyms     The opposite of hot is               cold, not another pair's word
//
// # Splits
//
// Published sets of this kind share their words between training and test: of the subject–verb prompts of Marks et al.
// (arXiv 2403.19647), as they are shipped with TransluceAI/circuits, 94 % of the simple test rows occur in the training
// rows too. A circuit that is found on such a set and tested on it may know words instead of the behavior. Here a word is
// in one split only: countries and their capitals, nouns, verbs of liking, items and adjectives, members of a series, pairs
// of antonyms. Shared are the words of the frame and, for agreement, the answers is and are, which are all there are.
//
// Leakage counts what a set shares, its own or any other: `go run ./internal/behavior/generate -check FILE...` prints it.
//
// # What they are not
//
// That a set exists does not mean that a model shows the behavior: ask Model.Baseline first. What it says of these (first
// choice, target before counterfactual, mean difference of logits):
//
//	             teaching model             SmolLM2-135M-Instruct, Q4_1
//	agreement    96 and 96 of 96, +7.96      9 and 77 of 96, +1.53
//	antonyms     –                          44 and 64 of 64, +7.84
//	capitals     –                          26 and 36 of 36, +9.91
//	sentiment     6 and 48 of 48, +6.21      0 and 35 of 48, +2.84
//	successor    –                          21 and 41 of 42, +3.05
//
// Every answer is one token of SmolLM2's vocabulary with a leading space. The teaching model knows fewer words (–); it has
// behaviors of its own, below testdata/teaching/behaviors, which are copied from its behaviors.json as they are: without
// splits, so that the first half of each is for training, with words, but no prompts, in both halves.
package behavior

//go:generate go run ./generate -out ../../testdata
