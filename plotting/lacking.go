package plotting

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A lacking is what a figure shows that no font has: runs of characters, each with the number of its box, from 1.
type lacking struct{ runs []string }

// number returns the number of a run's box.
func (l *lacking) number(run string) string {
	i := slices.Index(l.runs, run)
	if i < 0 {
		i = len(l.runs)
		l.runs = append(l.runs, run)
	}
	return strconv.Itoa(i + 1)
}

// The most boxes, and of one the most characters, that the key names.
const (
	boxesNamed = 24
	codesNamed = 4
)

// key says what the boxes stand for, each before its name, e.g. U+4E2D Chinese.
func (l *lacking) key() string {
	var names []string
	for i, run := range l.runs {
		if i == boxesNamed {
			names = append(names, fmt.Sprintf("and%[1]s%[2]d%[1]smore", hold, len(l.runs)-i))
			break
		}
		var codes []string
		for _, r := range run {
			codes = append(codes, fmt.Sprintf("U+%04X", r))
		}
		if n := len(codes); n > codesNamed {
			codes = append(codes[:codesNamed-1], "…", codes[n-1])
		}
		first := []rune(run)[0]
		names = append(names, run+" = "+strings.Join(append(codes, scriptOf(first)), " "))
		names[i] = strings.ReplaceAll(names[i], " ", hold)
	}
	return strings.Join(names, ", ")
}

// hold is a space that no line breaks at.
const hold = "\u00a0"

// scripts are those that the fonts of a figure lack and models write most, by their English names.
var scripts = []struct {
	table *unicode.RangeTable
	name  string
}{
	{unicode.Han, "Chinese"}, {unicode.Hiragana, "Japanese"}, {unicode.Katakana, "Japanese"}, {unicode.Hangul, "Korean"},
	{unicode.Arabic, "Arabic"}, {unicode.Hebrew, "Hebrew"}, {unicode.Devanagari, "Devanagari"}, {unicode.Bengali, "Bengali"},
	{unicode.Tamil, "Tamil"}, {unicode.Telugu, "Telugu"}, {unicode.Thai, "Thai"}, {unicode.Lao, "Lao"}, {unicode.Khmer, "Khmer"},
	{unicode.Myanmar, "Burmese"}, {unicode.Georgian, "Georgian"}, {unicode.Armenian, "Armenian"}, {unicode.Ethiopic, "Ethiopic"},
	{unicode.Gujarati, "Gujarati"}, {unicode.Gurmukhi, "Gurmukhi"}, {unicode.Kannada, "Kannada"}, {unicode.Malayalam, "Malayalam"},
	{unicode.Sinhala, "Sinhala"}, {unicode.Tibetan, "Tibetan"}, {unicode.Mongolian, "Mongolian"}, {unicode.Greek, "Greek"},
	{unicode.Cyrillic, "Cyrillic"}, {unicode.Co, "private use"}, {unicode.S, "symbol"}, {unicode.L, "letter"},
}

// scriptOf names what kind of character it is.
func scriptOf(r rune) string {
	if r >= 0x1f000 && r < 0x1fb00 {
		return "emoji"
	}
	for _, s := range scripts {
		if unicode.Is(s.table, r) {
			return s.name
		}
	}
	return "sign"
}

// numbering returns what gives boxes their numbers on a canvas; on one that is no figure's boxes are empty.
func numbering(c vg.Canvas) func(string) string {
	for {
		switch on := c.(type) {
		case *draw.Canvas:
			c = on.Canvas
		case draw.Canvas:
			c = on.Canvas
		case canvas:
			return on.lacking.number
		default:
			return func(string) string { return "" }
		}
	}
}
