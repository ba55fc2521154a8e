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
// alone: Tokens, Predict, Attribute, Generate, Capture, Contrast, ControlVector, Decompose, MeanActivations, and the
// selections of Scores. The engine is asked directly only for edits at single positions.
//
// The selections are the reference's: "threshold" is Candidates(200) before Cumulative, "thresholdDense" is Cumulative
// alone, "percentage" is Percent of the target's logit. The prompts of contrast/NAME and control/NAME of the second format
// are those of the model's behaviors.json, in the folder of the cases or the one above; without it they are not compared.
//
// A file states no tolerance for lists of the strongest of an array that has one in relative L2, nor for shares of it.
// From ‖got − want‖ ≤ ε‖want‖ follows that a number is off by ε‖want‖ at most, and a share by 2ε; that is what they are
// held to. A sum of |scores| is held to attributionRelL2 of itself.
//
// Shapes: L layers, T positions, F neurons of a layer, V vocabulary. h and attributions are [L,T,F], logits [T,V].
// Differences are largest absolute ones, or relative L2 (‖got−want‖/‖want‖) where the line says so.
package golden
