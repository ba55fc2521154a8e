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
	high, wide := rows-rows%t.square, cols-cols%t.square // whole squares
	if wide >= high {
		for i := 0; i < high; i += t.square {
			t.transpose(wide/t.square, first(dst[i:]), ldd*4, t.square*ldd*4, first(src[i*lds:]), lds*4, t.square*4)
		}
	} else {
		for j := 0; j < wide; j += t.square {
			t.transpose(high/t.square, first(dst[j*ldd:]), ldd*4, t.square*4, first(src[j:]), lds*4, t.square*lds*4)
		}
	}
	for i := 0; i < rows; i += t.square {
		from := wide
		if i == high {
			from = 0
		}
		for j := from; j < cols; j += t.square {
			t.transposeEdge(first(dst[j*ldd+i:]), ldd*4, first(src[i*lds+j:]), lds*4, min(rows-i, t.square), min(cols-j, t.square))
		}
	}
}
