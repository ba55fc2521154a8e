package memory

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

// margin stays free for everybody else and for what no estimate sees, in bytes.
const margin = 48 << 20

// negligible is what is lent without looking.
const negligible = 8 << 20

// A Short says that something does not fit.
type Short struct {
	Need, Free int64  // bytes; Free is what can be used
	By         string // what sets the bound: "this machine", "control group /a/b", "ulimit -v"
}

func (s *Short) Error() string {
	return fmt.Sprintf("%s of memory are needed, and %s can be used (%s)", Size(s.Need), Size(s.Free), s.By)
}

// lender keeps account of what is lent: the memory of a request that has begun may not be taken yet.
type lender struct {
	free func() (n int64, by string, known bool)
	tell func(free int64) // lets the runtime know what is free

	mu   sync.Mutex
	lent int64
	back chan struct{} // closed when something comes back; nil: nobody waits
}

var process = lender{free: Available, tell: limitHeap}

// Lend waits until need bytes can be taken beside what is lent to others, and returns the function that gives them back,
// which may be called twice. The error is a *Short where they do not fit although nothing is lent, or ctx's.
func Lend(ctx context.Context, need int64) (giveBack func(), err error) {
	return process.lend(ctx, need)
}

func (l *lender) lend(ctx context.Context, need int64) (func(), error) {
	if need <= negligible {
		return func() {}, nil
	}
	for {
		wait, err := l.try(need)
		if err != nil {
			return nil, err
		}
		if wait == nil {
			return sync.OnceFunc(func() { l.giveBack(need) }), nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-wait:
		}
	}
}

// try lends, or says what to wait for. What has been lent and already taken is counted twice here: then a request waits
// that would have fit, but none is refused for it.
func (l *lender) try(need int64) (wait <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	free, by, known := l.free()
	if known && free-margin-l.lent < need && l.lent == 0 {
		debug.FreeOSMemory() // garbage looks like memory in use
		free, by, known = l.free()
	}
	if known {
		l.tell(free)
	}
	if !known || free-margin-l.lent >= need {
		l.lent += need
		return nil, nil
	}
	if l.lent == 0 {
		return nil, &Short{Need: need, Free: max(0, free-margin), By: by}
	}
	if l.back == nil {
		l.back = make(chan struct{})
	}
	return l.back, nil
}

func (l *lender) giveBack(n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lent -= n
	if l.back != nil {
		close(l.back)
		l.back = nil
	}
}

// Size writes bytes for people.
func Size(n int64) string {
	if n >= 10<<30 {
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	}
	if n >= 1<<30 {
		return fmt.Sprintf("%.2f GiB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20))
}
