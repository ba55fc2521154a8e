package stats

// RankBiased returns the extrapolated rank-biased overlap of two rankings without repetitions, which may differ in length
// (Webber, Moffat and Zobel, A similarity measure for indefinite rankings, 2010, equation 32), with persistence p: depth d
// weighs (1 − p)·p^(d−1). The agreement at the depth of the shorter one goes on in the part that only the longer one has,
// and beyond both that of the longer one's end. Two equal rankings give 1, disjoint ones and empty ones 0.
func RankBiased[T comparable](a, b []T, p float64) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	s, l := len(a), len(b)
	if s == 0 {
		return 0
	}
	inA, inB := map[T]bool{}, map[T]bool{}
	shared, atS, sum, power := 0., 0., 0., 1. // power is p^d
	for d := 1; d <= l; d++ {
		power *= p
		if d <= s && a[d-1] == b[d-1] {
			shared++
		} else {
			if d <= s && inB[a[d-1]] {
				shared++
			}
			if inA[b[d-1]] {
				shared++
			}
		}
		if d <= s {
			inA[a[d-1]] = true
		}
		inB[b[d-1]] = true
		sum += shared / float64(d) * power
		switch {
		case d == s:
			atS = shared
		case d > s:
			sum += atS * float64(d-s) / float64(s*d) * power
		}
	}
	tail := ((shared-atS)/float64(l) + atS/float64(s)) * power
	return (1-p)/p*sum + tail
}
