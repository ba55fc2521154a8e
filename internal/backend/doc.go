// Package backend runs GoMLX graphs on the kernels of package kernel: a compute.Backend of our own. Its name is "native".
//
//	b := backend.New(0)                       // workers: 0 stands for GOMAXPROCS
//	defer b.Close()
//	w, err := b.Weight(matrix)                // a packed weight, as an input of logical shape [N,K], float32
//	exec, err := graph.NewExec(b, build)      // or b.Builder(name), as package compute has it
//
// # From operations to steps
//
// A builder records the operations that GoMLX tells it of and infers their shapes (record_*.go). Compile turns them into steps
// (compile.go): what only moves numbers becomes a view with other strides where its readers can follow them (view.go), elementwise
// and rowwise operations are gathered in groups that go over rows once (group.go), products go to package kernel (product.go),
// and the memory of what is computed on the way is laid out in one arena by first and last uses (storage.go). A call
// takes an arena, and memory for the outputs, from a pool and runs the steps in order (executable.go).
//
// # Weights
//
// A [kernel.Matrix] lies in memory as the checkpoint stores it. As a buffer it has the logical shape [N,K] and type float32.
// Products over either axis and look-ups of rows read it as it lies; whatever else reads it gets it widened for that call.
//
// # What is implemented
//
// Elementwise operations, reductions, products, Gather and everything that moves numbers, of bools, integers and floats of all
// sizes; halves are stored as such and computed in float32. Capabilities lists the operations. What is not implemented, complex
// numbers and control flow among it, is an error that names the operation when the graph is built.
//
// # Workers
//
// Calls share a team of workers (team.go): the caller works itself, helpers take chunks of the active calls in turn. A row or a panel
// of an output is computed by one worker in one order, so that neither the number of workers nor other calls nor a batch's
// neighbors change a bit.
//
// # Errors
//
// Bad input is an error: of the operation where the graph is built, of Execute where a buffer does not fit. Nothing here panics
// on what a caller hands over. A Backend, its buffers and executables may be used by several goroutines at a time; a builder by
// one.
package backend
