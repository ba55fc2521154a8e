package golden

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func TestUnreadWithoutReasonFails(t *testing.T) {
	f, r := tiny(t)
	for name, g := range map[string]files{
		"key prompts[1].novel": f.with(t, []string{"prompts", "[1]", "novel"}, func(any) any { return 1 }),
		"key tolerance.novel":  f.with(t, []string{"tolerance", "novel"}, func(any) any { return 1 }),
		"tensor p0.novel": {manifest: f.manifest, tensors: pack(t, func() map[string]rawTensor {
			all := unpack(t, f.tensors)
			all["p0.novel"] = all["p0.h"]
			return all
		}())},
		// a tensor that the file no longer points to is as unread as one that nobody knows
		"tensor p0.h": f.with(t, []string{"prompts", "[0]", "arrays", "h"}, func(any) any { return nil }),
	} {
		got, out := examine(t, g.document(t), r.target())
		if got.passed() || !slices.ContainsFunc(strings.Split(out, "\n"), func(l string) bool {
			return strings.HasPrefix(l, "MISS") && strings.Contains(l, name) && strings.Contains(l, "no reason")
		}) {
			t.Errorf("%s: %v\n%s", name, got, out[strings.Index(out, "not compared"):])
		}
	}
}

func TestNearTieIsNotPassedNorMissed(t *testing.T) {
	f, r := tiny(t)
	greedy := []string{"prompts", "[0]", "greedy"}
	other := f.with(t, append(greedy, "ids", "[3]"), func(any) any { return 7 })
	if got, _ := examine(t, other.document(t), r.target()); got.passed() {
		t.Error("another text passes where the margin is wide")
	}
	before, _ := examine(t, f.document(t), r.target())
	got, out := examine(t, other.with(t, append(greedy, "smallestMargin"), func(any) any { return 0.0004 }).document(t), r.target())
	if !got.passed() || got.quantities != before.quantities-2 || !strings.Contains(out, "\ntie ") ||
		!strings.Contains(out, "near tie within twice logitsAbs") {
		t.Errorf("%v\n%s", got, out)
	}
}

func TestToleranceComesFromTheFile(t *testing.T) {
	f, r := tiny(t)
	for _, key := range []string{"logitsAbs", "hRelL2", "attributionRelL2", "attributionAbs", "metricAbs", "conservationRel"} {
		path := []string{"tolerance", key}
		if got, _ := examine(t, f.with(t, path, func(any) any { return nil }).document(t), r.target()); got.passed() {
			t.Errorf("passes without %s", key)
		}
		if got, _ := examine(t, f.with(t, path, func(any) any { return -1 }).document(t), r.target()); got.passed() {
			t.Errorf("passes although no difference is within %s = -1", key)
		}
	}
}

func TestSelectionsMaySwapAtTheCut(t *testing.T) {
	score := func(a int) float64 { return map[int]float64{1: 5, 2: -3, 3: 2.00001, 4: 2}[a] }
	want := map[int]float64{1: 5, 2: -3, 4: 2}
	if d, _ := apart(want, map[int]float64{1: 5, 2: -3, 3: 2.00001}, score); !(d < 2e-5) {
		t.Errorf("neighbors at the cut: %g", d)
	}
	if d, odd := apart(want, map[int]float64{1: 5, 3: 2.00001, 4: 2}, score); !(d > 0.9) || !strings.HasPrefix(odd, "2 ") {
		t.Errorf("a neuron far above the cut is missing: %g, %q", d, odd)
	}
	if d, _ := apart(want, map[int]float64{1: 5, 2: -3, 9: 2}, score); d > 1e-9 {
		t.Errorf("9 instead of 4, both at the cut: %g", d)
	}
	if d, _ := apart(map[int]float64{1: 5, 2: -3, 9: 2}, want, score); !(d > 1.9) {
		t.Errorf("the file's 9 has no such score in the result: %g", d)
	}
	if d, _ := apart(want, map[int]float64{1: math.NaN(), 2: -3, 4: 2}, score); !math.IsNaN(d) {
		t.Errorf("a NaN: %g", d)
	}
}

// write puts files into a new folder.
func (f files) write(t testing.TB, dir string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"golden.json": f.manifest, "golden.safetensors": f.tensors} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestModelOfAFolder(t *testing.T) {
	f, _ := tiny(t)
	base := t.TempDir()
	dir := f.write(t, filepath.Join(base, "cases"))
	check := func(override, want string) {
		t.Helper()
		if got, err := modelOf(dir, override, f.document(t)); err != nil || got != want {
			t.Errorf("%q %v, want %q", got, err, want)
		}
	}
	check("", "tiny-llama")
	for _, d := range []string{base, dir} { // the nearer wins
		if err := os.WriteFile(filepath.Join(d, "config.json"), []byte("{}"), 0o644); err != nil {
			t.Fatal(err)
		}
		check("", d)
	}
	check("other", "other")
	named := f.with(t, []string{"model"}, func(any) any { return "SmolLM2-135M-Instruct" })
	if got, err := modelOf(t.TempDir(), "", named.document(t)); got != "smollm2-135m-instruct" {
		t.Error(got, err)
	}
	nameless := f.with(t, []string{"model"}, func(any) any { return nil })
	if got, err := modelOf(t.TempDir(), "", nameless.document(t)); !errors.Is(err, engine.UnknownModel) {
		t.Error(got, err)
	}
}

func TestFolderThatCannotBeChecked(t *testing.T) {
	f, r := tiny(t)
	good := f.write(t, filepath.Join(t.TempDir(), "good"))
	unsupported := errors.New(`architecture "Gemma2ForCausalLM" is not supported`)
	open := func(_ context.Context, ref string) (*Target, error) {
		if ref == "gemma" {
			return nil, unsupported
		}
		return r.target(), nil
	}
	gemma := f.with(t, []string{"model"}, func(any) any { return "gemma" }).write(t, filepath.Join(t.TempDir(), "gemma"))
	half := files{manifest: f.manifest[:len(f.manifest)/2], tensors: f.tensors}.write(t, filepath.Join(t.TempDir(), "half"))
	torn := files{manifest: f.manifest, tensors: f.tensors[:len(f.tensors)/2]}.write(t, filepath.Join(t.TempDir(), "torn"))
	other := files{manifest: []byte(`{"a": 1}`), tensors: f.tensors}.write(t, filepath.Join(t.TempDir(), "other"))
	for dir, says := range map[string]string{
		gemma: "Gemma2ForCausalLM", half: "not JSON", torn: "truncated", other: "format is unknown",
		filepath.Join(t.TempDir(), "none"): "there is no",
	} {
		var out strings.Builder
		ok, err := Run(t.Context(), []string{dir, good}, Options{Open: open, Out: &out})
		if ok || err != nil || !strings.Contains(out.String(), says) || !strings.Contains(out.String(), "304 quantities, 0 misses") {
			t.Errorf("%s: %v %v\n%s", dir, ok, err, out.String())
		}
	}
	if ok, err := Run(t.Context(), []string{good}, Options{Open: open, Out: &strings.Builder{}}); !ok || err != nil {
		t.Error(ok, err)
	}
}

func TestRunEnds(t *testing.T) {
	f, r := tiny(t)
	dir := f.write(t, t.TempDir())
	open := func(context.Context, string) (*Target, error) { return r.target(), nil }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if ok, err := Run(ctx, []string{dir}, Options{Open: open, Out: &strings.Builder{}}); ok || !errors.Is(err, context.Canceled) {
		t.Error(ok, err)
	}
	if ok, err := Run(t.Context(), []string{dir}, Options{Open: open, Out: broken{}}); ok || !errors.Is(err, os.ErrClosed) {
		t.Error(ok, err)
	}
	if ok, err := Run(t.Context(), nil, Options{Open: open, Out: &strings.Builder{}}); ok || !errors.Is(err, engine.BadSetting) {
		t.Error(ok, err)
	}
	if ok, err := Run(t.Context(), []string{dir}, Options{}); ok || !errors.Is(err, engine.BadSetting) {
		t.Error(ok, err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, os.ErrClosed }
