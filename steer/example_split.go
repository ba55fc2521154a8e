package steer

import (
	"fmt"
	"math"
)

// Train is the part to find something on: the rows whose split is "train" and, of the rows without a split, the first
// half (of an odd number the larger part). A row without a split goes where an earlier one with its prompt is, so that nothing
// is tested on a prompt that it was found on unless the file says so.
func (s ExampleSet) Train() ExampleSet {
	return ExampleSet{s.part("train", half("train", .5, Example.place))}
}

// Test is the part to test it on: the rows whose split is "test" and what Train leaves of the rows without a split.
func (s ExampleSet) Test() ExampleSet {
	return ExampleSet{s.part("test", half("test", .5, Example.place))}
}

// Train is the part to find something on, by the rule of ExampleSet.Train.
func (s PairSet) Train() PairSet { return PairSet{s.part("train", half("train", .5, Pair.place))} }

// Test is the part to test it on, by the rule of ExampleSet.Test.
func (s PairSet) Test() PairSet { return PairSet{s.part("test", half("test", .5, Pair.place))} }

// Split is Train and Test where of the rows without a split the first share, 0 to 1, is for finding: train, test := set.Split(.8).
// Shuffle first where the file is sorted.
func (s ExampleSet) Split(share float64) (train, test ExampleSet) {
	return ExampleSet{s.part(parted("train", share), half("train", share, Example.place))}, ExampleSet{s.part(parted("test", share), half("test", share, Example.place))}
}

// Split is Train and Test by a share, as ExampleSet.Split.
func (s PairSet) Split(share float64) (train, test PairSet) {
	return PairSet{s.part(parted("train", share), half("train", share, Pair.place))}, PairSet{s.part(parted("test", share), half("test", share, Pair.place))}
}

func parted(name string, share float64) string {
	return fmt.Sprintf("%s of a split at %g", name, share)
}

// place returns what decides where a row goes: the split that it names, if any, and its prompt.
func (e Example) place() (split string, prompt [2]string) { return e.Split, [2]string{e.Prompt} }
func (p Pair) place() (split string, prompt [2]string) {
	return p.Split, [2]string{p.Positive, p.Negative}
}

// half returns the rows of one split; of those without one, the first share, rounded up, is for finding.
func half[E any](name string, share float64, place func(E) (split string, prompt [2]string)) func([]E) []E {
	return func(list []E) []E {
		without, at := 0, map[[2]string]string{} // where a prompt is
		for _, e := range list {
			if split, prompt := place(e); split == "" {
				without++
			} else if at[prompt] == "" {
				at[prompt] = split
			}
		}
		var out []E
		seen, most := 0, int(math.Ceil(min(max(share, 0), 1)*float64(without)))
		for _, e := range list {
			own, prompt := place(e)
			if own == "" {
				seen++
				if at[prompt] == "" {
					at[prompt] = "train"
					if seen > most {
						at[prompt] = "test"
					}
				}
				own = at[prompt]
			}
			if own == name {
				out = append(out, e)
			}
		}
		return out
	}
}
