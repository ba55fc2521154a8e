package kernel

import "fmt"

// A Format names how the numbers of a matrix are stored, in a file and in memory. The names are GGUF's.
type Format uint8

// Plain numbers, and blocks of 32 (Q8_0 to Q5_1, IQ4_NL) or 256 (the K-quants) along k that share scales.
const (
	F32 Format = iota
	BF16
	F16
	Q8_0
	Q4_0
	Q4_1
	Q5_0
	Q5_1
	Q2_K
	Q3_K
	Q4_K
	Q5_K
	Q6_K
	IQ4_NL
	formats // how many there are
)

// layouts holds, for each format, its name and how many numbers and bytes a block has in a file.
var layouts = [formats]struct {
	name           string
	numbers, bytes int
}{
	F32:    {"F32", 1, 4},
	BF16:   {"BF16", 1, 2},
	F16:    {"F16", 1, 2},
	Q8_0:   {"Q8_0", 32, 34},
	Q4_0:   {"Q4_0", 32, 18},
	Q4_1:   {"Q4_1", 32, 20},
	Q5_0:   {"Q5_0", 32, 22},
	Q5_1:   {"Q5_1", 32, 24},
	Q2_K:   {"Q2_K", 256, 84},
	Q3_K:   {"Q3_K", 256, 110},
	Q4_K:   {"Q4_K", 256, 144},
	Q5_K:   {"Q5_K", 256, 176},
	Q6_K:   {"Q6_K", 256, 210},
	IQ4_NL: {"IQ4_NL", 32, 18},
}

func (f Format) String() string {
	if f < formats {
		return layouts[f].name
	}
	return fmt.Sprintf("Format(%d)", uint8(f))
}

// Block returns how many numbers, consecutive along k, a block of a file holds and how many bytes it takes; 0, 0 for what is
// no format.
func (f Format) Block() (numbers, bytes int) {
	if f >= formats {
		return 0, 0
	}
	return layouts[f].numbers, layouts[f].bytes
}
