package study

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestResume: wherever a study stops, the next run goes on from there, computes nothing twice but the step that was
// stopped, and ends with the same bytes.
func TestResume(t *testing.T) {
	s := studyOf(t, brief, sentiment)
	want, f := undisturbed(t, s)
	total, step := f.ran, 1
	if testing.Short() {
		step = max(1, total/2) // the first, one in the middle, the last
	}
	for stop := 1; stop <= total; stop += step {
		out, stopped := filepath.Join(t.TempDir(), "out"), errors.New("power cut")
		first := &fake{}
		first.before = func(context.Context) error {
			if first.ran == stop {
				return stopped
			}
			return nil
		}
		if _, err := runOn(t, s, out, first); !errors.Is(err, stopped) {
			t.Fatalf("stopped at request %d: %v", stop, err)
		}
		second := &fake{}
		if _, err := runOn(t, s, out, second); err != nil {
			t.Fatalf("going on after request %d: %v", stop, err)
		}
		if first.ran-1+second.ran != total {
			t.Errorf("stopped at request %d of %d: the second run computes %d", stop, total, second.ran)
		}
		same(t, results(t, out), want)
		third := &fake{}
		if _, err := runOn(t, s, out, third); err != nil || third.ran != 0 {
			t.Errorf("a finished study computes %d requests, %v", third.ran, err)
		}
	}
}

// TestCanceledStudy: a canceled context ends the study with its own error, and it can go on.
func TestCanceledStudy(t *testing.T) {
	s := studyOf(t, brief, sentiment)
	want, _ := undisturbed(t, s)
	out := filepath.Join(t.TempDir(), "out")
	ctx, cancel := context.WithCancel(t.Context())
	f := &fake{id: fakeID}
	f.before = func(context.Context) error {
		if f.ran == 3 {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	if _, err := Run(ctx, s, Options{Out: out, Open: func(string) (Backend, error) { return f, nil }}); !errors.Is(err, context.Canceled) {
		t.Fatalf("canceled: %v", err)
	}
	if _, err := runOn(t, s, out, &fake{}); err != nil {
		t.Fatal(err)
	}
	same(t, results(t, out), want)
}

// TestLeftovers: a torn line of the journal, files that were being written, a damaged result and a lost file of results do
// no harm.
func TestLeftovers(t *testing.T) {
	s := studyOf(t, brief, sentiment)
	want, _ := undisturbed(t, s)
	out := filepath.Join(t.TempDir(), "out")
	if _, err := runOn(t, s, out, &fake{}); err != nil {
		t.Fatal(err)
	}
	journal := filepath.Join(out, work, "journal.jsonl")
	b, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(journal, b[:len(b)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, work, "tmp", "summary.csv"), []byte("half of"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(out, "sentiment", "relp", "top3.dose.svg")); err != nil {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(filepath.Join(out, work, "store", "*.safetensors"))
	if err != nil || len(kept) == 0 {
		t.Fatal(kept, err)
	}
	damaged, err := os.ReadFile(kept[0])
	if err != nil {
		t.Fatal(err)
	}
	damaged[len(damaged)/2] ^= 1
	if err := os.WriteFile(kept[0], damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	f := &fake{}
	if _, err := runOn(t, s, out, f); err != nil || f.ran != 1 {
		t.Fatalf("%d requests computed, %v, want the damaged one", f.ran, err)
	}
	same(t, results(t, out), want)
	b, err = os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	bad, begun := 0, 0
	for text := range strings.Lines(string(b)) {
		var l line
		if json.Unmarshal([]byte(text), &l) != nil {
			bad++
		} else if l.Event == "begin" {
			begun++
		}
	}
	if bad != 1 || begun != 2 {
		t.Errorf("%d lines of the journal cannot be read and %d runs began, want the torn line alone and 2", bad, begun)
	}
}

// TestAnotherStudy: a folder is continued by nothing else, and the error says what differs.
func TestAnotherStudy(t *testing.T) {
	s := studyOf(t, brief, sentiment)
	out := filepath.Join(t.TempDir(), "out")
	if _, err := runOn(t, s, out, &fake{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what  string
		study *Study
		f     *fake
	}{
		{"file or data", studyOf(t, "seed: 4\n"+brief, sentiment), &fake{}},
		{"file or data", studyOf(t, brief, strings.Replace(sentiment, "I loved", "loved", 1)), &fake{}},
		{"model", s, &fake{id: steer.Identity{Model: "other", Tokenizer: "t"}}},
		{"build", s, &fake{id: steer.Identity{Model: "m", Tokenizer: "t", Build: "b"}}},
		{"backend", s, &fake{engine: "xla"}},
	} {
		_, err := runOn(t, c.study, out, c.f)
		if !errors.Is(err, steer.ModelMismatch) || !strings.Contains(err.Error(), c.what) || c.f.ran > 0 {
			t.Errorf("another %s: %v, %d requests", c.what, err, c.f.ran)
		}
	}
	// a backend that changes under way is noticed before its result is kept
	f := &fake{}
	f.before = func(context.Context) error {
		if f.ran == 4 {
			f.engine = "xla"
		}
		return nil
	}
	fresh := filepath.Join(t.TempDir(), "out")
	if _, err := runOn(t, s, fresh, f); !errors.Is(err, steer.ModelMismatch) {
		t.Errorf("two backends in one study: %v", err)
	}
	if kept, _ := filepath.Glob(filepath.Join(fresh, work, "store", "*.safetensors")); len(kept) != 3 {
		t.Errorf("%d results are kept, want 3", len(kept))
	}
	if _, err := runOn(t, studyOf(t, "backend: xla\n"+brief, sentiment), filepath.Join(t.TempDir(), "o"), &fake{}); err == nil || !strings.Contains(err.Error(), "backend") {
		t.Errorf("a backend that is not there: %v", err)
	}
}

// TestLocked: a second run in one folder is refused before it touches anything: what the first has written aside stays.
func TestLocked(t *testing.T) {
	s := studyOf(t, brief, sentiment)
	out := filepath.Join(t.TempDir(), "out")
	first := output{out}
	unlock, err := first.lock()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.prepare(); err != nil {
		t.Fatal(err)
	}
	aside := first.work(filepath.Join("tmp", "half.csv"))
	if err := os.WriteFile(aside, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := names(t, out)
	if _, err := runOn(t, s, out, &fake{}); err == nil || !strings.Contains(err.Error(), "another run works in this folder (it is locked by process") {
		t.Errorf("a folder in use: %v", err)
	}
	if after := names(t, out); !slices.Equal(before, after) {
		t.Errorf("the refused run left %q of %q", after, before)
	}
	unlock()
	if _, err := runOn(t, s, out, &fake{}); err != nil {
		t.Errorf("after the first has ended: %v", err)
	}
}

// names lists every file and folder below dir.
func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		out = append(out, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
