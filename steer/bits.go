package steer

import (
	"math"
	"strconv"
)

func sameBits(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }

// quoteText quotes a text so that spaces and newlines show.
func quoteText(s string) string { return strconv.Quote(s) }
