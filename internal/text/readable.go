package text

import (
	"strings"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// readable refuses text that the library would not see as it is.
func readable(s string) error {
	if at := strings.IndexByte(s, 0); at >= 0 {
		return engine.Errorf(engine.BadText, "tokenizer", "the text has a NUL byte at offset %d", at).Try("remove it")
	}
	for at := 0; at < len(s); {
		r, n := utf8.DecodeRuneInString(s[at:])
		if r == utf8.RuneError && n == 1 {
			return engine.Errorf(engine.BadText, "tokenizer", "the text is not UTF-8: byte 0x%02x at offset %d", s[at], at).
				Try("convert it, or use strings.ToValidUTF8")
		}
		at += n
	}
	return nil
}
