package execute

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// TestSignWarnings: a layer whose pairs point both ways is named, just below the bound and not on it.
func TestSignWarnings(t *testing.T) {
	for _, c := range []struct {
		with, against []int
		says          string
	}{
		{[]int{12, 9, 1}, []int{0, 3, 0}, ""},
		{[]int{0, 12}, []int{0, 0}, ""}, // a layer without a direction points nowhere
		{[]int{12, 8}, []int{0, 4}, "in layer 6 fewer than 75 % of them project to the side of the vector (in layer 6, 8 of 12)"},
		{[]int{8, 6, 6, 12, 7}, []int{4, 6, 6, 0, 5}, "in layers 5–7, 9 fewer than 75 % of them project to the side of the vector (in layer 6, 6 of 12)"},
	} {
		got := ""
		for _, w := range signWarnings(message.PCA, 5, c.with, c.against) {
			got += w.Code + ": " + w.Text
		}
		if (c.says == "") != (got == "") || !strings.Contains(got, c.says) {
			t.Errorf("%v with, %v against: %q, want %q", c.with, c.against, got, c.says)
		}
	}
	a, b := toward([][]float32{{1, 2}, {-1, 0}, {0, 0}, {3, -9}}, []float32{1, 0})
	if a != 2 || b != 1 {
		t.Errorf("%d with, %d against", a, b)
	}
}
