package kernel

// cpuid executes CPUID for a leaf and a subleaf.
func cpuid(leaf, sub uint32) (a, b, c, d uint32)

// xgetbv reads the register that says which vector state the system saves.
func xgetbv() (a, d uint32)

// best returns what this processor can do and the system allows (Intel SDM vol. 1, §14.3 and §15.2).
func best() Level {
	const (
		fma, osxsave, avx, f16c   = 1 << 12, 1 << 27, 1 << 28, 1 << 29         // leaf 1, ecx
		avx2, f, dq, bw, vl       = 1 << 5, 1 << 16, 1 << 17, 1 << 30, 1 << 31 // leaf 7, ebx
		halves, masks, upper, all = 1<<1 | 1<<2, 1 << 5, 1 << 6, 1 << 7        // XCR0
	)
	has := func(x, bits uint32) bool { return x&bits == bits }
	if most, _, _, _ := cpuid(0, 0); most < 7 {
		return Go
	}
	_, _, c1, _ := cpuid(1, 0) //nolint:dogsled // four registers, of which one counts
	_, b7, _, _ := cpuid(7, 0) //nolint:dogsled // likewise
	if !has(c1, fma|osxsave|avx|f16c) || !has(b7, avx2) {
		return Go
	}
	state, _ := xgetbv()
	switch {
	case !has(state, halves):
		return Go
	case !has(b7, f|dq|bw|vl) || !has(state, masks|upper|all):
		return AVX2
	}
	return AVX512
}
