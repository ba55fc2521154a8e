package transformers

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// python is a program that stands in for Python: a shell script.
func python(t *testing.T, script string) string {
	if runtime.GOOS == "windows" {
		t.Skip("shell scripts stand in for Python")
	}
	path := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAsk(t *testing.T) {
	p := python(t, `cat >/dev/null; echo '{"ids": [1, 2], "logits": "AACAPwAAAMA=", "greedy": [3], "versions": "v"}'`)
	all, err := Ask(t.Context(), p, "model", []string{"a"})
	if err != nil || len(all) != 1 || !slices.Equal(all[0].IDs, []int32{1, 2}) || !slices.Equal(all[0].Logits, []float32{1, -2}) ||
		!slices.Equal(all[0].Greedy, []int32{3}) || all[0].Versions != "v" {
		t.Error(all, err)
	}
}

// TestAskFails: whatever Python does is an error that says what.
func TestAskFails(t *testing.T) {
	for script, want := range map[string]string{
		`echo '{"missing": "No module named torch"}'`: "No module named torch",
		`echo; echo Error: no such model >&2; exit 1`: "Error: no such model",
		`echo no JSON`: "no JSON",
		`echo '{"ids": [1], "logits": "AAA=", "greedy": []}'`: "2 bytes",
		`true`: "0 of 1",
	} {
		_, err := Ask(t.Context(), python(t, "cat >/dev/null; "+script), "model", []string{"a"})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", script, err, want)
		}
		if errors.Is(err, ErrMissing) != strings.Contains(script, "missing") {
			t.Errorf("%s: %v", script, err)
		}
	}
	if _, err := Ask(t.Context(), "no-such-python", "model", nil); !errors.Is(err, ErrMissing) {
		t.Error("without Python:", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Ask(ctx, python(t, "sleep 60"), "model", nil); !errors.Is(err, context.Canceled) {
		t.Error("when canceled:", err)
	}
}

// TestAskTransformers asks the real library where NEURONSTEER_TEST_TRANSFORMERS names a Python that has it.
func TestAskTransformers(t *testing.T) {
	p := os.Getenv("NEURONSTEER_TEST_TRANSFORMERS")
	if p == "" {
		t.Skip("NOT RUN: NEURONSTEER_TEST_TRANSFORMERS=PYTHON, one with torch and transformers")
	}
	all, err := Ask(t.Context(), p, "../../testdata/golden/tiny-llama", []string{"The capital", "2 + 2"})
	if err != nil || len(all) != 2 || len(all[1].Logits) != 512 || len(all[0].Greedy) != 8 {
		t.Error(len(all), err)
	}
}
