// Package steertest proves implementations of steer's two interfaces, and gives tests a model that needs no weights.
//
// The compliance suites are called from the tests of whoever implements an interface:
//
//	func TestRunner(t *testing.T) { steertest.TestRunner(t, openModel, steertest.FakePrompts()) }
//	func TestEngine(t *testing.T) { steertest.TestEngine(t, openEngine) }
//
// TestRunner holds a Runner to what package steer promises of one: the same request gives the same bytes, events come in
// order and never late, a canceled request ends soon and harms no other, mistakes arrive as they were made. It must pass
// in one process, around a store and over a wire alike.
//
// TestEngine holds an Engine to the laws of §5 and to the conservation identity of §6. Numbers are compared relative to
// the largest of the array, since float32 sums depend on their order: batches, cached decoding, variants and what is
// captured within 1e-5, the identity within 1e-4. What involves no arithmetic (scale 1, determinism, causality) is compared
// bit for bit.
//
// NewEngine is a linear language model in float64 whose circuits were put there by hand (plan.go), so every score is
// known; NewText is its word tokenizer; NewModel joins them into a steer.Model that runs in this process:
//
//	m := steertest.NewModel()
//	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(ctx)
//
// The letters of shapes are steer's: B batch, L layers, T positions, F neurons, D width, V vocabulary.
package steertest
