package text

import "sync"

// Byte-level vocabularies (GPT-2; Radford et al. 2019) spell each byte as one printable character: a byte that is
// printable in Latin-1 stands for itself, the 68 others take the characters from U+0100 on, in order. So a space is Ġ
// and a newline Ċ.
var byteOf = sync.OnceValue(func() map[rune]byte {
	of := make(map[rune]byte, 256)
	next := rune(0x100)
	for b := range 256 {
		if b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE {
			of[rune(b)] = byte(b)
			continue
		}
		of[next] = byte(b)
		next++
	}
	return of
})

// byteLevel returns the bytes that a piece of a byte-level vocabulary stands for. A piece with a character outside the
// alphabet stands for itself, as in the reference decoder.
func byteLevel(piece string) string {
	out := make([]byte, 0, len(piece))
	for _, r := range piece {
		b, ok := byteOf()[r]
		if !ok {
			return piece
		}
		out = append(out, b)
	}
	return string(out)
}
