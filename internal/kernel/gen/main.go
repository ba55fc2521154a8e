// Gen writes the assembly of package kernel for amd64, once for AVX-512 and once for AVX2, and the Go declarations and tables
// beside it. It is run by go generate in internal/kernel.
//
//	asm.go          registers, memory, functions: what an instruction is made of
//	set.go          the two instruction sets, and what they do differently: masks, selection, rounding, constants
//	products.go     x·Wᵀ, lanes are outputs
//	turned.go       g·W, lanes are rows
//	transpose.go    16×16 and 8×8
//	elementwise.go  loops over vectors of any length; the operations
//	functions.go    exp, expm1, log, tanh, logistic
//	rows.go         sum, dot, maximum
//	blocks.go       GGUF's formats of blocks, brought to one form
//	nibbles.go      formats of nibbles widened without it
//	few.go          products of few rows with that form and with 16-bit numbers, and both widened
//	turned_units.go g·W for few rows with that form
//	files.go        the files
//
// Instructions are written destination first, as in the processors' manuals, and printed in the order of Go's assembler.
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	for _, s := range sets() {
		files, err := s.files()
		for name, content := range files {
			err = errors.Join(err, os.WriteFile(name, content, 0o644))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "gen:", err)
			os.Exit(1)
		}
	}
}
