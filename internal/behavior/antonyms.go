package behavior

import "github.com/neuronsteer/neuronsteer/steer"

// opposites are pairs of which each word is in one pair only.
var opposites = [][2]string{
	{"hot", "cold"}, {"big", "small"}, {"tall", "short"}, {"fast", "slow"}, {"old", "young"}, {"happy", "sad"}, {"dry", "wet"},
	{"heavy", "light"}, {"loud", "quiet"}, {"rich", "poor"}, {"strong", "weak"}, {"clean", "dirty"}, {"hard", "soft"},
	{"early", "late"}, {"full", "empty"}, {"open", "closed"}, {"up", "down"}, {"day", "night"}, {"good", "bad"}, {"left", "right"},
	{"first", "last"}, {"true", "false"}, {"black", "white"}, {"high", "low"}, {"wide", "narrow"}, {"deep", "shallow"},
	{"thick", "thin"}, {"war", "peace"}, {"love", "hate"}, {"north", "south"}, {"east", "west"}, {"before", "after"},
}

// antonyms asks for the opposite of a word, both ways; the counterfactual is a word of the next pair of the split.
func antonyms() Set {
	s := Set{Name: "antonyms", Frame: []string{"the", "opposite", "of", "is"}}
	inOrder(halves(s.Name, opposites), func(split string, list [][2]string) {
		for i, p := range list {
			other := list[(i+1)%len(list)]
			for k := range p {
				s.Examples = append(s.Examples, steer.Example{Prompt: "The opposite of " + p[k] + " is", Target: " " + p[1-k],
					Versus: " " + other[1-k], Split: split})
			}
		}
	})
	return s
}
