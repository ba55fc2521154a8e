package behavior

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
)

// Teaching reads the teaching model's behaviors.json: its behaviors with their examples as they are, in their order and
// without splits, and its contrasts as sets of pairs. Prompts of chats are rendered already.
func Teaching(data []byte) (behaviors, contrasts []Set, err error) {
	var file struct {
		Behaviors map[string]struct {
			Examples []struct{ Prompt, Target, Counterfactual string }
		}
		Contrasts map[string][]steer.Pair
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, nil, fmt.Errorf("behaviors.json: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(file.Behaviors)) {
		s := Set{Name: name}
		for _, e := range file.Behaviors[name].Examples {
			s.Examples = append(s.Examples, steer.Example{Prompt: e.Prompt, Target: e.Target, Versus: e.Counterfactual})
		}
		behaviors = append(behaviors, s)
	}
	for _, name := range slices.Sorted(maps.Keys(file.Contrasts)) {
		contrasts = append(contrasts, Set{Name: name, Pairs: file.Contrasts[name]})
	}
	return behaviors, contrasts, nil
}
