package kernel

import (
	"fmt"
	"os"
)

// A Level is an implementation of the kernels.
type Level uint8

// The implementations, each needing more of the processor.
const (
	Go     Level = iota // plain Go, on every processor
	AVX2                // AVX2, FMA and F16C
	AVX512              // AVX-512 F, BW, DQ and VL
	levels
)

var levelNames = [levels]string{"go", "avx2", "avx512"}

func (l Level) String() string { return levelNames[l] }

// Variable names the environment variable that forces a level.
const Variable = "NEURONSTEER_KERNEL"

// level is the implementation in use; notChosen says why it is not the one that was asked for.
var level, notChosen = choose(os.Getenv(Variable), best())

// Chosen returns the implementation in use, and an error when NEURONSTEER_KERNEL names none or one that this processor does not have.
func Chosen() (Level, error) { return level, notChosen }

// choose returns the level that a value of the variable asks for on a processor that can do up to most.
func choose(value string, most Level) (Level, error) {
	if value == "" {
		return most, nil
	}
	for l := range levels {
		switch {
		case value != levelNames[l]:
		case l > most:
			return most, fmt.Errorf("%s=%s: this processor has no more than %v; unset it, or set it to %v", Variable, value, most, most)
		default:
			return l, nil
		}
	}
	return most, fmt.Errorf("%s=%s: no such implementation; it may be avx512, avx2 or go", Variable, value)
}
