package plotting

import (
	"strings"
	"testing"
)

// steered is a layered value of a model that was run under an intervention.
type steered struct{ layered }

func (steered) Interventions() string { return "praise ×0" }

// TestFigureSaysWhatTheModelWasRunUnder: in the subtitle and in the words for whoever cannot see it; without interventions neither does.
func TestFigureSaysWhatTheModelWasRunUnder(t *testing.T) {
	data := layered{[]float64{1, 2}, []float64{0, -1}}
	for _, c := range []struct {
		f    *Figure
		says bool
	}{{ByLayer(steered{data}), true}, {ByLayer(data), false}} {
		d, err := c.f.drawing()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.HasSuffix(d.note(), ", under praise ×0"); got != c.says {
			t.Errorf("the subtitle %q", d.note())
		}
		if got := strings.Contains(c.f.Alt(), "under praise ×0."); got != c.says {
			t.Errorf("the words %q", c.f.Alt())
		}
	}
}
