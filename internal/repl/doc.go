// Package repl is a session with one model in a terminal: set a prompt, find the circuit behind what the model says, and
// watch the model without it.
//
//	neuron> prompt The capital of France is
//	neuron> discover " Paris"
//	neuron> ablate top10
//	neuron> top
//
// A session reads lines from anything that has ReadLine: [OpenTerminal] edits them, with history and completion, and
// [Plain] takes them from a pipe or a file. Every mistake is a line of the output; only quit, exit and the end of the
// input end a session. An interrupt (Ctrl-C) stops the command that runs and nothing else.
//
// # Words
//
// Tokens and names stand as they are or in quotes. Double quotes keep white space and know Go's escapes ("\n"), single
// quotes keep everything as it is. A word without quotes is taken as typed: no space is added to it or taken from it, so
// discover Austin and discover " Austin" name two different tokens. The prompt is the rest of its line; in double quotes
// it may begin or end with white space.
//
// # Targets
//
// ablate and amplify act on L23/N8079 (one neuron of the circuit), topN (its N strongest), or all (the default).
//
// # Examples and vectors
//
// examples takes a file of examples: behavior then finds a circuit on one half of them, and words that measure (baseline, sweep,
// faithful, patch, instruct, methods, stability, verdict) work on them in place of the circuit's own prompt. pairs takes pairs of
// prompts, for contrast and vector; add and project steer by the vector, and after when every change acts only where the vector's
// projection after a layer is above a number.
//
// # Circuits
//
// save keeps the circuit with its provenance under a name (steer.Model.Feature) and load checks that it belongs to the
// model. load with a path reads a file, the reference implementation's too. Where a circuit was found on one prompt, load
// sets that prompt, as it was given: raw or as a chat.
package repl
