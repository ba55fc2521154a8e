package tensorfile

import (
	"encoding/binary"
	"fmt"
)

// A cursor reads the header of a GGUF. The first thing that does not fit stops it; every later read gives zero.
type cursor struct {
	src    source
	at     int
	window []byte // bytes of src from begin, read ahead
	begin  int
	err    error
}

// ahead is how much of a header is read at a time: most of it is short words.
const ahead = 1 << 18

// left returns how many bytes are to come.
func (c *cursor) left() int { return c.src.size - c.at }

// bytes returns the next n bytes, which are what. They are valid until the next call.
func (c *cursor) bytes(n int, what string) []byte {
	if c.err != nil {
		return nil
	}
	if left := c.left(); n > left {
		c.err = fmt.Errorf("truncated: %s takes %d bytes at byte %d, the file has %d there: %d are missing", what, n, c.at, left, n-left)
		return nil
	}
	if c.at+n > c.begin+len(c.window) {
		c.window, c.err = c.src.bytes(c.at, min(c.at+max(n, ahead), c.src.size), c.window)
		if c.begin = c.at; c.err != nil {
			return nil
		}
	}
	from := c.at - c.begin
	c.at += n
	return c.window[from : from+n : from+n]
}

func (c *cursor) u32(what string) uint32 {
	if b := c.bytes(4, what); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) u64(what string) uint64 {
	if b := c.bytes(8, what); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// count reads a number of things that are about to follow.
func (c *cursor) count(what string, most uint64) uint64 {
	n := c.u64("the number of " + what)
	if c.err == nil && n > most {
		c.err = fmt.Errorf("it claims %d %s, at most %d are read", n, what, most)
		return 0
	}
	return n
}

// string reads a length and as many bytes.
func (c *cursor) string(what string) string {
	n := c.u64("the length of " + what)
	if c.err == nil && n > maxString {
		c.err = fmt.Errorf("%s claims %d bytes, at most %d are read", what, n, maxString)
	}
	if c.err != nil {
		return ""
	}
	return string(c.bytes(int(n), what))
}
