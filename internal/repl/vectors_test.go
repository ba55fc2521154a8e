package repl

import (
	"path/filepath"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestVectorOnExamples: a vector that is taken where there are examples says how many of them it moves the other way, and one that is
// taken where there are none does not.
func TestVectorOnExamples(t *testing.T) {
	examples, pairs := files(t)
	out := talk(t, t.TempDir(), "pairs "+pairs+"\nvector\nexamples "+examples+"\nvector\n")
	wants(t, out, "Vector:", "held-out pairs on its side\n  L1", "4 examples:", "Vector:", "held-out pairs on its side\n       ×1 moves the difference by", " of 2 examples go the other way")
}

// TestVectorFromLater: a vector that begins after the condition's layer, or ends before the last, acts where it was taken.
func TestVectorFromLater(t *testing.T) {
	examples, pairs := files(t)
	set := steer.Pairs(pairs)
	v, err := steertest.NewModel().ControlVector(set).Layers(1, 1).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(filepath.Dir(examples), "late.safetensors")
	if err := v.Save(path); err != nil {
		t.Fatal(err)
	}
	out := talk(t, t.TempDir(), "pairs "+pairs+"\n"+paris+"vector\nwhen 0 0\nvector "+path+"\nadd\n")
	wants(t, out, "Vector:", "1 of 3 layers", "Vector added (x1):")
}
