package behavior

import "github.com/neuronsteer/neuronsteer/steer"

// countries have capitals of one word that does not name the country.
var countries = [][2]string{
	{"France", "Paris"}, {"Germany", "Berlin"}, {"Italy", "Rome"}, {"Spain", "Madrid"}, {"Portugal", "Lisbon"}, {"England", "London"},
	{"Poland", "Warsaw"}, {"Russia", "Moscow"}, {"Greece", "Athens"}, {"Egypt", "Cairo"}, {"Kenya", "Nairobi"}, {"Japan", "Tokyo"},
	{"China", "Beijing"}, {"Iran", "Tehran"}, {"Iraq", "Baghdad"}, {"Cuba", "Havana"}, {"Peru", "Lima"}, {"Canada", "Ottawa"},
	{"Sweden", "Stockholm"}, {"Norway", "Oslo"}, {"Denmark", "Copenhagen"}, {"Finland", "Helsinki"}, {"Austria", "Vienna"},
	{"Hungary", "Budapest"}, {"Ireland", "Dublin"}, {"Scotland", "Edinburgh"}, {"Syria", "Damascus"}, {"Australia", "Canberra"},
	{"Bulgaria", "Sofia"}, {"Philippines", "Manila"}, {"Afghanistan", "Kabul"}, {"Chile", "Santiago"}, {"Belgium", "Brussels"},
	{"Jamaica", "Kingston"}, {"Wales", "Cardiff"}, {"Switzerland", "Bern"},
}

// capitals asks for the capital of a country; the counterfactual is that of the next country of the split.
func capitals() Set {
	s := Set{Name: "capitals", Frame: []string{"the", "capital", "of", "is"}}
	inOrder(halves(s.Name, countries), func(split string, list [][2]string) {
		for i, c := range list {
			s.Examples = append(s.Examples, steer.Example{Prompt: "The capital of " + c[0] + " is", Target: " " + c[1],
				Versus: " " + list[(i+1)%len(list)][1], Split: split})
		}
	})
	return s
}
