// Package trial answers what a reader of a page tries: another prompt, a neuron switched off, another dose. It is the whole of
// what the engine in a page (cmd/neuronsteer-wasm) can be asked, as JSON, and the same anywhere else.
package trial
