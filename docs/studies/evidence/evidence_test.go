package evidence

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
)

// TestInstructions: every behavior of the teaching model has one.
func TestInstructions(t *testing.T) {
	all, err := behaviors.Read("../../../" + behaviors.Teaching)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		if instructions[b.Name] == "" {
			t.Errorf("%s has no instruction", b.Name)
		}
	}
}
