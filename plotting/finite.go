package plotting

import "math"

// finite returns an error that names the place where a value is not a finite number.
func finite(where string, values ...float64) error {
	for _, v := range values {
		switch {
		case math.IsNaN(v):
			return problemf(ErrNaN, where, "compute the scores again in float32, or leave this place out", "the score is NaN")
		case math.IsInf(v, 0):
			return problemf(ErrInfinity, where, "compute the scores again in float32, or leave this place out", "the score is infinite")
		}
	}
	return nil
}
