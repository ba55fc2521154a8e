package main

import (
	"fmt"
	"slices"
	"strings"
)

// An operand is what an instruction works on.
type operand interface{ text() string }

// reg is a general register.
type reg string

// The general registers, but SP and BP.
const (
	AX, BX, CX, DX, SI, DI               reg = "AX", "BX", "CX", "DX", "SI", "DI"
	R8, R9, R10, R11, R12, R13, R14, R15 reg = "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"
)

// vec is a vector register with its width: X3, Y3 or Z3.
type vec struct {
	width byte
	n     int
}

// mask is an AVX-512 mask register.
type mask int

// imm is a number in the instruction.
type imm int

// mem is the memory at base + index·scale + offset bytes.
type mem struct {
	base   reg
	offset int
	index  reg // "": none
	scale  int
}

// symbol is read-only data.
type symbol string

// label is a place in a function.
type label string

func (r reg) text() string    { return string(r) }
func (v vec) text() string    { return fmt.Sprintf("%c%d", v.width, v.n) }
func (m mask) text() string   { return fmt.Sprintf("K%d", int(m)) }
func (i imm) text() string    { return fmt.Sprintf("$%d", int(i)) }
func (s symbol) text() string { return string(s) + "<>(SB)" }
func (l label) text() string  { return string(l) }

func (m mem) text() string {
	s := "(" + string(m.base) + ")"
	if m.offset != 0 {
		s = fmt.Sprint(m.offset) + s
	}
	if m.index != "" {
		s += fmt.Sprintf("(%s*%d)", m.index, m.scale)
	}
	return s
}

// at is the memory offset bytes after a register's.
func at(base reg, offset int) mem { return mem{base: base, offset: offset} }

// A kind is the Go type of a parameter.
type kind struct {
	name string
	size int
}

var (
	number  = kind{"int", 8}
	pointer = kind{"*float32", 8}
	float   = kind{"float32", 4}
)

// A param is a parameter of a function, or its result.
type param struct {
	name string
	kind kind
}

// A function is one function of the assembly.
type function struct {
	*set
	name, doc string
	params    []param
	result    *param
	lines     []string
	labels    int
	constants []constant
	masked    bool // vector loads and stores are of the tail, by its mask

	constantsAt int // the line before which constants are brought into registers; 0: there are none
}

// define begins a function; its name gets the set's before it.
func (s *set) define(name, doc string, params ...param) *function {
	f := &function{set: s, name: s.name + name, doc: doc, params: params}
	s.functions = append(s.functions, f)
	return f
}

// returns gives a function a float32 result.
func (f *function) returns() { f.result = &param{"sum", float} }

// offset returns where a parameter lies, and frame how many bytes all take.
func (f *function) offset(name string) (offset int, p param) {
	at := 0
	for _, p := range f.params {
		at = (at + p.kind.size - 1) / p.kind.size * p.kind.size
		if p.name == name {
			return at, p
		}
		at += p.kind.size
	}
	if f.result != nil {
		at = (at + 7) &^ 7
		if name == f.result.name {
			return at, *f.result
		}
	}
	return at, param{}
}

func (f *function) frame() int {
	at, _ := f.offset("")
	if f.result != nil {
		at += f.result.kind.size
	}
	return at
}

// frameOf is a parameter as an operand.
type frameOf struct {
	name   string
	offset int
}

func (p frameOf) text() string { return fmt.Sprintf("%s+%d(FP)", p.name, p.offset) }

// arg is the parameter of a name.
func (f *function) arg(name string) operand {
	offset, p := f.offset(name)
	if p.name == "" {
		f.mistakes = append(f.mistakes, fmt.Errorf("%s has no parameter %s", f.name, name))
	}
	return frameOf{name, offset}
}

// g adds an instruction on general registers, operands in the order of Go's assembler: the destination last.
func (f *function) g(op string, operands ...operand) {
	texts := make([]string, len(operands))
	for i, o := range operands {
		texts[i] = o.text()
	}
	f.lines = append(f.lines, "\t"+strings.TrimSpace(op+" "+strings.Join(texts, ", ")))
}

// v adds a vector instruction, the destination first: Go's assembler has it last, and all else in reverse.
func (f *function) v(op string, operands ...operand) {
	operands = slices.Clone(operands)
	slices.Reverse(operands)
	f.g(op, operands...)
}

// load brings parameters into registers.
func (f *function) load(to reg, name string) { f.g("MOVQ", f.arg(name), to) }

// label makes a label that place puts somewhere.
func (f *function) label(name string) label {
	f.labels++
	return label(fmt.Sprintf("%s%d", name, f.labels))
}

func (f *function) place(l label) { f.lines = append(f.lines, string(l)+":") }

// align begins the next instruction at a multiple of 32 bytes, for loops.
func (f *function) align() { f.lines = append(f.lines, "\tPCALIGN $32") }

// end returns to Go, whose own code would be slow with the upper halves of the registers in use.
func (f *function) end() {
	f.g("VZEROUPPER")
	f.g("RET")
}
