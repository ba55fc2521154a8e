package tensorfile

import (
	"encoding/binary"
	"fmt"
)

// A cursor reads the header of a GGUF. The first thing that does not fit stops it; every later read gives zero.
type cursor struct {
	b   []byte
	at  int
	err error
}

// bytes returns the next n bytes, which are what.
func (c *cursor) bytes(n int, what string) []byte {
	if c.err != nil {
		return nil
	}
	if left := len(c.b) - c.at; n > left {
		c.err = fmt.Errorf("truncated: %s takes %d bytes at byte %d, the file has %d there: %d are missing", what, n, c.at, left, n-left)
		return nil
	}
	c.at += n
	return c.b[c.at-n : c.at : c.at]
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
