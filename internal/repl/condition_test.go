package repl

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestConditionHoldsEverywhere: what is written, measured and calibrated while a condition is set is asked for under it, decided by
// the prompt where that was said, and without it once it is lifted.
func TestConditionHoldsEverywhere(t *testing.T) {
	examples, pairs := files(t)
	script := []string{"prompt The capital of France is", "discover \" Paris\" \" Rome\"", "layers 1 2", "examples " + examples, "pairs " + pairs, "vector", "when 0 0 prompt", "sweep 0", "calibrate 0.0003", "when off", "sweep 0"}
	held := map[string][]string{}
	m := steertest.NewModel()
	watched := steer.New("fake", steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		how := "everywhere"
		if bytes.Contains(r.Settings, []byte(`"gate":{`)) {
			how = "by position"
			if bytes.Contains(r.Settings, []byte(`"prompt":true`)) {
				how = "by prompt"
			}
		}
		held[r.Kind] = append(held[r.Kind], how)
		return m.Runner().Run(ctx, r, emit)
	}))
	var out strings.Builder
	s := New(Options{Model: watched, Circuits: t.TempDir(), Lines: typed(func() (string, error) {
		if len(script) == 0 {
			return "", io.EOF
		}
		line := script[0]
		script = script[1:]
		return line, nil
	}), Out: &out})
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]string{"sweep": "by prompt, everywhere", "calibrate": "by prompt"} {
		if got := strings.Join(held[kind], ", "); got != want {
			t.Errorf("%s is asked for %s, want %s:\n%s", kind, got, want, out.String())
		}
	}
}
