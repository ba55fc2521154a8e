package plotting

import (
	"math"
	"math/rand/v2"
	"testing"
)

// attention is constructed data for AttentionHeads and AttentionHead.
type attention struct {
	p      [][][]float64
	labels []string
}

func (a attention) Attention() [][][]float64 { return a.p }
func (a attention) Labels() []string         { return a.labels }
func (a attention) Name() string             { return "Layer 4" }

// looking returns the patterns of heads that look at the first token, the previous one, their own, or one that draws them, in turn.
func looking(heads int, labels []string) (a attention) {
	r := rand.New(rand.NewPCG(13, 14))
	a.labels = labels
	for h := range heads {
		rows := make([][]float64, len(labels))
		for q := range rows {
			rows[q] = make([]float64, len(labels))
			total := 0.
			for k := range q + 1 {
				s := r.NormFloat64()
				if k == []int{0, max(0, q-1), q, len(labels) / 2}[h%4] {
					s += 3.5
				}
				rows[q][k] = math.Exp(s)
				total += rows[q][k]
			}
			for k := range q + 1 {
				rows[q][k] /= total
			}
		}
		a.p = append(a.p, rows)
	}
	return a
}

// TestAttentionTitle: the title says where heads look, by the mean over the queries that have a choice.
func TestAttentionTitle(t *testing.T) {
	even := attention{[][][]float64{{{1, 0, 0, 0}, {.5, .5, 0, 0}, {.2, .3, .5, 0}, {.3, .35, .25, .1}}}, []string{"<s>", "a", " b", "c"}}
	sink := attention{[][][]float64{{{1, 0, 0, 0}, {1, 0, 0, 0}, {.9, .1, 0, 0}, {.3, .7, 0, 0}}}, even.labels}
	for _, c := range []struct {
		fig  *Figure
		want string
	}{
		{AttentionHead(looking(4, tokens(8)), 1), "Head 1 looks at the previous token, 80 % of its attention"},
		{AttentionHead(even, 0), "Head 0 has no fixed place; at “c” it reads “a”, 35 % of its attention"},
		{AttentionHead(sink, 0), "Head 0 looks at the first token, 60 % of its attention; at “c” it reads “a”, 70 %"},
		{AttentionHead(looking(1, tokens(1)), 0), "Head 0 reads “BOS” at “BOS”, 100 % of its attention"},
		{AttentionHeads(looking(8, tokens(12))), "Of 8 heads, 2 look at the first token, 2 at the previous token and 2 at their own token"},
		{AttentionHeads(looking(4, tokens(12))), "Of 4 heads, 1 looks at the first token, 1 at the previous token and 1 at its own token"},
		{AttentionHeads(sink), "The only head looks at the first token"},
		{AttentionHeads(even), "The only head has no fixed place to look at"},
		{AttentionHeads(looking(3, tokens(2))), "What 3 heads attend to over 2 tokens"},
		{AttentionHeads(looking(1, tokens(2))), "What 1 head attends to over 2 tokens"},
	} {
		if got := c.fig.TitleText(); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}
