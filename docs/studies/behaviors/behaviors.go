// Package behaviors reads the lists of prompts that studies find circuits on and test them on.
package behaviors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer"
)

// Teaching is the file of the teaching model's behaviors, from the repository's root.
const Teaching = "testdata/teaching/behaviors.json"

// A Behavior is a list of prompts that show the same thing.
type Behavior struct {
	Name     string
	Examples []steer.Example
}

// Halves returns the examples that a circuit is found on and those that it is tested on: the first half with what shares a prompt with
// it, and the rest.
func (b Behavior) Halves() (found, tested steer.ExampleSet) {
	var halves [2][]steer.Example
	for i, e := range b.Examples {
		first := b.Examples[:len(b.Examples)/2]
		if i < len(first) || slices.ContainsFunc(first, func(f steer.Example) bool { return f.Prompt == e.Prompt }) {
			halves[0] = append(halves[0], e)
		} else {
			halves[1] = append(halves[1], e)
		}
	}
	return steer.NewExamples(halves[0]...), steer.NewExamples(halves[1]...)
}

// Read returns the behaviors of a file, in its order. Prompts of chats stand in it as rendered text.
func Read(path string) ([]Behavior, error) {
	b, err := regular.ReadText(path, 64<<20)
	if err != nil {
		return nil, err
	}
	var file struct {
		Behaviors ordered `json:"behaviors"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(file.Behaviors) == 0 {
		return nil, fmt.Errorf("%s holds no behaviors; give a file with {\"behaviors\": {name: {\"examples\": [...]}}}", path)
	}
	return file.Behaviors, nil
}

// ordered is a JSON object of behaviors in the order of the file, which a Go map would lose.
type ordered []Behavior

// UnmarshalJSON implements json.Unmarshaler.
func (o *ordered) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("behaviors is no JSON object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var v struct {
			Examples []struct {
				Prompt         string `json:"prompt"`
				Target         string `json:"target"`
				Counterfactual string `json:"counterfactual"`
				Corrupt        string `json:"corrupt"`
			} `json:"examples"`
		}
		if err := d.Decode(&v); err != nil {
			return err
		}
		next := Behavior{Name: fmt.Sprint(name)}
		for _, e := range v.Examples {
			next.Examples = append(next.Examples, steer.Example{Prompt: e.Prompt, Target: e.Target, Versus: e.Counterfactual, Patch: e.Corrupt})
		}
		if len(next.Examples) < 2 {
			return fmt.Errorf("%s has %d examples; two halves need at least 2", next.Name, len(next.Examples))
		}
		*o = append(*o, next)
	}
	return nil
}
