package repl

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A word is one argument of a command.
type word struct {
	text   string
	quoted bool // it stood in quotes, so its white space was meant
}

// words takes a line apart. White space separates words but in quotes.
func words(line string) ([]word, error) {
	var out []word
	for {
		line = strings.TrimLeftFunc(line, unicode.IsSpace)
		if line == "" {
			return out, nil
		}
		w, rest, err := first(line)
		if err != nil {
			return nil, err
		}
		out, line = append(out, w), rest
	}
}

// first reads the word that the line begins with, which is no white space.
func first(line string) (word, string, error) {
	switch line[0] {
	case '"':
		q, err := strconv.QuotedPrefix(line)
		if err == nil {
			var s string
			if s, err = strconv.Unquote(q); err == nil {
				return word{s, true}, line[len(q):], nil
			}
		}
		return word{}, "", engine.Errorf(steer.BadSetting, "", "the quotes of %s do not close", line).Try(`type e.g. " Paris"; a quote inside is \"`)
	case '\'':
		if end := strings.IndexByte(line[1:], '\''); end >= 0 {
			return word{line[1 : 1+end], true}, line[end+2:], nil
		}
		return word{}, "", engine.Errorf(steer.BadSetting, "", "the quotes of %s do not close", line).Try(`put a word with an apostrophe in double quotes: "'s"`)
	}
	end := strings.IndexFunc(line, unicode.IsSpace)
	if end < 0 {
		end = len(line)
	}
	return word{line[:end], false}, line[end:], nil
}

// whole reads a line that is one text: as it is, without the white space around it, or all of it in double quotes.
func whole(line string) string {
	line = strings.TrimSpace(line)
	if strings.HasPrefix(line, `"`) {
		if s, err := strconv.Unquote(line); err == nil {
			return s
		}
	}
	return line
}
