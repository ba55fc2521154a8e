package behavior

import "github.com/neuronsteer/neuronsteer/steer"

// nouns are singular and plural.
var nouns = [][2]string{
	{"author", "authors"}, {"doctor", "doctors"}, {"teacher", "teachers"}, {"farmer", "farmers"}, {"lawyer", "lawyers"},
	{"singer", "singers"}, {"pilot", "pilots"}, {"guard", "guards"}, {"artist", "artists"}, {"student", "students"}, {"boy", "boys"},
	{"girl", "girls"}, {"king", "kings"}, {"queen", "queens"}, {"man", "men"}, {"woman", "women"}, {"child", "children"},
	{"athlete", "athletes"}, {"friend", "friends"}, {"poet", "poets"}, {"actor", "actors"}, {"manager", "managers"},
	{"driver", "drivers"}, {"key", "keys"}, {"cabinet", "cabinets"}, {"table", "tables"}, {"chair", "chairs"}, {"car", "cars"},
	{"bike", "bikes"}, {"book", "books"}, {"lamp", "lamps"}, {"box", "boxes"}, {"picture", "pictures"}, {"cup", "cups"},
	{"door", "doors"}, {"window", "windows"}, {"tree", "trees"}, {"truck", "trucks"}, {"flower", "flowers"}, {"house", "houses"},
	{"boat", "boats"}, {"clock", "clocks"}, {"dog", "dogs"}, {"cat", "cats"}, {"horse", "horses"}, {"bird", "birds"},
	{"cow", "cows"}, {"duck", "ducks"},
}

// Of a split's nouns, the first half are subjects and the others stand nearer to the verb.
var (
	prepositions = []string{"near", "behind", "beside", "under"}
	relations    = [][2]string{{"likes", "like"}, {"sees", "see"}, {"knows", "know"}, {"helps", "help"}} // of one, of several
)

// agreement asks for is or are after a subject with a noun of the other number behind it: in a prepositional phrase, or as
// the subject of a relative clause (Linzen et al. 2016, Marks et al. 2024). The counterfactual is the other verb.
func agreement() Set {
	s := Set{Name: "agreement", Frame: []string{"the", "that", "is", "are"}}
	s.Frame = append(s.Frame, prepositions...)
	for _, r := range relations {
		s.Frame = append(s.Frame, r[:]...)
	}
	verbs := [2]string{" is", " are"}
	inOrder(halves(s.Name, nouns), func(split string, list [][2]string) {
		subjects, others := list[:len(list)/2], list[len(list)/2:]
		for i, subject := range subjects {
			for number := range verbs {
				other := others[(i+number)%len(others)][1-number]
				for _, behind := range []string{
					" " + prepositions[i%len(prepositions)] + " the " + other,
					" that the " + other + " " + relations[i%len(relations)][1-number],
				} {
					s.Examples = append(s.Examples, steer.Example{Prompt: "The " + subject[number] + behind, Target: verbs[number],
						Versus: verbs[1-number], Split: split})
				}
			}
		}
	})
	return s
}
