package plotting

import (
	"math"
	"strconv"
	"strings"
)

// minus is U+2212; the hyphen on a keyboard is too short for a number.
const minus = "−"

// typeset gives a formatted number its true minus and drops the zeros and plus of an exponent.
func typeset(s string) string {
	s = strings.NewReplacer("e-0", "e-", "e+0", "e", "e+", "e").Replace(s)
	return strings.ReplaceAll(s, "-", minus)
}

// significant formats v with three significant digits.
func significant(v float64) string {
	size := math.Abs(v)
	if size != 0 && (size < 1e-4 || size >= 1e6) {
		return typeset(strconv.FormatFloat(v, 'e', 2, 64))
	}
	decimals := 0
	if size != 0 {
		decimals = max(0, 2-int(math.Floor(math.Log10(size))))
	}
	return typeset(strconv.FormatFloat(v, 'f', decimals, 64))
}

// signed is significant with a sign on every number but zero.
func signed(v float64) string {
	if v > 0 {
		return "+" + significant(v)
	}
	if v == 0 {
		return "0" // never −0
	}
	return significant(v)
}

// percent formats a share from 0 to 1. Nothing is rounded to all or to nothing.
func percent(share float64) string {
	switch {
	case share >= 1:
		return "all"
	case share >= 0.995:
		return "over 99 %"
	case share > 0 && share < 0.005:
		return "under 1 %"
	}
	return strconv.Itoa(int(math.Round(100*share))) + " %"
}

// powerOfTen returns the largest power of ten that is at most v, which is above zero.
func powerOfTen(v float64) float64 { return math.Pow(10, math.Floor(math.Log10(v))) }

// grouped formats a count with a comma between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
