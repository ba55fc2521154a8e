// Package engine is the seam between what is asked ([steer], internal/execute) and what computes: an [Engine] works with ids
// and numbers, a [Tokenizer] turns text into ids and back, and the plain types here are all that crosses between them. A
// notebook needs none of it but the few names that package steer repeats.
//
// A mistake crosses too: an [Error] says what, where and what to type next, and survives a process boundary.
//
// The letters are the same everywhere: B prompts of a batch, L layers, T positions, F neurons of a layer, D width of the
// residual stream, H heads, V vocabulary. Arrays are row-major float32.
//
// Every Engine passes steertest.TestEngine.
//
// [steer]: https://pkg.go.dev/github.com/neuronsteer/neuronsteer/steer
package engine
