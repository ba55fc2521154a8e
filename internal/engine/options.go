package engine

// Options choose what computes a model. The zero value is right for most.
type Options struct {
	Backend string // one of Backends; "" is the first of them
}

// Backends are the names of what can compute, the default first.
var Backends = []string{"go"}
