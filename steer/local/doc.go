// Package local runs a model in this process: checkpoint, tokenizer and engine behind one steer.Runner, with results kept
// in the user's store.
//
//	m, err := local.Open(ctx, "teaching")
//	…
//	defer local.Close(m)
//
// A name that neuronsteer knows ("teaching", "smollm2-135m-instruct"), a Hugging Face folder or a GGUF file opens, and
// org/model[@revision] or org/model:Q4_K_M of the Hugging Face cache; nothing is downloaded. Weights are read when the first request needs them: one that the store can answer costs no load. A program that uses this
// package links the tokenizer library where it is built with cgo; `make env` in a clone prints the variables for that.
package local
