package kernel

// Transpose writes dst[j, i] = src[i, j] for i < rows and j < cols. lds and ldd are the floats from row to row.
func Transpose(dst []float32, ldd int, src []float32, lds int, rows, cols int) {
	if rows < 1 || cols < 1 {
		return
	}
	tooShort(src, rows, cols, lds)
	tooShort(dst, cols, rows, ldd)
	plainTranspose(dst, ldd, src, lds, rows, cols)
}
