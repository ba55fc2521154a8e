package message

import "github.com/neuronsteer/neuronsteer/steer/engine"

// A Kind says what a request asks for.
type Kind struct {
	Name    string // in a request, e.g. "mean-activations"
	Task    string // in a mistake, e.g. "mean activations"
	Version int    // of the settings and of the record; part of the content address
}

// Settings is all that a request of one kind says. It is plain data: what it holds is what crosses a process boundary.
type Settings interface {
	Kind() Kind
	// Check reports all mistakes that can be seen without a model. It runs where a request is made and, since messages come
	// from anywhere, again where it is executed.
	Check() error
}

// Fitting is what settings can be that mean a particular model: neurons, vectors or layers.
type Fitting interface {
	Settings
	// Fits reports what this model does not have.
	Fits(shape engine.Shape) error
}
