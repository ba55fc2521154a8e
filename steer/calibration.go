package steer

import (
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// A Calibration is the strength that reaches a value, with its interval over the prompts, and every strength that was tried.
type Calibration struct {
	steer Intervention
	rec   result[message.CalibrateBody]
	lazy  func() calibrationStats
	conditions
}

// A CalibrationStep is a strength that was tried with what it came to: the divergence in nats or the difference in logits.
type CalibrationStep struct {
	Strength float64  `json:"strength"`
	Value    Estimate `json:"value"`
	Try      int      `json:"try"` // in which order it was tried, from 1; 0 is the unsteered model
}

func newCalibration(i Intervention, fetch func() Record, is ...Intervention) Calibration {
	rec := newResult[message.CalibrateBody](fetch)
	return Calibration{i, rec, sync.OnceValue(func() calibrationStats { return newCalibrationStats(rec.record(), rec.body()) }), under(is, rec.header)}
}

// Found reports whether a strength reaches the value.
func (c Calibration) Found() bool { return c.stats().found }

// Strength returns the multiplier of Scale, the factor of AddVector or the addend of AddTo that reaches the value, with the
// interval of where resamples of the prompts do, by a power law between the strengths that were tried. It is zero where none
// was found.
func (c Calibration) Strength() Estimate { return c.stats().strength }

// Value returns what was measured at Strength: the divergence in nats, or the difference in logits.
func (c Calibration) Value() Estimate { return c.stats().value }

// Intervention returns the intervention at Strength, with its scope; where none was found it changes nothing.
func (c Calibration) Intervention() Intervention {
	i := c.steer
	if i.x = c.Strength().Value; !c.Found() {
		i.x = c.rec.body().Zero
	}
	return i
}

// Monotone reports whether the value rises with every strength that was tried.
func (c Calibration) Monotone() bool { return c.stats().falls < 0 }

// Steps returns the strengths that were tried with what each came to, the unsteered model first, the strongest last.
func (c Calibration) Steps() []CalibrationStep { return slices.Clone(c.stats().steps) }

// N returns the number of prompts.
func (c Calibration) N() (n int, of string) {
	b := c.rec.body()
	return message.Counted(len(b.Texts)+len(b.Cases), measuredOn(b.Goal))
}

// Unit returns the unit of Value.
func (c Calibration) Unit() string {
	if c.rec.body().Goal == message.GoalTarget {
		return "logits"
	}
	return "nats"
}

// Warnings returns what a reader must know before concluding anything.
func (c Calibration) Warnings() []Warning {
	return append(slices.Clone(c.rec.record().Header.Warnings), c.stats().warnings...)
}

// stats is empty for the zero value, that of a calibration whose task failed.
func (c Calibration) stats() calibrationStats {
	if c.lazy == nil {
		return calibrationStats{falls: -1}
	}
	return c.lazy()
}
