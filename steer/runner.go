package steer

import "context"

// A Runner runs requests: in this process (steer/local), in the resident one, over pipes, or from files around another
// Runner. It is safe for concurrent use. Run returns when the record is complete, when ctx is done or on an error; where
// emit has ended ctx, Run gives ctx.Err(), however near the record was. emit is called from Run's goroutine, never after Run
// has returned, and may be nil.
//
// One that knows the digests of its model without running anything says so by a second method, Identity(ctx) (Identity,
// error); others are asked by a request of the kind "model".
//
// Every implementation passes steertest.TestRunner.
type Runner interface {
	Run(ctx context.Context, r Request, emit func(Event)) (Record, error)
}

// An Event is progress or a token on its way.
type Event struct {
	Phase string `json:"phase"`           // what is being done: "load", "forward", "backward", "generate"
	Done  int    `json:"done"`            // steps of this phase that are finished
	Total int    `json:"total"`           // steps of this phase; 0 when unknown
	Token string `json:"token,omitempty"` // generation: the text of one new token
}

// RunnerFunc makes a function a Runner.
type RunnerFunc func(ctx context.Context, r Request, emit func(Event)) (Record, error)

// Run calls f.
func (f RunnerFunc) Run(ctx context.Context, r Request, emit func(Event)) (Record, error) {
	return f(ctx, r, emit)
}
