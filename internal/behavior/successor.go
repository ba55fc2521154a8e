package behavior

import (
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// series are words in an order that everybody knows. Their first half is for training, the second for the test.
var series = []string{
	"one two three four five six seven eight nine ten eleven twelve",
	"January February March April May June July August September October November December",
	"Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
	"first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
	"A B C D E F G H I J K L M N O P Q R S T U V W X Y Z",
	"twenty thirty forty fifty sixty seventy eighty ninety",
}

// successor asks for the next word of a series after two or three of it. The counterfactual is a word of the same half that
// the prompt does not hold, or the prompt's first where it holds all.
func successor() Set {
	s := Set{Name: "successor"}
	for _, name := range []string{train, test} {
		for _, words := range series {
			all := strings.Fields(words)
			half := all[:len(all)/2]
			if name == test {
				half = all[len(all)/2:]
			}
			given := min(3, len(half)-1)
			for i := 0; i+given < len(half); i++ {
				run, target := half[i:i+given], half[i+given]
				versus := run[0]
				for _, w := range half {
					if w != target && !slices.Contains(run, w) {
						versus = w
					}
				}
				s.Examples = append(s.Examples, steer.Example{Prompt: strings.Join(run, ", ") + ",", Target: " " + target, Versus: " " + versus, Split: name})
			}
		}
	}
	return s
}
