package kernel

// chains goes on with 8 sums side by side: sums[j] += Σ_i scalars[i]·vectors[i·stride + j], each in the order of i. Every product in
// plain Go is made of it, so that the compiler fuses in all of them or in none.
func chains(scalars, vectors []float32, stride int, sums *[8]float32) {
	a0, a1, a2, a3, a4, a5, a6, a7 := sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]
	for i, s := range scalars {
		v := (*[8]float32)(vectors[i*stride:])
		a0 += s * v[0]
		a1 += s * v[1]
		a2 += s * v[2]
		a3 += s * v[3]
		a4 += s * v[4]
		a5 += s * v[5]
		a6 += s * v[6]
		a7 += s * v[7]
	}
	*sums = [8]float32{a0, a1, a2, a3, a4, a5, a6, a7}
}

func plainProduct(rows, k int, x []float32, ldx int, b []float32, y []float32, ldy int, more bool) {
	for j := 0; j < Panel; j += 8 {
		for r := range rows {
			out := (*[8]float32)(y[r*ldy+j:])
			if !more {
				clear(out[:])
			}
			if k > 0 {
				chains(x[r*ldx:][:k], b[j:], Panel, out)
			}
		}
	}
}

func plainTurned(lanes, w int, b []float32, stride, np int, g, sums []float32, more bool) {
	for l := 0; l < lanes; l += 8 {
		for k := range w {
			out := (*[8]float32)(sums[k*lanes+l:])
			if !more {
				clear(out[:])
			}
			for p := range np {
				chains(b[p*stride+k*Panel:][:Panel], g[p*Panel*lanes+l:], lanes, out)
			}
		}
	}
}

func plainTranspose(dst []float32, ldd int, src []float32, lds int, rows, cols int) {
	const tile = 16 // so that the lines of both stay in the first-level cache
	for i0 := 0; i0 < rows; i0 += tile {
		for j0 := 0; j0 < cols; j0 += tile {
			for i := i0; i < min(rows, i0+tile); i++ {
				row := src[i*lds:][:cols]
				for j := j0; j < min(cols, j0+tile); j++ {
					dst[j*ldd+i] = row[j]
				}
			}
		}
	}
}
