package tensorfile

import (
	"runtime"
	"sync"
)

// grain is how many numbers are worth a goroutine of their own.
const grain = 1 << 15

// inParallel calls f for consecutive ranges that cover [0,n), each a multiple of unit long except the last.
func inParallel(n, unit int, f func(lo, hi int)) {
	workers := min(runtime.GOMAXPROCS(0), n/grain)
	if workers < 2 {
		f(0, n)
		return
	}
	step := (n/workers/unit + 1) * unit
	var wg sync.WaitGroup
	for lo := 0; lo < n; lo += step {
		wg.Go(func() { f(lo, min(lo+step, n)) })
	}
	wg.Wait()
}
