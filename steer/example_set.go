package steer

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// An ExampleSet is a list of examples, given in the program or read from a file. It is immutable and lazy: the file is
// read when something first needs it, and what is wrong with it is reported by the Run of the task that was given the set.
type ExampleSet struct{ set[Example] }

// A PairSet is a list of pairs, as ExampleSet is of examples.
type PairSet struct{ set[Pair] }

// Examples is the set in a file of JSON lines, a JSON array of objects, CSV, TSV or parquet, one [Example] a row:
//
//	{"prompt": "I loved the film. It was", "target": " wonderful", "versus": " terrible", "split": "train"}
//
// The columns prompt, target, versus, chat, system, prefill, split and patch are taken by these names, or by another that such
// data often have: a prompt is also a text, question or input, a target an answer, label or completion, versus is also wrong,
// incorrect or counterfactual. A column messages holds a chat: [{"role": "user", "content": "…"}, …], at most one turn of the
// user, and the assistant's answer as the target. The set says what it took for what and what it left out ([ExampleSet]'s String and
// Columns); where a name could mean two things it is a mistake, and one says what is meant:
//
//	steer.Examples("qa.csv", "prompt=q_text", "target=gold")   // "split=" takes no column for the split
//
// Empty lines do not count. A name that is nearly one of these is a mistake, as is a row without a prompt.
func Examples(path string, columns ...string) ExampleSet {
	return ExampleSet{fromFile[Example](path, columns)}
}

// NewExamples is the set of the given examples.
func NewExamples(es ...Example) ExampleSet { return ExampleSet{fromList(es)} }

// Pairs is the set in such a file, one [Pair] a row, from the columns positive and negative, chosen and rejected, or good and bad:
//
//	{"positive": "The film was wonderful", "negative": "The film was terrible"}
func Pairs(path string, columns ...string) PairSet { return PairSet{fromFile[Pair](path, columns)} }

// NewPairs is the set of the given pairs.
func NewPairs(ps ...Pair) PairSet { return PairSet{fromList(ps)} }

// set is a lazy list of one kind of row.
type set[E any] struct{ load func() (listed[E], error) }

// listed is a loaded set, with where it comes from.
type listed[E any] struct {
	list   []E
	from   string // of a file its name; of a part of a set also which
	format string
	took   []Column
	note   string // what was done to the rows
}

func fromList[E any](list []E) set[E] {
	list = slices.Clone(list)
	return set[E]{func() (listed[E], error) { return listed[E]{list: list}, nil }}
}

func fromFile[E any](path string, columns []string) set[E] {
	columns = slices.Clone(columns)
	return set[E]{sync.OnceValues(func() (listed[E], error) { return readRows[E](path, columns) })}
}

// part is a set made from the rows of s, as lazy as s itself. what names it.
func (s set[E]) part(what string, f func([]E) []E) set[E] {
	return set[E]{sync.OnceValues(func() (listed[E], error) {
		l, err := s.data()
		if err != nil {
			return listed[E]{}, err
		}
		l.list = f(slices.Clone(l.list))
		if l.from != "" {
			l.from += ", " + what
		}
		return l, nil
	})}
}

func (s set[E]) data() (listed[E], error) {
	if s.load == nil {
		return listed[E]{}, nil
	}
	return s.load()
}

// Read returns the rows, or what is wrong with the file.
func (s set[E]) Read() ([]E, error) {
	l, err := s.data()
	return slices.Clone(l.list), err
}

// All returns the rows; none when the file cannot be read.
func (s set[E]) All() []E {
	l, err := s.Read()
	if err != nil {
		return nil
	}
	return l
}

// Len returns how many rows there are; 0 when the file cannot be read.
func (s set[E]) Len() int { return len(s.All()) }

// At returns the i-th row, from 0; a negative i counts from the end, −1 being the last. Outside it is a zero one.
func (s set[E]) At(i int) E { return at(s.All(), i) }

// err returns what is wrong with the set's file.
func (s set[E]) err() error { _, err := s.Read(); return err }

// Columns returns the columns of the set's file and what each was taken for; none of a set that was given in the program.
func (s set[E]) Columns() []Column {
	l, _ := s.data() // of a file that cannot be read there are none
	return slices.Clone(l.took)
}

// String says how many rows there are and what was taken for what: "qa.csv: 120 rows of CSV; question is the prompt, answer is
// the target; left out: id". Of a file that cannot be read it says why.
func (s set[E]) String() string {
	l, err := s.data()
	if err != nil {
		return "no rows: " + err.Error()
	}
	n := fmt.Sprintf("%d rows", len(l.list))
	if len(l.list) == 1 {
		n = "1 row"
	}
	if l.from == "" {
		return n + l.note
	}
	var took, out []string
	for _, c := range l.took {
		if c.As == "" {
			out = append(out, c.Name)
		} else {
			took = append(took, c.String())
		}
	}
	text := fmt.Sprintf("%s: %s of %s; %s", l.from, n, l.format, strings.Join(took, ", "))
	if len(out) > 0 {
		text += "; left out: " + strings.Join(out, ", ")
	}
	return text + l.note
}

func first[E any](n int) func([]E) []E {
	return func(list []E) []E { return list[:min(max(n, 0), len(list))] }
}

func shuffled[E any](seed uint64) func([]E) []E {
	return func(list []E) []E {
		r := rand.New(rand.NewPCG(seed, 0))
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return list
	}
}

func filtered[E any](keep func(E) bool) func([]E) []E {
	return func(list []E) []E { return slices.DeleteFunc(list, func(e E) bool { return !keep(e) }) }
}

// First returns the set of the first n examples.
func (s ExampleSet) First(n int) ExampleSet {
	return ExampleSet{s.part(fmt.Sprintf("the first %d", n), first[Example](n))}
}

// First returns the set of the first n pairs.
func (s PairSet) First(n int) PairSet {
	return PairSet{s.part(fmt.Sprintf("the first %d", n), first[Pair](n))}
}

// Shuffle returns the examples in another order, the same for the same seed.
func (s ExampleSet) Shuffle(seed uint64) ExampleSet {
	return ExampleSet{s.part(fmt.Sprintf("shuffled by %d", seed), shuffled[Example](seed))}
}

// Shuffle returns the pairs in another order, the same for the same seed.
func (s PairSet) Shuffle(seed uint64) PairSet {
	return PairSet{s.part(fmt.Sprintf("shuffled by %d", seed), shuffled[Pair](seed))}
}

// Filter returns the examples that keep is true of.
func (s ExampleSet) Filter(keep func(Example) bool) ExampleSet {
	return ExampleSet{s.part("filtered", filtered(keep))}
}

// Filter returns the pairs that keep is true of.
func (s PairSet) Filter(keep func(Pair) bool) PairSet {
	return PairSet{s.part("filtered", filtered(keep))}
}

// Pairs is All, by the word for what the set holds.
func (s PairSet) Pairs() []Pair { return s.All() }

// Spaced puts a space before every target and counterfactual that begins with a letter or a digit, as words within a text have
// in most tokenizers: "Paris" becomes " Paris". Data of question and answer seldom have it. The set's String says so.
func (s ExampleSet) Spaced() ExampleSet {
	return ExampleSet{set[Example]{sync.OnceValues(func() (listed[Example], error) {
		l, err := s.data()
		l.list = slices.Clone(l.list)
		n := 0
		for i, e := range l.list {
			l.list[i].Target, l.list[i].Versus = spaced(e.Target), spaced(e.Versus)
			n += count(l.list[i] != e)
		}
		l.note += fmt.Sprintf("; a space put before the answers of %d", n)
		return l, err
	})}}
}

// baseName is a file's name, for messages.
func baseName(path string) string { return filepath.Base(path) }
