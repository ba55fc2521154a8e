package kernel

// lane is the number of rows that lie side by side in a Packed, at least.
const lane = 16

// A Packed holds a left operand g[rows,N] of Backward with its rows turned into lanes: blocks of 16, 32 or 48 rows, each
// [N up to whole panels][lanes]. Rows and columns past the ends are zero. The zero value is ready for Resize.
type Packed struct {
	rows, n int
	data    []float32
}

// Resize makes room for g[rows,n]. What was there is lost.
func (g *Packed) Resize(rows, n int) {
	g.rows, g.n = rows, n
	if need := roundUp(rows, lane) * g.height(); len(g.data) < need {
		g.data = aligned(need)
	}
}

// Rows returns the number of rows.
func (g *Packed) Rows() int { return g.rows }

// N returns the number of columns.
func (g *Packed) N() int { return g.n }

// height is N up to whole panels.
func (g *Packed) height() int { return roundUp(g.n, Panel) }

// block returns the block of v·16 lanes that begins at a row.
func (g *Packed) block(at, v int) []float32 {
	return g.data[at*g.height():][:v*lane*g.height()]
}

// PackRows takes over columns [n0,n1) of g, [rows,N] row-major with ldg floats from row to row. Workers may pack different columns
// at the same time; n0 is best a multiple of 16.
func (g *Packed) PackRows(src []float32, ldg int, n0, n1 int) {
	if g.rows < 1 || n0 >= n1 {
		return
	}
	tooShort(src, g.rows, n1, ldg)
	for at := 0; at < g.rows; {
		v := lanesAt(g.rows - at)
		b := g.block(at, v)
		for i := 0; i < v*lane; i += lane {
			rows := min(lane, max(0, g.rows-at-i))
			dst := b[n0*v*lane+i:]
			if rows < lane {
				for j := range n1 - n0 {
					clear(dst[j*v*lane+rows:][:lane-rows])
				}
			}
			if rows > 0 {
				Transpose(dst, v*lane, src[(at+i)*ldg+n0:], ldg, rows, n1-n0)
			}
		}
		if n1 == g.n {
			clear(b[n1*v*lane:])
		}
		at += v * lane
	}
}

// lanesAt returns how many times 16 rows the next block takes when so many rows are left.
func lanesAt(rows int) int {
	if level != AVX512 {
		return 1
	}
	switch left := (rows + lane - 1) / lane; left {
	case 1, 2:
		return left
	case 4:
		return 2
	}
	return 3
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }
