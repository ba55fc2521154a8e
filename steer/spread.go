package steer

import (
	"runtime"
	"sync"
)

// spread cuts 0…n into as many runs as there are processors and calls f for each at once. What f does must not depend on
// the number of runs.
func spread(n int, f func(lo, hi int)) {
	parts := max(1, min(n, runtime.GOMAXPROCS(0)))
	if parts == 1 {
		f(0, n)
		return
	}
	var wg sync.WaitGroup
	for p := range parts {
		wg.Go(func() { f(n*p/parts, n*(p+1)/parts) })
	}
	wg.Wait()
}
