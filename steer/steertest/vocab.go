package steertest

// The ids of the words that tests and the plan of the engine name.
const (
	BOS int32 = iota
	End
	The
	Capital
	Of
	France
	Italy
	Is
	Paris
	Rome
	Stop
	And
	I
	Loved
	Hated
	TheFilm
	It
	Was
	Wonderful
	Terrible
	wordS
	wordAcr
	wordAmento
	words // how many there are; the 256 bytes follow
)

// vocabSize is V: the words, then a token for every byte, so that any text can be read.
const vocabSize = int(words) + 256

// spelling is the text of every word; most carry their leading space.
var spelling = [words]string{
	"<s>", "</s>", "The", " capital", " of", " France", " Italy", " is", " Paris", " Rome", ".", " and", "I", " loved",
	" hated", " the film", " It", " was", " wonderful", " terrible", " S", "acr", "amento",
}
