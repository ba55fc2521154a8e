package steer

import "math"

func sameBits(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }
