//go:build cgo

package golden_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/internal/golden"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// open loads a model on the engine, with no memory of earlier results in between.
func open(ctx context.Context, ref string) (*golden.Target, error) {
	m, err := modelref.Resolve(ref)
	if err != nil {
		return nil, err
	}
	l, err := local.Load(ctx, m, nil)
	if err != nil {
		return nil, err
	}
	run := func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		return execute.Run(ctx, l.Engine, l.Text, r, emit)
	}
	return &golden.Target{Model: steer.New(ref, steer.RunnerFunc(run)), Engine: l.Engine, Text: l.Text, Close: func() { _ = l.Close() }}, nil
}

// TestEngine checks the folders whose models the repository holds. NEURONSTEER_GOLDEN adds others, separated as in PATH.
func TestEngine(t *testing.T) {
	dirs, err := filepath.Glob("../../testdata/golden/tiny-*")
	if err != nil || len(dirs) < 10 {
		t.Fatal(dirs, err)
	}
	dirs = append(dirs, "../../testdata/teaching/golden")
	if more := os.Getenv("NEURONSTEER_GOLDEN"); more != "" {
		dirs = append(dirs, strings.Split(more, string(os.PathListSeparator))...)
	}
	var out strings.Builder
	ok, err := golden.Run(t.Context(), dirs, golden.Options{Open: open, Out: &out})
	if err != nil || !ok {
		t.Error(ok, err)
	}
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "MISS") || strings.HasPrefix(line, "      ") || strings.Contains(line, "quantities,") {
			t.Log(strings.TrimSuffix(line, "\n"))
		}
	}
}
