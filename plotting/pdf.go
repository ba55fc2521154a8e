package plotting

import "regexp"

// dates are the two that a PDF says it was made at.
var dates = regexp.MustCompile(`/(CreationDate|ModDate) \(D:\d{14}\)`)

// undated gives a PDF the same two dates always, as long as they were, so that the same figure gives the same bytes.
func undated(pdf []byte) []byte {
	return dates.ReplaceAll(pdf, []byte("/$1 (D:20000101000000)"))
}
