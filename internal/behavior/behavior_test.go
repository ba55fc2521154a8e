package behavior_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/behavior"
	"github.com/neuronsteer/neuronsteer/steer"
)

const testdata = "../../testdata"

func teaching(tb testing.TB) []byte {
	tb.Helper()
	b, err := os.ReadFile(testdata + "/teaching/behaviors.json")
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// TestFilesAreWhatIsGenerated holds the files to the program that writes them: no other line, no other file.
func TestFilesAreWhatIsGenerated(t *testing.T) {
	files, err := behavior.Files(teaching(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		if got, err := os.ReadFile(filepath.Join(testdata, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what go generate ./internal/behavior writes (%v)", name, err)
		}
	}
	err = filepath.WalkDir(testdata, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(testdata, path)
		if strings.HasSuffix(path, ".jsonl") && files[filepath.ToSlash(name)] == nil {
			t.Errorf("%s is written by nothing", name)
		}
		return err
	})
	if err != nil || len(files) < 39 {
		t.Error(len(files), err)
	}
}

// TestFilesAreRead reads every file as a user does.
func TestFilesAreRead(t *testing.T) {
	files, err := behavior.Files(teaching(t))
	if err != nil {
		t.Fatal(err)
	}
	behaviors := 0
	for name := range files {
		path := filepath.Join(testdata, name)
		var n, train, test int
		if strings.HasSuffix(name, "-pairs.jsonl") {
			s := steer.Pairs(path)
			_, err = s.Read()
			n, train, test = s.Len(), s.Train().Len(), s.Test().Len()
		} else {
			s := steer.Examples(path)
			_, err = s.Read()
			n, train, test = s.Len(), s.Train().Len(), s.Test().Len()
			if strings.HasPrefix(name, "teaching") {
				behaviors++
			}
		}
		if err != nil || train+test != n || train < test || 3*test < train {
			t.Errorf("%s: %d lines, %d and %d, %v", name, n, train, test, err)
		}
	}
	if behaviors != 28 {
		t.Errorf("%d behaviors of the teaching model, it has 28", behaviors)
	}
}

// TestNothingLeaks: the generated sets share no word between their halves but their frames.
func TestNothingLeaks(t *testing.T) {
	for _, s := range behavior.Generated() {
		if r := behavior.Leakage(s.Examples, s.Frame...); !r.Clean() || r.Train < 16 || r.Test < 16 || r.Balance > .5 {
			t.Errorf("%s: %v", s.Name, r)
		}
		if r := behavior.PairLeakage(s.Pairs, s.Frame...); !r.Clean() {
			t.Errorf("%s, pairs: %v", s.Name, r)
		}
		for _, e := range s.Examples {
			if !strings.HasPrefix(e.Target, " ") || !strings.HasPrefix(e.Versus, " ") || e.Target == e.Versus || strings.HasSuffix(e.Prompt, " ") {
				t.Errorf("%s: %+v", s.Name, e)
			}
		}
		// every word is in one half only because it was dealt so: a line that changes sides shows
		moved := slices.Clone(s.Examples)
		for i, e := range moved {
			if e.Split == "test" {
				moved[i].Split = "train"
				break
			}
		}
		if r := behavior.Leakage(moved, s.Frame...); len(r.Words)+len(r.Answers) == 0 {
			t.Errorf("%s: a test line among the training lines shows nowhere: %v", s.Name, r)
		}
	}
}

func TestLeakageSeesEachFault(t *testing.T) {
	line := func(split, prompt, target string) steer.Example {
		return steer.Example{Prompt: prompt, Target: target, Split: split}
	}
	clean := []steer.Example{line("train", "the key near trees", " is"), line("test", "the cup near dogs", " was")}
	with := func(more ...steer.Example) []steer.Example { return append(slices.Clone(clean), more...) }
	for name, c := range map[string]struct {
		set  []steer.Example
		want behavior.Report
	}{
		"clean":          {clean, behavior.Report{Train: 1, Test: 1}},
		"row":            {with(line("test", "the key near trees", " is")), behavior.Report{Train: 1, Test: 2, Rows: 1, Prompts: 1, Answers: []string{"is"}, Words: []string{"key", "trees"}}},
		"contradiction":  {with(line("train", "the key near trees", " sat")), behavior.Report{Train: 2, Test: 1, Contradictions: 1}},
		"repeated":       {with(line("test", "the cup near dogs", " was")), behavior.Report{Train: 1, Test: 2, Repeated: 1}},
		"named":          {with(line("train", "the Phoenix of", " Phoenix")), behavior.Report{Train: 2, Test: 1, Named: 1}},
		"word":           {with(line("test", "the Key, near", " x")), behavior.Report{Train: 1, Test: 2, Words: []string{"key"}}},
		"counterfactual": {with(steer.Example{Prompt: "near", Target: " y", Versus: " Trees", Split: "test"}), behavior.Report{Train: 1, Test: 2, Words: []string{"trees"}}},
	} {
		got := behavior.Leakage(c.set, "the", "near", "of")
		got.Balance = 0
		if fmt.Sprint(got) != fmt.Sprint(c.want) || got.Clean() != (name == "clean") {
			t.Errorf("%s:\n%v\nwant\n%v", name, got, c.want)
		}
	}
	if r := behavior.Leakage(nil); r.Train+r.Test != 0 || !r.Clean() {
		t.Errorf("no lines: %v", r)
	}
}

// FuzzTeaching reads any bytes as behaviors.json: an error or sets, never a panic.
func FuzzTeaching(f *testing.F) {
	f.Add([]byte(`{"behaviors":{"a":{"examples":[{"prompt":"x","target":" y","counterfactual":" z"}]}},"contrasts":{"b":[{"positive":"x","negative":"y"}]}}`))
	f.Add([]byte(`{"behaviors":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		behaviors, contrasts, err := behavior.Teaching(data)
		if err != nil && len(behaviors)+len(contrasts) > 0 {
			t.Errorf("an error and %d sets", len(behaviors)+len(contrasts))
		}
		if _, ferr := behavior.Files(data); (ferr != nil) != (err != nil) {
			t.Errorf("reading: %v, writing: %v", err, ferr)
		}
	})
}

// A published kind of set: the same noun phrases on both sides, and one prompt that names its answer.
func ExampleLeakage() {
	fmt.Println(behavior.Leakage([]steer.Example{
		{Prompt: "The capital of Texas is", Target: " Austin", Split: "train"},
		{Prompt: "The capital of the state containing Austin is", Target: " Austin", Split: "test"},
	}, "the", "capital", "of", "is"))
	// Output:
	// 1 lines to find something on, 1 to test it on
	//    0 test lines occur in the training half
	//    0 test prompts occur in the training half
	//    0 lines occur twice in their half
	//    0 prompts have two targets
	//    1 prompts name their target
	//    1 answers are shared: austin
	//    0 other words are shared
	// 100% of the test have the most frequent answer
}
