package steertest

import (
	"context"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestEngine holds an engine to the laws. open returns an engine of any model; it is called twice, since one of the two
// is closed under test. The suite runs prompts of at most ten tokens.
func TestEngine(t *testing.T, open func(t *testing.T) engine.Engine) {
	e := open(t)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	b := bench{e, e.Shape(), batchFor(e.Shape())}
	for _, c := range []struct {
		name string
		test func(*testing.T, bench)
	}{
		{"shapes", testShapes},
		{"determinism", testDeterminism},
		{"inputs are not changed", testInputs},
		{"batch is one by one", testBatch},
		{"neutral edit", testNeutral},
		{"ablation", testAblation},
		{"affine edit with bounds", testAffine},
		{"edits of prompts and positions", testBroadcast},
		{"captures", testCaptures},
		{"captures fit together", testStream},
		{"attention patterns", testAttention},
		{"vectors", testVectors},
		{"vectors of prompts and positions", testVectorAxes},
		{"conditions", testConditions},
		{"directions are taken out", testProjection},
		{"variants are forward passes", testVariants},
		{"variants end early", testVariantsEnd},
		{"outputs", testOutputs},
		{"unembedding", testUnembed},
		{"decoding is recomputing", testDecode},
		{"edits while decoding", testDecodeEdits},
		{"sessions together are one by one", testSessions},
		{"conservation", testConservation},
		{"conservation under edits", testInjected},
		{"metrics add up", testMetric},
		{"log-probabilities", testLogProb},
		{"scores are slopes", testSlopes},
		{"heads", testHeads},
		{"heads set to values", testHeadValues},
		{"puts", testPuts},
		{"scores of heads", testHeadScores},
		{"scores of heads are slopes", testHeadSlopes},
		{"sources of heads", testSources},
		{"slopes of heads", testHeadChannels},
		{"causality", testCausality},
		{"edges", testEdges},
		{"edges go forward", testEdgeOrder},
		{"edges into many are edges into each", testEdgesTogether},
		{"edges into outputs", testEdgeOutputs},
		{"edges are slopes", testEdgeSlopes},
		{"mistakes of edges", testEdgeMistakes},
		{"cancel", testCancel},
		{"progress", testProgress},
		{"mistakes", testMistakes},
		{"concurrent use", testConcurrent},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, b) })
	}
	t.Run("closed", func(t *testing.T) { testClosed(t, open(t)) })
}

// bench is an engine under test with a batch of prompts that fits it.
type bench struct {
	e     engine.Engine
	shape engine.Shape
	ids   [][]int32
}

// batchFor returns three prompts of different lengths, their ids spread over the vocabulary.
func batchFor(s engine.Shape) [][]int32 {
	noise := splitMix(7)
	var batch [][]int32
	for _, n := range []int{5, 3, 9} {
		ids := make([]int32, min(n, s.Positions))
		for i := range ids {
			ids[i] = int32((noise() + 1) / 2 * float64(s.Vocab))
		}
		batch = append(batch, ids)
	}
	return batch
}

// forward runs prompts and fails the test on an error.
func (b bench) forward(t *testing.T, in engine.Forward) engine.ForwardResult {
	t.Helper()
	r, err := b.e.Forward(t.Context(), in, nil)
	if err != nil {
		t.Fatalf("Forward: %v", err)
	}
	if len(r.Logits) != len(in.IDs) || (in.Capture&engine.Neurons != 0 && len(r.Neurons) != len(in.IDs)) {
		t.Fatalf("Forward of %d prompts gives %d logits and %d neurons", len(in.IDs), len(r.Logits), len(r.Neurons))
	}
	return r
}

// attribute runs an attribution and fails the test on an error.
func (b bench) attribute(t *testing.T, in engine.Attribution) engine.AttributionResult {
	t.Helper()
	r, err := b.e.Attribute(t.Context(), in, nil)
	if err != nil {
		t.Fatalf("Attribute: %v", err)
	}
	n := len(in.IDs)
	if len(r.Scores) != n || len(r.Heads) != n || len(r.Sources) != n || len(r.Tokens) != n || len(r.Metric) != n || len(r.Linear) != n || len(r.Attention) != n || len(r.Injected) != n || len(r.Logits) != n {
		t.Fatalf("Attribute of %d prompts gives another number of results", n)
	}
	return r
}

// last returns for each prompt the metric logit[1] − logit[2] at the last position.
func last(ids [][]int32) [][]engine.Term {
	terms := make([][]engine.Term, len(ids))
	for i := range ids {
		terms[i] = []engine.Term{{Position: len(ids[i]) - 1, Target: 1, Versus: 2}}
	}
	return terms
}

// targets returns for each prompt the metric of token 1 at the last position.
func targets(ids [][]int32) [][]engine.Term {
	terms := last(ids)
	for i := range terms {
		terms[i][0].Versus = -1
	}
	return terms
}

// canceled returns a context that is done.
func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
