package steer

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/exactjson"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// An ExampleSet is a list of examples, given in the program or read from a file. It is immutable and lazy: the file is
// read when something first needs it, and what is wrong with it is reported by the Run of the task that was given the set.
type ExampleSet struct{ set[Example] }

// A PairSet is a list of pairs, as ExampleSet is of examples.
type PairSet struct{ set[Pair] }

// Examples is the set in a file of JSON lines, one [Example] a line:
//
//	{"prompt": "I loved the film. It was", "target": " wonderful", "versus": " terrible", "split": "train"}
//
// Empty lines do not count. A field that an Example does not have is a mistake.
func Examples(path string) ExampleSet { return ExampleSet{fromFile[Example](path)} }

// NewExamples is the set of the given examples.
func NewExamples(es ...Example) ExampleSet { return ExampleSet{fromList(es)} }

// Pairs is the set in a file of JSON lines, one [Pair] a line:
//
//	{"positive": "The film was wonderful", "negative": "The film was terrible"}
func Pairs(path string) PairSet { return PairSet{fromFile[Pair](path)} }

// NewPairs is the set of the given pairs.
func NewPairs(ps ...Pair) PairSet { return PairSet{fromList(ps)} }

// Train is the part to find something on: the lines whose split is "train" and, of the lines without a split, the first
// half (of an odd number the larger part). A line without a split goes where an earlier one with its prompt is, so that nothing
// is tested on a prompt that it was found on unless the file says so.
func (s ExampleSet) Train() ExampleSet { return ExampleSet{s.half("train", Example.place)} }

// Test is the part to test it on: the lines whose split is "test" and what Train leaves of the lines without a split.
func (s ExampleSet) Test() ExampleSet { return ExampleSet{s.half("test", Example.place)} }

// Train is the part to find something on, by the rule of ExampleSet.Train.
func (s PairSet) Train() PairSet { return PairSet{s.half("train", Pair.place)} }

// Test is the part to test it on, by the rule of ExampleSet.Test.
func (s PairSet) Test() PairSet { return PairSet{s.half("test", Pair.place)} }

// place returns what decides where a line goes: the split that it names, if any, and its prompt.
func (e Example) place() (split string, prompt [2]string) { return e.Split, [2]string{e.Prompt} }
func (p Pair) place() (split string, prompt [2]string) {
	return p.Split, [2]string{p.Positive, p.Negative}
}

// set is a lazy list of one kind of line.
type set[E any] struct{ load func() ([]E, error) }

func fromList[E any](list []E) set[E] {
	list = slices.Clone(list)
	return set[E]{func() ([]E, error) { return list, nil }}
}

func fromFile[E any](path string) set[E] {
	return set[E]{sync.OnceValues(func() ([]E, error) { return readLines[E](path) })}
}

// Read returns the lines, or what is wrong with the file.
func (s set[E]) Read() ([]E, error) {
	if s.load == nil {
		return nil, nil
	}
	list, err := s.load()
	return slices.Clone(list), err
}

// All returns the lines; none when the file cannot be read.
func (s set[E]) All() []E {
	list, err := s.Read()
	if err != nil {
		return nil
	}
	return list
}

// Len returns how many lines there are; 0 when the file cannot be read.
func (s set[E]) Len() int { return len(s.All()) }

// err returns what is wrong with the set's file.
func (s set[E]) err() error { _, err := s.Read(); return err }

// half returns the lines of one split. It is as lazy as the set itself.
func (s set[E]) half(name string, place func(E) (split string, prompt [2]string)) set[E] {
	return set[E]{sync.OnceValues(func() ([]E, error) {
		list, err := s.Read()
		if err != nil {
			return nil, err
		}
		without, at := 0, map[[2]string]string{} // where a prompt is
		for _, e := range list {
			if split, prompt := place(e); split == "" {
				without++
			} else if at[prompt] == "" {
				at[prompt] = split
			}
		}
		var out []E
		seen := 0
		for _, e := range list {
			own, prompt := place(e)
			if own == "" {
				seen++
				if at[prompt] == "" {
					at[prompt] = "train"
					if seen > (without+1)/2 {
						at[prompt] = "test"
					}
				}
				own = at[prompt]
			}
			if own == name {
				out = append(out, e)
			}
		}
		return out, nil
	})}
}

// maxSet is the largest file of examples that is read, in bytes.
const maxSet = 64 << 20

// readLines reads a file of JSON lines and reports everything that is wrong with it at once, up to a screenful.
func readLines[E any](path string) ([]E, error) {
	name := filepath.Base(path)
	b, err := regular.ReadText(path, maxSet)
	if err != nil {
		return nil, engine.Errorf(engine.BadSetting, "examples", "the file %s cannot be read: %v", path, err).
			Try("give the path of a file of JSON lines of at most %d MiB, relative to the folder of the notebook or program", maxSet>>20)
	}
	return parseLines[E](name, b)
}

// parseLines reads JSON lines. name is the file's, for messages.
func parseLines[E any](name string, b []byte) ([]E, error) {
	const screenful = 10
	var (
		out  []E
		errs []error
	)
	for i, line := range bytes.Split(b, []byte("\n")) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		if !utf8.Valid(line) {
			errs = append(errs, engine.Errorf(engine.BadText, "examples", "%s:%d is not UTF-8", name, i+1).Try("convert the file to UTF-8"))
		} else if e, err := parseLine[E](line); err != nil {
			errs = append(errs, engine.Errorf(engine.BadSetting, "examples", "%s:%d: %v", name, i+1, err).Try("write one JSON object a line, with the fields %s", fields[E]()))
		} else {
			out = append(out, e)
		}
		if len(errs) == screenful {
			break
		}
	}
	if len(errs) == 0 && len(out) == 0 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "examples", "%s has no line", name).Try("write one JSON object a line, with the fields %s", fields[E]()))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return out, nil
}

func parseLine[E any](line []byte) (e E, err error) {
	if err := exactjson.Decode(line, &e); err != nil {
		return e, err
	}
	if s, ok := any(e).(interface{ place() (string, [2]string) }); ok {
		switch split, _ := s.place(); split {
		case "", "train", "test":
		default:
			return e, errors.New(`the split is neither "train" nor "test"`)
		}
	}
	return e, nil
}

// fields names the fields of a line.
func fields[E any]() string {
	var e E
	if _, ok := any(e).(Pair); ok {
		return "positive, negative, chat, system, prefill, split"
	}
	return "prompt, target, versus, chat, system, prefill, split, patch"
}
