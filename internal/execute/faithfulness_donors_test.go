package execute

import (
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestDraw: a case's activations come from a prompt that has all of its positions, and not from the case itself where the cases are
// what is drawn from; where there is none that is said.
func TestDraw(t *testing.T) {
	of := func(lengths ...int) (all [][]engine.Token) {
		for _, n := range lengths {
			all = append(all, make([]engine.Token, n))
		}
		return all
	}
	for name, c := range map[string]struct {
		cases, prompts []int
		own            bool
		may            [][]int // for each case, the prompts that may be drawn
		wrong          string
	}{
		"of others":              {[]int{3, 2}, []int{2, 3, 4}, false, [][]int{{1, 2}, {0, 1, 2}}, ""},
		"of the same place":      {[]int{3}, []int{3}, false, [][]int{{0}}, ""},
		"of themselves":          {[]int{3, 2, 3}, []int{3, 2, 3}, true, [][]int{{2}, {0, 2}, {0}}, ""},
		"too short":              {[]int{3, 4}, []int{3, 2}, false, nil, "has 4 tokens"},
		"the longest is alone":   {[]int{3, 4}, []int{3, 4}, true, nil, "has 4 tokens"},
		"one alone":              {[]int{3}, []int{3}, true, nil, "one example has no other"},
		"one, and one too short": {[]int{3}, []int{2}, false, nil, "has 3 tokens"},
	} {
		seen := make([]map[int]bool, len(c.cases))
		for seed := range uint64(40) {
			d := &donors{prompts: of(c.prompts...), in: faithfulInput{cases: of(c.cases...), about: make([]message.SweepPrompt, len(c.cases))}}
			d.s.Seed = seed
			if err := d.draw(c.own); c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("%s: %v, want %q", name, err, c.wrong)
				}
				continue
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for i, k := range d.drawn {
				if seen[i] == nil {
					seen[i] = map[int]bool{}
				}
				if seen[i][k] = true; !slices.Contains(c.may[i], k) {
					t.Errorf("%s: case %d has drawn prompt %d", name, i, k)
				}
			}
		}
		for i, may := range c.may {
			if len(seen[i]) != len(may) {
				t.Errorf("%s: of the prompts %v case %d has drawn %v", name, may, i, seen[i])
			}
		}
	}
}
