package tensorfile

import (
	"runtime"
	"sync"
)

// grain is how many numbers are worth a goroutine of their own, and how many are read at a time.
const grain = 1 << 15

// inParallel calls f for consecutive ranges that cover [0,n), each a multiple of unit long except the last.
func inParallel(n, unit int, f func(lo, hi int) error) error {
	workers := min(runtime.GOMAXPROCS(0), n/grain)
	if workers < 2 {
		return f(0, n)
	}
	step := (n/workers/unit + 1) * unit
	var wg sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	for lo := 0; lo < n; lo += step {
		wg.Go(func() {
			if err := f(lo, min(lo+step, n)); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
		})
	}
	wg.Wait()
	if len(errs) > 0 {
		return errs[0] // one is enough: what stops one range stops the others
	}
	return nil
}
