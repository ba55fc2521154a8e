package execute

import (
	"context"
	"runtime"
	"sync"
)

// inParallel calls f(0) to f(n−1) on all processors; progress is called from this goroutine. Calls that have not begun
// when ctx is done are left out.
func inParallel(ctx context.Context, n int, progress func(done, total int), f func(i int)) error {
	var wg sync.WaitGroup
	next, workers := make(chan int), min(n, runtime.GOMAXPROCS(0))
	for range workers {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		select {
		case next <- i: // so all but the workers' last are done
			progress(max(0, i+1-workers), n)
		case <-ctx.Done():
		}
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	progress(n, n)
	return nil
}
