package kernel

// What the assembly has for formats that are not float32. Strides are in bytes.
type (
	// unpackKernel brings n groups to the common form of the formats of blocks: of a record from group s on, or of n records that
	// are one group each.
	unpackKernel func(rec *byte, s, n int, words *uint32, parts *float32)

	// recordsKernel widens n records of a group each.
	recordsKernel func(n int, rec *byte, ahead int, y *float32)

	unitsFew          func(units int, words *uint32, parts *float32, b *byte, ahead, lines int, x *float32, ldx int, y *float32, ldy int)
	turnedUnitsKernel func(units, np int, words *uint32, parts *float32, form int, buffers *float32, b *byte, stride, ahead, lines int, g, sums *float32, more int)
	narrowFew         func(count int, b *byte, ahead int, x *float32, ldx int, y *float32, ldy int)
)

// A fewRows is a kernel of so many rows.
type fewRows[K any] struct {
	rows   int
	kernel K
}

// formatKernels are those of an instruction set; few are the smallest first, of which the first is of one row.
type formatKernels struct {
	unpack [formats]unpackKernel
	units  unitsKernels  // of the common form, 16 columns at a time
	pairs  narrowKernels // of bfloat16, 2 columns
	halves narrowKernels // of binary16

	records     [formats]recordsKernel // nil: they go by the common form
	turnedUnits turnedUnitsKernel      // nil: there is none
}

type unitsKernels struct {
	rows  int // up to how many rows a product takes numbers as they are stored: for more it costs less to widen them once
	widen func(units int, words *uint32, parts *float32, b *byte, ahead, lines int, y *float32)
	few   []fewRows[unitsFew]
}

type narrowKernels struct {
	rows  int
	widen func(count int, b *byte, ahead int, y *float32)
	few   []fewRows[narrowFew]
}

// eachFew splits rows into as many as there are kernels for.
func eachFew[K any](few []fewRows[K], rows int, do func(kernel K, row int)) {
	for row, i := 0, len(few)-1; row < rows; {
		if few[i].rows > rows-row {
			i--
			continue
		}
		do(few[i].kernel, row)
		row += few[i].rows
	}
}

// nearColumns is how many columns of 16 bits are taken for all rows before the next: 32 KiB, which stay near until the last row.
const nearColumns = 512

// furtherOn is how far ahead of itself a panel of 16-bit numbers is fetched, in bytes.
const furtherOn = 4096

// clearRows sets y[rows,32] to zero.
func clearRows(y []float32, ldy, rows int) {
	for r := range rows {
		clear(y[r*ldy:][:Panel])
	}
}
