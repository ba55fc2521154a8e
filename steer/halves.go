package steer

import (
	"runtime"
	"sync"
)

// spread cuts 0…n into as many runs as there are processors and calls f for each at once: part counts the runs. What f
// does must not depend on the number of runs.
func spread(n int, f func(part, lo, hi int)) (parts int) {
	parts = max(1, min(n, runtime.GOMAXPROCS(0)))
	if parts == 1 {
		f(0, 0, n)
		return 1
	}
	var wg sync.WaitGroup
	for p := range parts {
		wg.Go(func() { f(p, n*p/parts, n*(p+1)/parts) })
	}
	wg.Wait()
	return parts
}
