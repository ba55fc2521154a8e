package repl

import "testing"

// TestVectorOnExamples: a vector that is taken where there are examples says how many of them it moves the other way, and one that is
// taken where there are none does not.
func TestVectorOnExamples(t *testing.T) {
	examples, pairs := files(t)
	out := talk(t, t.TempDir(), "pairs "+pairs+"\nvector\nexamples "+examples+"\nvector\n")
	wants(t, out, "Vector:", "held-out pairs on its side\n  L1", "4 examples:", "Vector:", "held-out pairs on its side\n       ×1 moves the difference by", " of 2 examples go the other way")
}
