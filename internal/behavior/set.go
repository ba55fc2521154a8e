package behavior

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A Set is one behavior.
type Set struct {
	Name     string
	Examples []steer.Example
	Pairs    []steer.Pair
	Frame    []string // words that both splits share on purpose: those of the templates, and answers of a closed class
}

// The splits.
const (
	train = "train"
	test  = "test"
)

// Generated returns the sets that are made from word lists, by name.
func Generated() []Set { return []Set{agreement(), antonyms(), capitals(), sentiment(), successor()} }

// halves deals a list into two splits, in an order that only the set's name decides.
func halves[E any](name string, list []E) map[string][]E {
	seed := fnv.New64a()
	seed.Write([]byte(name))
	list = append([]E(nil), list...)
	rand.New(rand.NewPCG(seed.Sum64(), 0)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	half := (len(list) + 1) / 2
	return map[string][]E{train: list[:half], test: list[half:]}
}

// inOrder calls f for both splits, the training one first.
func inOrder[E any](halves map[string][]E, f func(split string, list []E)) {
	f(train, halves[train])
	f(test, halves[test])
}

// Lines writes a list of examples or pairs as JSON lines.
func Lines[E steer.Example | steer.Pair](list []E) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for i, x := range list {
		if err := e.Encode(x); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return b.Bytes(), nil
}
