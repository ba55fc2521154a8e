package kernel

// Transpose writes dst[j, i] = src[i, j] for i < rows and j < cols. lds and ldd are the floats from row to row.
func Transpose(dst []float32, ldd int, src []float32, lds int, rows, cols int) {
	if rows < 1 || cols < 1 {
		return
	}
	tooShort(src, rows, cols, lds)
	tooShort(dst, cols, rows, ldd)
	t := inUse()
	if t == nil {
		plainTranspose(dst, ldd, src, lds, rows, cols)
		return
	}
	for i := 0; i < rows; i += t.square {
		for j := 0; j < cols; j += t.square {
			to, from := first(dst[j*ldd+i:]), first(src[i*lds+j:])
			if h, w := rows-i, cols-j; h < t.square || w < t.square {
				t.transposeEdge(to, ldd*4, from, lds*4, min(h, t.square), min(w, t.square))
			} else {
				t.transpose(to, ldd*4, from, lds*4)
			}
		}
	}
}
