package kernel

// A codec is what the products must know of a format. A panel is stored in panelBytes(k) bytes; what is in them is the
// format's own affair, as long as widen gives the numbers that dequantizing gives.
type codec struct {
	// panelBytes returns the size of a panel of k columns, a multiple of 64.
	panelBytes func(k int) int

	// pack stores rows of raw, [rows,k] row-major as a file has them, rows ≤ Panel, as a panel. The panel is zeroed memory.
	pack func(panel []byte, rows, k int, raw []byte)

	// widen writes the columns [k0,k1) of a panel of k columns as float32, [k1−k0][32]. k0 is a multiple of 16, and so is k1 but
	// at the panel's end. What is needed next lies ahead bytes after the columns; 0: right after them.
	widen func(s *Scratch, dst []float32, panel []byte, k, k0, k1, ahead int)

	// turned computes what widen and productTurned do together, for 16 rows and np panels of size bytes from panel on, with kernels for
	// it. nil: there is no such way.
	turned func(s *Scratch, panel []byte, size, np, k0, k1 int, g, sums []float32, more bool)

	// row writes the row of one lane of a panel of k columns, the bits of widen.
	row func(dst []float32, panel []byte, k, lane int)

	// few computes y[rows, 32] = x[rows,k]·panelᵀ without widening first, with kernels for it; ldx and ldy are in floats. It writes
	// all 32 outputs. nil: there is no such way.
	few func(s *Scratch, panel []byte, rows, k int, x []float32, ldx int, y []float32, ldy int)

	// fewRows returns up to how many rows it is the faster way.
	fewRows func(t *kernels) int
}

// codecs holds the formats that can be computed with; the zero codec stands for one that cannot.
var codecs = [formats]codec{
	F32:    float32Codec,
	BF16:   bfloat16Codec,
	F16:    float16Codec,
	Q8_0:   blockCodec(Q8_0),
	Q4_0:   blockCodec(Q4_0),
	Q4_1:   blockCodec(Q4_1),
	Q5_0:   blockCodec(Q5_0),
	Q5_1:   blockCodec(Q5_1),
	Q2_K:   blockCodec(Q2_K),
	Q3_K:   blockCodec(Q3_K),
	Q4_K:   blockCodec(Q4_K),
	Q5_K:   blockCodec(Q5_K),
	Q6_K:   blockCodec(Q6_K),
	IQ4_NL: blockCodec(IQ4_NL),
}
