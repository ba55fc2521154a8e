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
	if g := (Generations{}); g.Len()+len(g.List())+len(g.Texts())+len(g.String())+len(g.Warnings())+len((Generation{}).Warnings())+len((Generation{}).Stopped()) != 0 {
		t.Error("zero Generations hold something")
	}
	if !(Diff{}).Same() {
		t.Error("two zero generations differ")
	}
	if got := (Circuit{}).Neurons(); len(got) != 0 {
		t.Errorf("a zero Circuit has %v", got)
	}
	var b BehaviorScores
	s := Scores{}
	if b.Len()+len(b.Metrics())+len(b.Warnings())+b.Mean().TopK(3).Len()+b.Any().TopEntries(3).Len()+b.AnyPercent(.1).TopK(3).Len()+b.Example(0).TopK(3).Len() != 0 {
		t.Error("a zero BehaviorScores holds something")
	}
	support, oppose := s.Positive().Layers(0, 2).Percent(.1).PerLayer(2).Cumulative(.5).ByLayer()
	if n := len(support) + len(oppose) + len(s.ByLayerPos()) + len(s.Labels()) + len(s.Tokens()) + len(s.ByToken()) + len(s.Warnings()) + s.TopK(3).Len() + s.Candidates(3).TopEntries(3).Len(); n != 0 {
		t.Errorf("zero Scores hold %d things", n)
	}
	if s.At(0, 0, 0) != 0 || s.Metric() != 0 || s.String()+b.String() == "" || s.Conservation().Holds {
		t.Error("zero Scores have numbers")
	}
	if _, err := newModel().Attribute("x").Ablate(Circuit{}).Request(); err == nil {
		t.Error("ablating a zero circuit is no mistake")
	}
}

func newModel() *Model { return New("none", nil) }
