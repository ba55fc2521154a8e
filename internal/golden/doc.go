// Package golden checks a model against golden cases: folders of numbers that an independent implementation computed.
//
//	ok, err := golden.Run(ctx, []string{"testdata/golden/tiny-llama"}, golden.Options{Open: open, Out: os.Stdout})
//
// A folder holds golden.json and golden.safetensors, in one of two formats. Both are read as they are; nothing is known
// about a case but what its files say.
//
//   - Prompts: a list "prompts" with texts, ids, metrics, selections, steered runs; float64 numbers, stored as float32.
//   - Cases: an object "cases" with texts and tensors named <case>/<quantity>, as the teaching model has them.
//
// The model is the one that Options names; else the folder itself where it holds a config.json; else the folder above
// it; else what golden.json calls its model.
//
// # What is printed
//
// One line for every case and quantity: the largest difference, the tolerance that the file states, and ok or MISS. A
// NaN, a wrong shape, an error of the task and a tolerance that the file does not state are misses. A text that differs
// where the best two tokens are closer than twice the tolerance of a logit is no test of a program in another precision:
// it is reported as a near tie, never as passed.
//
// A folder ends with every key and tensor that was not compared, each with its reason. One without a reason fails the
// folder: a file never holds a number that silently went unread.
//
// # What is compared with what
//
// Wherever the public tasks of package steer can express a case they are used, because that proves more than the engine
// alone: Tokens, Predict, Attribute, Generate and the selections of Scores. The engine is asked directly for what no task
// returns yet: logits and h at every position, and edits at single positions.
//
// Shapes: L layers, T positions, F neurons of a layer, V vocabulary. h and attributions are [L,T,F], logits [T,V].
// Differences are largest absolute ones, or relative L2 (‖got−want‖/‖want‖) where the line says so.
package golden
