package behavior

import "github.com/neuronsteer/neuronsteer/steer"

// Words of praise and of blame, in pairs, and what they are about.
var (
	feelings   = [][2]string{{"loved", "hated"}, {"enjoyed", "disliked"}, {"admired", "regretted"}, {"adored", "loathed"}}
	adjectives = [][2]string{{"wonderful", "terrible"}, {"great", "awful"}, {"excellent", "boring"}, {"beautiful", "horrible"},
		{"amazing", "ugly"}, {"lovely", "stupid"}, {"brilliant", "dreadful"}, {"perfect", "painful"}}
	items = []string{"film", "play", "show", "book", "novel", "poem", "song", "concert", "meal", "dinner", "hotel", "museum"}
)

// sentiment asks for an adjective that fits how somebody felt; the counterfactual is one that does not. The pairs are the
// openings alone, of praise and of blame.
func sentiment() Set {
	s := Set{Name: "sentiment", Frame: []string{"i", "the", "it", "was"}}
	verbs, words, things := halves(s.Name, feelings), halves(s.Name, adjectives), halves(s.Name, items)
	inOrder(things, func(split string, list []string) {
		n := 0
		for _, item := range list {
			for _, verb := range verbs[split] {
				word := words[split][n%len(words[split])]
				n++
				prompt := func(k int) string { return "I " + verb[k] + " the " + item + ". It was" }
				for k := range verb {
					s.Examples = append(s.Examples, steer.Example{Prompt: prompt(k), Target: " " + word[k], Versus: " " + word[1-k], Split: split})
				}
				s.Pairs = append(s.Pairs, steer.Pair{Positive: prompt(0), Negative: prompt(1), Split: split})
			}
		}
	})
	return s
}
