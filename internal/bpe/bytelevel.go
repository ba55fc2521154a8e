package bpe

import "unicode/utf8"

// Byte-level vocabularies (GPT-2; Radford et al. 2019) spell each byte as one printable character: a byte that is printable
// in Latin-1 stands for itself, the 68 others take the characters from U+0100 on, in order. So a space is Ġ and a newline Ċ.
var charOf, byteOf = alphabet()

// alphabet returns the character of each byte, and the byte of each character, −1 outside of the alphabet.
func alphabet() (chars [256]rune, bytes [0x144]int16) {
	for i := range bytes {
		bytes[i] = -1
	}
	next := rune(0x100)
	for b := range 256 {
		r := rune(b)
		if b <= ' ' || b >= 0x7F && b <= 0xA0 || b == 0xAD {
			r = next
			next++
		}
		chars[b], bytes[r] = r, int16(b)
	}
	return chars, bytes
}

// ByteLevel returns the bytes that a piece of a byte-level vocabulary stands for. A piece with a character outside of the
// alphabet stands for itself, as in the reference decoder.
func ByteLevel(piece string) string {
	out := make([]byte, 0, len(piece))
	for _, r := range piece {
		if int(r) >= len(byteOf) || byteOf[r] < 0 {
			return piece
		}
		out = append(out, byte(byteOf[r]))
	}
	return string(out)
}

// spelled appends the spelling of bytes.
func spelled(to []byte, s string) []byte {
	for i := range len(s) {
		to = utf8.AppendRune(to, charOf[s[i]])
	}
	return to
}

// spelling returns a part spelled in the alphabet. The bytes of a character have its place.
func (p part) spelling() part {
	old := p.spans()
	out := make([]byte, 0, 2*len(p.s))
	at := make([]span, 0, 2*len(p.s))
	for i := range len(p.s) {
		n := len(out)
		out = utf8.AppendRune(out, charOf[p.s[i]])
		for range len(out) - n {
			at = append(at, old[i])
		}
	}
	return part{s: string(out), at: at, base: p.base, id: -1}
}
