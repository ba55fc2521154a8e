// Package kerneltest runs cells in a real GoNB kernel from Go tests: it starts the kernel through Jupyter's own client,
// executes, interrupts, restarts and kills it, and knows which processes on the machine belong to the test.
//
// The tests that use it have the build tag kernel. They need what `make setup` and `make build` leave in the clone, and
// `make test` runs them.
package kerneltest
