package message

import (
	"encoding/json"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// PlanSettings asks what another request will cost. It is that request, whole.
type PlanSettings struct {
	Of       string          `json:"of"` // its kind
	Version  int             `json:"version"`
	Settings json.RawMessage `json:"settings"`
}

// Kind implements Settings.
func (PlanSettings) Kind() Kind { return Kind{"plan", "plan", 1} }

// Check implements Settings.
func (s PlanSettings) Check() error {
	if s.Of == (PlanSettings{}).Kind().Name {
		return engine.Mistake(engine.BadSetting, "a plan costs nothing that could be planned").Try("ask for the plan of the task itself")
	}
	return nil
}

// PlanBody says what a request costs.
type PlanBody struct {
	Of       string  `json:"of"`       // its kind
	Stored   bool    `json:"stored"`   // its result is kept, so that it costs nothing
	Parts    int     `json:"parts"`    // of the requests that it is made of, those whose results are kept
	Forward  int     `json:"forward"`  // passes forward: one for each prompt under each edit
	Backward int     `json:"backward"` // passes backward: one for each prompt, or each target of edges
	Steps    int     `json:"steps"`    // tokens that are generated, one after the other
	Tokens   int     `json:"tokens"`   // positions of all passes together, and the steps
	Seconds  float64 `json:"seconds"`  // about how long that takes on this machine, once the model is loaded
	Until    string  `json:"until"`    // why the rest could not be foreseen; empty: all of it was
}

// Tensors implements Body: there are none.
func (*PlanBody) Tensors() map[string][]int { return nil }
