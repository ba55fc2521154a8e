package steer

import "testing"

// A result whose task failed is the zero value; what asks it gets empty answers, never a panic.
func TestZeroResultsAreEmpty(t *testing.T) {
	if s := (Prediction{}).String(); s != "" {
		t.Errorf("a zero Prediction says %q", s)
	}
	if n := len((Prediction{}).Top()) + len((Generation{}).IDs()) + len((Tokens{}).All()) + len((Info{}).Ends()); n != 0 {
		t.Errorf("zero results hold %d things", n)
	}
	if !(Diff{}).Same() {
		t.Error("two zero generations differ")
	}
	if got := (Circuit{}).Neurons(); len(got) != 0 {
		t.Errorf("a zero Circuit has %v", got)
	}
	if _, err := newModel().Attribute("x").Ablate(Circuit{}).Request(); err == nil {
		t.Error("ablating a zero circuit is no mistake")
	}
}

func newModel() *Model { return New("none", nil) }
