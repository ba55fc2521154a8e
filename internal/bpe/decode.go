package bpe

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A decoder is a step from pieces to text.
type decoder func([]string) []string

func readDecoder(v any) ([]decoder, error) {
	if v == nil {
		return nil, nil
	}
	list, err := flatten("decoder", "decoders", v)
	if err != nil {
		return nil, err
	}
	steps := []decoder{} // an empty Sequence joins pieces, no decoder puts spaces between them
	for _, o := range list {
		step, err := readDecoderStep(o)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return steps, nil
}

func readDecoderStep(o *object) (decoder, error) {
	switch o.kind {
	case "ByteLevel":
		o.flagOr("add_prefix_space", true)
		o.flagOr("trim_offsets", true)
		o.flagOr("use_regex", true)
		return decodeBytes, o.done()
	case "ByteFallback":
		return decodeFallback, o.done()
	case "Fuse":
		return func(pieces []string) []string { return []string{strings.Join(pieces, "")} }, o.done()
	case "Metaspace":
		mark, scheme, _, err := metaspaceSettings(o)
		return func(pieces []string) []string {
			out := make([]string, len(pieces))
			for i, piece := range pieces {
				by := " "
				if i == 0 && scheme != "never" {
					by = ""
				}
				out[i] = strings.ReplaceAll(piece, mark, by)
			}
			return out
		}, err
	case "Replace":
		pat, content := o.pattern("pattern"), o.text("content")
		return eachPiece(func(piece string) string {
			var b strings.Builder
			for _, m := range found(pat, piece, false) {
				if m.is {
					b.WriteString(content)
				} else {
					b.WriteString(piece[m.start:m.end])
				}
			}
			return b.String()
		}), o.done()
	case "Strip":
		content, start, stop := o.char("content"), o.count("start"), o.count("stop")
		return eachPiece(func(piece string) string { return stripChars(piece, string(content), start, stop) }), o.done()
	}
	return nil, o.unknown("Sequence, ByteLevel, ByteFallback, Fuse, Metaspace, Replace and Strip")
}

func eachPiece(of func(string) string) decoder {
	return func(pieces []string) []string {
		out := make([]string, len(pieces))
		for i, piece := range pieces {
			out[i] = of(piece)
		}
		return out
	}
}

// stripChars takes at most start times content away at the beginning, and at most stop times at the end.
func stripChars(piece, content string, start, stop int) string {
	for ; start > 0 && strings.HasPrefix(piece, content); start-- {
		piece = piece[len(content):]
	}
	for ; stop > 0 && strings.HasSuffix(piece, content); stop-- {
		piece = piece[:len(piece)-len(content)]
	}
	return piece
}

// decodeBytes reads the byte-level alphabet; a piece with another character stands for itself.
func decodeBytes(pieces []string) []string {
	var out []byte
	for _, piece := range pieces {
		from := len(out)
		for _, r := range piece {
			if int(r) >= len(byteOf) || byteOf[r] < 0 {
				out = append(out[:from], piece...)
				break
			}
			out = append(out, byte(byteOf[r]))
		}
	}
	return []string{lossy(string(out))}
}

// decodeFallback reads pieces such as <0x0A> as bytes. Bytes beside each other that make no characters are U+FFFD each.
func decodeFallback(pieces []string) []string {
	out := make([]string, 0, len(pieces))
	var bytes []byte
	flush := func() {
		if utf8.Valid(bytes) && len(bytes) > 0 {
			out = append(out, string(bytes))
		} else {
			for range bytes {
				out = append(out, "\uFFFD")
			}
		}
		bytes = bytes[:0]
	}
	for _, piece := range pieces {
		if b, ok := byteToken(piece); ok {
			bytes = append(bytes, b)
			continue
		}
		flush()
		out = append(out, piece)
	}
	flush()
	return out
}

// byteToken reads <0x0A>.
func byteToken(piece string) (byte, bool) {
	if len(piece) != len("<0x0A>") || !strings.HasPrefix(piece, "<0x") || piece[5] != '>' {
		return 0, false
	}
	b, err := strconv.ParseUint(piece[3:5], 16, 8)
	return byte(b), err == nil
}

// lossy makes s UTF-8: each longest beginning of a character that has no end is one U+FFFD, and each other byte that is
// none (The Unicode Standard, 3.9, "maximal subparts").
func lossy(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	out := make([]byte, 0, len(s)+8)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			n = subpart(s[i:])
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return string(out)
}

// subpart returns the bytes of the beginning of a character that s starts with and that is cut off; 1 for any other byte.
func subpart(s string) int {
	low, high, more := byte(0x80), byte(0xBF), 0
	switch c := s[0]; {
	case c >= 0xC2 && c <= 0xDF:
		more = 1
	case c >= 0xE0 && c <= 0xEF:
		more = 2
		switch c {
		case 0xE0:
			low = 0xA0
		case 0xED:
			high = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		more = 3
		switch c {
		case 0xF0:
			low = 0x90
		case 0xF4:
			high = 0x8F
		}
	}
	n := 1
	for ; n <= more && n < len(s) && s[n] >= low && s[n] <= high; n++ {
		low, high = 0x80, 0xBF
	}
	return n
}
