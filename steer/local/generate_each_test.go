package local_test

import (
	"fmt"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestGenerateEachIsOneByOne: on a trained model too, many prompts are continued by the tokens of each alone, greedily and
// drawn, more of them than are stepped together, and ending at different times.
func TestGenerateEachIsOneByOne(t *testing.T) {
	t.Setenv("NEURONSTEER_STORE", t.TempDir())
	m, err := local.Open(t.Context(), "teaching")
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close(m)
	var prompts []string
	for i := range 20 {
		prompts = append(prompts, fmt.Sprintf("I %s the %s. It was", []string{"loved", "hated"}[i%2], []string{"film", "song", "book", "long and old play in the town"}[i%4]))
	}
	c, err := m.Attribute(prompts[0]).Target(" wonderful").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	top := c.TopK(10)
	for name, set := range map[string]struct {
		many func(steer.GenerateEachTask) steer.GenerateEachTask
		one  func(t steer.GenerateTask, i uint64) steer.GenerateTask
	}{
		"greedy": {func(g steer.GenerateEachTask) steer.GenerateEachTask { return g },
			func(g steer.GenerateTask, _ uint64) steer.GenerateTask { return g }},
		"ablated": {func(g steer.GenerateEachTask) steer.GenerateEachTask { return g.Ablate(top) },
			func(g steer.GenerateTask, _ uint64) steer.GenerateTask { return g.Ablate(top) }},
		"drawn": {func(g steer.GenerateEachTask) steer.GenerateEachTask {
			return g.Temperature(1.2).TopP(.95).Seed(3).Stop("!")
		},
			func(g steer.GenerateTask, i uint64) steer.GenerateTask {
				return g.Temperature(1.2).TopP(.95).Seed(3 + i).Stop("!")
			}},
	} {
		all, err := set.many(m.GenerateEach(prompts...).MaxTokens(12)).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range all.List() {
			want, err := set.one(m.Generate(prompts[i]).MaxTokens(12), uint64(i)).Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !g.Diff(want).Same() || g.Text() != want.Text() {
				t.Errorf("%s: %q continues as %q, alone as %q", name, prompts[i], g, want)
			}
		}
	}
}
