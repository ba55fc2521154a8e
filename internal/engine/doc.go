// Package engine computes with ids and numbers on one loaded model: it implements [steer.Engine] with the graph functions
// of package decoder on a GoMLX backend. It knows no text, no circuits and no requests.
//
//	m, err := checkpoint.Open(ctx, ref)
//	e, err := engine.New(ctx, decoder.FromCheckpoint(m.Config), m, engine.Options{}, nil)
//	defer e.Close()
//	r, err := e.Attribute(ctx, steer.Attribution{IDs: ids, Terms: terms, Rule: steer.RelP}, nil)
//	r.Scores[0]    // h'·∂m/∂h' of the first prompt [L,T,F]
//
// # How a call runs
//
//  1. batch.go checks the prompts and gives each token a row, without padding. Forward, prompts that begin alike share the
//     rows of their beginning; backward, every token has its own.
//  2. forward.go embeds them and runs the layers in groups (groups.go). An executable takes the weights of its group as
//     inputs, so one serves all groups whose layers attend alike; between two groups a call reports progress and ends when its context is done. What
//     is captured of a layer (capture.go) is a further output of its group.
//  3. attribute.go seeds the backward pass with the terms (seed.go; log-probabilities in logprob.go), and runs the groups
//     backward on the tapes of the forward pass. Of a long prompt only the last groups' tapes are kept; the groups below are
//     run again, one by one (tapes.go). Sums over rows, such as the terms of the conservation identity, and over
//     the vocabulary are taken on the host in float64.
//     From the last layer the rows alone go on that are read: of the terms, and the last of each prompt (picks.go). So it is in
//     every other call that asks for no activations and not for all logits.
//  4. decode.go runs a position at a time against cached keys and values (cache.go).
//  5. variants.go runs many edits on the same prompts in batches of at most 256 rows, so that a sweep of any size takes the memory
//     of one batch. What an edit leaves alone (extent.go) is not run for it: the prompts as they are run once
//     (variants_original.go), and each batch enters where the first of its edits acts, before a layer or at its neurons, after
//     attention; rows before an edit's first position are those of all; layers after its last take no edit. Edits are dealt out
//     to batches so that the least is computed (variants_parts.go).
//  6. edit.go uploads an intervention as inputs of the graphs, a group at a time: no setting compiles anything. An edit has
//     at most four shapes ([B',T',·] with B' 1 or B, T' 1 or T); what it leaves nil is filled in with neutral values of the
//     same shape, its vectors are part of it, and what it puts at single neurons and
//     heads is written there too (edit_puts.go). What graphs are made for is its form (edit_form.go): how many stages it has,
//     which of them take directions out, and where their conditions read. What conditions have decided goes from group to
//     group beside the residual stream [R,G]. One by prompt is settled when a session begins (settled.go).
//  7. head.go reads vectors in the vocabulary, and gives what each neuron writes.
//
// After each group finite.go looks at the residual stream: numbers that float32 does not hold end the call, with the layer
// that made them.
//
// Before anything is allocated a call asks for the memory that it will take (need.go), which its shape tells; package
// memory knows what there is, and lends it. A prompt of more than 192 tokens attends in blocks of 64 queries, which leave out what causality hides (limits.go), so that memory grows with the number
// of its tokens: the attribution of 2,000 tokens of SmolLM2-135M adds 1.4 GB to the weights, of which the scores are 0.4.
//
// Every device tensor of a call belongs to its scope (scope.go), which frees them when the call ends, however it ends.
// Compiled graphs and rotary tables are kept for the shapes last used (lru.go), so memory is bounded.
//
// # Numbers
//
// Weights and arithmetic are float32. The same call gives the same bits, also beside other calls; a batch gives what its
// prompts give alone within 1e-5 of the largest number, and so does cached decoding against recomputing.
//
// # Memory and speed
//
// On the native backend a model takes what its file takes, elsewhere 4 bytes a weight. Settings of the whole process are left to the
// program: GOGC=25 costs nothing here, because the weights are no garbage, and saves as much memory again; a GOMEMLIMIT
// near the size of the weights makes the collector run without end. A call that takes more than 768 MB has garbage collected
// between its groups.
//
// # Backends
//
// What computes is named by [Options]. The native backend, the default, takes matrices as their files store them
// (stored.go); GoMLX's own Go backend takes them as float32, and is what the others are compared with; XLA through a PJRT
// plugin is for CUDA: go build -tags xla. The same graphs run on each, and the same golden data hold.
//
// # Errors
//
// Errors are [steer.Error] values, or the context's own. A panic while a graph is built or run becomes a steer.Internal:
// the one fence of the module is here.
package engine
