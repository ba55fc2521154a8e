package message

import (
	"errors"
	"math"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Sampling says how new tokens are drawn.
type Sampling struct {
	Temperature float64 `json:"temperature"` // logits are divided by it
	TopK        int     `json:"topK"`        // the number of likeliest tokens that remain; 0: all
	TopP        float64 `json:"topP"`        // the share of the probability that the remaining ones have at least
	MinP        float64 `json:"minP"`        // of the probability of the likeliest one
	Seed        uint64  `json:"seed"`
}

// Plain is sampling that leaves the model's probabilities as they are.
func Plain() Sampling { return Sampling{Temperature: 1, TopP: 1} }

// check reports what cannot be drawn from.
func (s *Sampling) check() error {
	if s == nil {
		return nil
	}
	var errs []error
	bad := func(hint, format string, args ...any) {
		errs = append(errs, engine.Mistake(engine.BadSetting, format, args...).Try("%s", hint))
	}
	if !(s.Temperature > 0) || math.IsInf(s.Temperature, 0) {
		bad("use Temperature(1), or leave it out to take the likeliest token", "Temperature(%v) is not above 0", s.Temperature)
	}
	if s.TopK < 0 {
		bad("draw with TopK(40), or TopK(0) for all tokens", "TopK(%d) draws from no token", s.TopK)
	}
	if !(s.TopP > 0 && s.TopP <= 1) {
		bad("draw with TopP(0.9), or TopP(1) for all tokens", "TopP(%v) is not above 0 and at most 1", s.TopP)
	}
	if !(s.MinP >= 0 && s.MinP <= 1) {
		bad("draw with MinP(0.05), or MinP(0) for all tokens", "MinP(%v) is not between 0 and 1", s.MinP)
	}
	return errors.Join(errs...)
}
