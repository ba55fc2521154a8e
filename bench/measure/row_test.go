package measure

import (
	"strings"
	"testing"
)

// TestPrint: medians, spreads and ratios, and nothing where nothing was measured.
func TestPrint(t *testing.T) {
	var b strings.Builder
	err := Print(&b, "SmolLM2", []Row{
		{"an attribution", "ms", []float64{3, 1, 2}, "PyTorch", []float64{4}},
		{"a start", "s", []float64{1, 2}, "", nil},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"SmolLM2; median", "an attribution, ms  2 [1–3]", "PyTorch    4  0.50\n", "a start, s          1.5 [1–2]"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &b)
		}
	}
}

func TestMedian(t *testing.T) {
	for want, v := range map[float64][]float64{0: nil, 5: {5}, 1.5: {2, 1}, 2: {9, 2, 1}} {
		if got := Median(v); got != want {
			t.Errorf("Median(%v) = %v", v, got)
		}
	}
	if least, most := Spread([]float64{2, 1, 3}); least != 1 || most != 3 {
		t.Error(least, most)
	}
}
