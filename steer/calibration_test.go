package steer

import (
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// calibrated is a record of doses 1, 2 and 4 on two texts of one token each, the answer being the dose at found.
func calibrated(found int, values ...float32) calibrationStats {
	b := message.CalibrateBody{Zero: 1, One: 3, Goal: message.GoalKL, Value: 1, Limit: 16, Doses: []float64{1, 4, 2}, Found: found,
		Texts: []string{"a", "b"}, Tokens: []int{1, 1}}
	return newCalibrationStats(Record{Tensors: map[string]Tensor{"values": {Shape: []int{4, 2}, Data: values}}}, b)
}

// TestCalibrationStats: strengths stand in order whatever the order of the tries, and the interval is of where each text
// reaches the value: here the dose 1 and, by the power law from (2, 1) to (4, 4), the dose 2.
func TestCalibrationStats(t *testing.T) {
	s := calibrated(2, 0, 0, 1, .25, 16, 4, 1, 1)
	for k, want := range []float64{1, 3, 5, 9} {
		near(t, "strength", s.steps[k].Strength, want, 0)
	}
	if !s.found || s.falls >= 0 {
		t.Errorf("%+v", s)
	}
	near(t, "strength", s.strength.Value, 5, 0)
	near(t, "lowest", s.strength.Lo, 3, 1e-9)
	near(t, "highest", s.strength.Hi, 5, 1e-9)
}

// TestCalibrationBeyond: where the answer is the strongest that was tried, resamples that reach the value later count too, by
// the power law of the last two strengths: text b has a quarter of a's divergence, and so twice its dose.
func TestCalibrationBeyond(t *testing.T) {
	s := calibrated(1, 0, 0, .1, .025, 1.6, .4, .4, .1)
	near(t, "strength", s.strength.Value, 9, 0)
	near(t, "lowest", s.strength.Lo, 1+2*4*math.Sqrt(1/1.6), 1e-5)
	near(t, "highest", s.strength.Hi, 1+2*4*math.Sqrt(1/.4), 1e-5)
	if !hasCode(s.warnings, "interval") {
		t.Error(s.warnings)
	}
}

// TestCalibrationFalls: where a stronger intervention does less, the answer says that it is the smallest that was tried.
func TestCalibrationFalls(t *testing.T) {
	s := calibrated(0, 0, 0, 1, 1, 3, 3, .5, .5)
	if s.falls != 1 || !hasCode(s.warnings, "monotone") {
		t.Errorf("%+v", s)
	}
	if s := calibrated(0, 0, 0, 1, 1, 3, 3, 1, .9999); s.falls >= 0 || hasCode(s.warnings, "monotone") {
		t.Errorf("rounding counts as falling: %+v", s)
	}
}

// TestCalibrationMissed: a bracket that did not close is named, and a value out of reach is told from it.
func TestCalibrationMissed(t *testing.T) {
	s := calibrated(-1, 0, 0, .1, .1, 3, 3, .2, .2)
	if s.found || len(s.warnings) == 0 || !strings.Contains(s.warnings[0].Text, "between the strengths 5 and 9") {
		t.Errorf("%+v", s)
	}
	s = calibrated(-1, 0, 0, .1, .1, .3, .3, .2, .2)
	if s.found || len(s.warnings) == 0 || !strings.Contains(s.warnings[0].Text, "no strength up to 9 comes to 1") {
		t.Errorf("%+v", s)
	}
}

func hasCode(ws []Warning, code string) bool {
	for _, w := range ws {
		if w.Code == code {
			return true
		}
	}
	return false
}
