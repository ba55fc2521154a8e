package regular

import (
	"bytes"
	"errors"
)

// Byte-order marks: what Windows programs put before a text.
var (
	markUTF8    = []byte("\xef\xbb\xbf")
	markUTF16LE = []byte("\xff\xfe")
	markUTF16BE = []byte("\xfe\xff")
)

// Text returns the text that b holds: b without a UTF-8 byte-order mark. UTF-16 and UTF-32, which are known by their
// mark, are errors. Whether the rest is UTF-8 is left to who reads it. The result aliases b.
func Text(b []byte) ([]byte, error) {
	if bytes.HasPrefix(b, markUTF16LE) || bytes.HasPrefix(b, markUTF16BE) {
		return nil, errors.New("it is text in UTF-16; save it as UTF-8")
	}
	return bytes.TrimPrefix(b, markUTF8), nil
}
