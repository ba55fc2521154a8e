package steer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "set.jsonl")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestExamplesFile(t *testing.T) {
	path := write(t, "{\"prompt\":\"a\",\"target\":\" b\"}\r\n\n  {\"prompt\":\"c\",\"target\":\" d\",\"versus\":\" e\",\"chat\":true,\"system\":\"f\",\"prefill\":\"g\",\"split\":\"test\"}\n")
	set := Examples(path)
	if err := os.Rename(path, path+".gone"); err != nil {
		t.Fatal(err)
	}
	if _, err := set.Read(); err == nil {
		t.Error("the file was read before it was needed")
	}
	got, err := Examples(path + ".gone").Read()
	want := []Example{{Prompt: "a", Target: " b"}, {"c", " d", " e", true, "f", "g", "test", ""}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v (%v), want %+v", got, err, want)
	}
	pairs, err := Pairs(write(t, `{"positive":"a","negative":"b","prefill":"c"}`)).Read()
	if err != nil || !slices.Equal(pairs, []Pair{{Positive: "a", Negative: "b", Prefill: "c"}}) {
		t.Errorf("%+v (%v)", pairs, err)
	}
}

// TestExamplesMistakes: what is wrong is told by line, with what to write instead.
func TestExamplesMistakes(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"no file":          {"", "has no line"},
		"not JSON":         {"{\n", "set.jsonl:1"},
		"two objects":      {`{"prompt":"a"} {"prompt":"b"}`, "follows"},
		"a typing mistake": {"{\"prompt\":\"a\"}\n{\"promt\":\"a\"}", `set.jsonl:2: unknown field "promt", which is nearly prompt; write prompt; or leave the column out: steer.Examples("set.jsonl", "=promt")`},
		"another type":     {`{"prompt":7}`, "set.jsonl:1"},
		"a wrong split":    {`{"prompt":"a","split":"dev"}`, `neither "train" nor "test"`},
		"bytes":            {"{\"prompt\":\"\xff\"}", "not UTF-8"},
		"several":          {"{\n{", "set.jsonl:2"},
	} {
		set := Examples(write(t, c.text))
		if _, err := set.Read(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want a mistake that says %q", name, err, c.says)
		}
		if set.Len() != 0 || set.All() != nil || set.Train().Len() != 0 {
			t.Errorf("%s: a damaged set has lines", name)
		}
		for _, m := range engine.Mistakes(set.Test().err()) {
			if m.Hint == "" || m.Code == engine.Internal {
				t.Errorf("%s: %+v", name, m)
			}
		}
	}
	if n := len(engine.Mistakes(Examples(write(t, strings.Repeat("{\n", 1000))).err())); n != 10 {
		t.Errorf("%d mistakes of a file of 1000, want a screenful", n)
	}
}

// TestSplits: lines go where they say; of the others the first half is for finding, with the later ones that have a prompt of it.
// Nothing is in both, nothing is lost.
func TestSplits(t *testing.T) {
	for name, c := range map[string]struct{ splits, prompts, train, test string }{
		"none": {"     ", "abcde", "012", "34"}, "even": {"    ", "abcd", "01", "23"}, "said": {"Tt t", "abcd", "123", "0"}, "empty": {"", "", "", ""}, "one": {" ", "a", "0", ""},
		"shared by the halves": {"     ", "abcdb", "0124", "3"}, "shared by two": {"      ", "abcbde", "0123", "45"}, "twice in a half": {"    ", "aabb", "01", "23"},
		"all the same": {"    ", "aaaa", "0123", ""}, "as one that says so": {"Tt   ", "abacb", "134", "02"}, "said to be in both": {"Tt", "aa", "1", "0"},
	} {
		var es []Example
		var ps []Pair
		for i, s := range c.splits {
			split, prompt := map[rune]string{'T': "test", 't': "train", ' ': ""}[s], c.prompts[i:i+1]
			es = append(es, Example{Prompt: prompt, Target: fmt.Sprint(i), Split: split})
			ps = append(ps, Pair{Positive: prompt, Negative: "n", System: fmt.Sprint(i), Split: split})
		}
		join := func(s ExampleSet, p PairSet) (out string) {
			pairs := ""
			for _, e := range s.All() {
				out += e.Target
			}
			for _, p := range p.All() {
				pairs += p.System
			}
			if pairs != out {
				t.Errorf("%s: the pairs %s, the examples %s", name, pairs, out)
			}
			return out
		}
		set, pairs := NewExamples(es...), NewPairs(ps...)
		if got, want := join(set.Train(), pairs.Train())+"|"+join(set.Test(), pairs.Test()), c.train+"|"+c.test; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	list := []Example{{Prompt: "a"}}
	set := NewExamples(list...)
	list[0].Prompt = "b"
	set.All()[0].Prompt = "c"
	if set.All()[0].Prompt != "a" {
		t.Error("the set shares its list")
	}
	var zero ExampleSet
	if zero.Len() != 0 || zero.Train().Len() != 0 || zero.err() != nil {
		t.Error("the zero set is not empty")
	}
}

// FuzzExamples: whatever a file holds, it gives lines or mistakes that say what to write.
func FuzzExamples(f *testing.F) {
	for _, s := range []string{"", "{}", `{"prompt":"a","target":" b","split":"train"}`, `{"positive":"a","negative":"b"}`, "[1]\nnull", "\xff", `{"prompt":"\ud800"}`, "{}{}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, err := range []error{second(parseRows[Example]("f", b)), second(parseRows[Pair]("f", b))} {
			for _, m := range engine.Mistakes(err) {
				if m.Code == engine.Internal || m.Hint == "" || m.Text == "" {
					t.Fatalf("%q: %+v", b, m)
				}
			}
		}
	})
}

func second[E any](_ E, err error) error { return err }

// TestLinesSayOneThing: a field that a line has twice and half of a character are mistakes that name the line, since one of
// the two, or the rest of the character, would be lost without a word.
func TestLinesSayOneThing(t *testing.T) {
	good := `{"prompt": "I loved the film. It was", "target": " wonderful", "versus": " terrible"}`
	for line, says := range map[string]string{
		`{"prompt": "x", "prompt": "I loved it", "target": " a"}`: `:2: the key "prompt" stands there twice`,
		`{"prompt": "x", "target": " a", "Target": " b"}`:         `:2: the key "Target" stands there twice`,
		`{"prompt": "a \ud800 b", "target": " a"}`:                `:2: \ud800 is half of a character`,
		`{"prompt": "a", "target": "\udc00"}`:                     `:2: \udc00 is half of a character`,
		`{"prompt": "a \ud83d\ude00", "target": " \ud83d\ude00"}`: "",
		good + good: ":2: something follows the object",
	} {
		path := write(t, good+"\n"+line+"\n")
		es, err := Examples(path).Read()
		if says == "" {
			if err != nil || len(es) != 2 || es[1].Prompt != "a 😀" {
				t.Errorf("%s: %v, %v", line, es, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), "set.jsonl"+says) {
			t.Errorf("%s: %v, want %q", line, err, says)
		}
		if _, err := New("", nil).Behavior(Examples(path)).Request(); err == nil {
			t.Errorf("%s: a task takes it", line)
		}
	}
	if _, err := Pairs(write(t, `{"positive": "a", "positive": "b", "negative": "c"}`)).Read(); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a pair: %v", err)
	}
}
