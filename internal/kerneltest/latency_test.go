//go:build kernel

package kerneltest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/kerneltest"
)

// pairs is how often each pair of cells is timed, in turn.
const pairs = 15

// BenchmarkCell times cells in notebooks that remember results of SmolLM2. The text of a cell changes every time, since
// Go's build cache hides the cost of a repeated one.
//
//	uses-one:  a cell that shows one result, in a notebook with ten, beside one in a notebook with that one alone
//	uses-none: a cell that shows a text, in a notebook with ten, beside one in a notebook without any
//
// It reports medians in ms, their ratio and their difference. Run it with -benchtime=1x.
func BenchmarkCell(b *testing.B) {
	ten, one, none := notebook(b, 10), notebook(b, 1), notebook(b, 0)
	for name, pair := range map[string]struct {
		beside *kerneltest.Kernel
		cell   string
	}{
		"uses-one":  {one, "%%%%\nnb.Show(r0.TopK(5), \"cell %d\")"},
		"uses-none": {none, "%%%%\nnb.Show(\"cell %d\")"},
	} {
		b.Run(name, func(b *testing.B) {
			var with, without []time.Duration
			for range b.N {
				for range pairs {
					with = append(with, timed(b, ten, pair.cell))
					without = append(without, timed(b, pair.beside, pair.cell))
				}
			}
			x, y := median(with), median(without)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(x, "ms-ten")
			b.ReportMetric(y, "ms-beside")
			b.ReportMetric(x/y, "ratio")
			b.ReportMetric(x-y, "ms-more")
		})
	}
}

// notebook starts a kernel that remembers n results, each computed once.
func notebook(b *testing.B, n int) *kerneltest.Kernel {
	k := kerneltest.Start(b)
	k.OK(b, `%noautoget
import nb "github.com/neuronsteer/neuronsteer/gonbext"
var s = nb.Model("smollm2-135m-instruct")`)
	for i, c := range []string{"France", "Germany", "Italy", "Japan", "Spain", "Russia", "China", "Egypt", "Greece", "Poland"}[:n] {
		k.OK(b, fmt.Sprintf(`var r%d = nb.Run(s.Attribute("The capital of %s is").Target(" Paris").Versus(" London"))`, i, c))
		k.OK(b, fmt.Sprintf("%%%%\nnb.Show(r%d.TopK(1))", i))
	}
	return k
}

var count int

func timed(b *testing.B, k *kerneltest.Kernel, format string) time.Duration {
	count++
	c := k.Run(b, fmt.Sprintf(format, count))
	if c.Status != "ok" || !strings.Contains(c.Text(), fmt.Sprintf("cell %d", count)) {
		b.Fatalf("cell ended with %q: %s", c.Status, c.Text())
	}
	return c.Took
}

func median(ds []time.Duration) float64 {
	slices.Sort(ds)
	return float64(ds[len(ds)/2].Microseconds()) / 1e3
}
