package jinja

import (
	"errors"
	"strconv"
	"strings"
)

// simple escapes of a Python string.
var escapes = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", '\\': "\\", '\'': "'", '"': `"`, 'a': "\a", 'b': "\b", 'f': "\f", 'v': "\v", '\n': ""}

// unescape returns what a string literal stands for, as Python's unicode-escape reads it: an unknown escape stands for itself.
func unescape(s string) (string, error) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if i++; i == len(s) {
			return "", errors.New(`a string ends in \`)
		}
		if e, ok := escapes[s[i]]; ok {
			b.WriteString(e)
			continue
		}
		size := map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[i]]
		switch {
		case size > 0:
			if i+size >= len(s) {
				return "", errors.New("a string has an escape that is cut off")
			}
			n, err := strconv.ParseUint(s[i+1:i+1+size], 16, 32)
			if err != nil {
				return "", errors.New("a string has an escape without a number")
			}
			b.WriteRune(rune(n)) // half a surrogate pair, which no text has, becomes U+FFFD
			i += size
		case s[i] >= '0' && s[i] <= '7':
			n := 0
			for k := 0; k < 3 && i < len(s) && s[i] >= '0' && s[i] <= '7'; k++ {
				n = n*8 + int(s[i]-'0')
				i++
			}
			i--
			b.WriteRune(rune(n))
		default:
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String(), nil
}
