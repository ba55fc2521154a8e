package message

import (
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// UnembedSettings is a reading of directions as a message.
type UnembedSettings struct {
	Directions []Numbers `json:"directions"`
	Normed     bool      `json:"normed"`
	Top        int       `json:"top"`
}

// Kind implements Settings.
func (UnembedSettings) Kind() Kind { return Kind{"unembed", "unembed", 1} }

// Check implements Settings.
func (s UnembedSettings) Check() error {
	var errs []error
	if len(s.Directions) == 0 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "there is no direction").Try("give one, e.g. activations.Row(steer.Residual, 5, -1)"))
	}
	if s.Top < 1 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "Top(%d) lists nothing", s.Top).Try("use Top(10)"))
	}
	var list Mistakes
	for i, x := range s.Directions {
		name := fmt.Sprintf("direction %d", i+1)
		if len(x) == 0 {
			list.Add(name, engine.Mistake(engine.BadSetting, "it is empty").Try("a layer or a position that was not captured has no row"))
		}
		if k := FirstNotFinite(x); k >= 0 {
			list.Add(name, engine.Mistake(engine.NotFinite, "number %d is %v", k, x[k]).Try("give finite numbers"))
		}
	}
	return errors.Join(append(errs, list.Join())...)
}

// UnembedBody is the part of the record of a reading of directions that is not tensors.
type UnembedBody struct {
	Top [][]Ranked `json:"top"` // of each direction
}
