package golden

import (
	"fmt"
	"io"
	"math"
)

// A report prints the lines of a folder as they come and counts them.
type report struct {
	out   io.Writer
	err   error // the first of out
	tally tally
}

// A tally is the counts of one folder or of several.
type tally struct{ quantities, misses, left int }

func (t tally) plus(u tally) tally {
	return tally{t.quantities + u.quantities, t.misses + u.misses, t.left + u.left}
}

// passed reports that something was compared and nothing was missed.
func (t tally) passed() bool { return t.misses == 0 && t.quantities > 0 }

// String returns "312 quantities, 0 misses, 41 not compared".
func (t tally) String() string {
	return fmt.Sprintf("%s, %s, %d not compared", plural(t.quantities, "quantity", "quantities"), plural(t.misses, "miss", "misses"), t.left)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (r *report) printf(format string, args ...any) {
	if r.err == nil {
		_, r.err = fmt.Fprintf(r.out, format, args...)
	}
}

func (r *report) columns(label, quantity, diff, tol, verdict string) {
	r.printf("%-4s  %-24s  %-34s  %9s  %9s\n", verdict, label, quantity, diff, tol)
}

// difference prints a number with its bound. NaN is a miss: no comparison with it is true.
func (r *report) difference(label, quantity string, diff, tol float64) {
	r.verdict(label, quantity, fmt.Sprintf("%.2g", diff), fmt.Sprintf("%.2g", tol), diff <= tol && !math.IsInf(tol, 0))
}

// exact prints a comparison that has no tolerance; note says where the two differ.
func (r *report) exact(label, quantity string, same bool, note string) {
	diff := "none"
	if !same {
		diff = "differs"
	}
	r.verdict(label, quantity, diff, "exact", same)
	if !same && note != "" {
		r.printf("      %s\n", note)
	}
}

// failure prints a quantity that could not be computed.
func (r *report) failure(label, quantity string, err error) {
	r.verdict(label, quantity, "–", "–", false)
	r.printf("      %v\n", err)
}

// tie prints a quantity that is no test, because a difference smaller than the tolerance decides it.
func (r *report) tie(label, quantity, why string) {
	r.columns(label, quantity, "–", "–", "tie")
	r.printf("      %s\n", why)
}

// fault prints what kept a folder, or a part of it, from being checked.
func (r *report) fault(where string, err error) {
	r.tally.misses++
	r.printf("MISS  %s: %v\n", where, err)
}

func (r *report) verdict(label, quantity, diff, tol string, ok bool) {
	v := "ok"
	r.tally.quantities++
	if !ok {
		v = "MISS"
		r.tally.misses++
	}
	r.columns(label, quantity, diff, tol, v)
}
