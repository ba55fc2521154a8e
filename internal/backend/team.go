package backend

import (
	"sync"
	"sync/atomic"
	"time"
)

// How long a worker, or a caller whose chunks others still work on, looks for something to do before it sleeps. To be woken takes
// 100 µs and more once a processor has been idle for a while, and one call has a hundred pauses of that length, in which a
// worker that sleeps costs a quarter of the call. But a worker that looks on takes the processor from others who want it; so
// it does for long only while nobody does.
const (
	longSpin  = time.Millisecond
	shortSpin = 50 * time.Microsecond
	crowdedly = time.Second            // how long after one has lost its processor others are taken to want it
	lost      = 500 * time.Microsecond // between two looks: the processor was another's
)

// A team is a set of helpers that calls share. A call deals its work out in chunks; the caller always takes chunks itself, so
// that it makes progress whatever the others do, and helpers take single chunks from the active calls in turn. Which
// chunk runs where decides no result. But it decides the time: to read what another processor has just written takes three times as
// long as to read it from the cache that they share. So everyone has a part of the range that is his, the same one in every job,
// and turns to those of others when there is nothing left in it.
//
// Helpers stand back while there are as many callers as processors: those keep the processors busy without changing
// over.
type team struct {
	workers int // callers and helpers that should run at a time

	running atomic.Int32 // callers in a call, and helpers at a chunk
	helpers atomic.Int32 // goroutines
	version atomic.Uint32
	crowded atomic.Int64         // until when others want the processors
	now     func() time.Duration // since the team was made

	mu     sync.Mutex
	wake   sync.Cond
	asleep int
	jobs   []*job
	turn   int
	start  sync.Once
	closed bool
}

// A job is a range of work that is dealt out in chunks.
type job struct {
	fn      func(s *scratch, from, to int)
	n, step int
	parts   []portion    // by worker
	left    atomic.Int64 // not yet done
	waiting atomic.Bool  // the caller sleeps until left is 0
	done    chan struct{}
}

// A portion is the part of a job's range that belongs to one worker.
type portion struct {
	next atomic.Int64
	end  int
	_    [48]byte // a cache line of its own
}

func newTeam(workers int) *team {
	made := time.Now()
	t := &team{workers: workers, now: func() time.Duration { return time.Since(made) }}
	t.wake.L = &t.mu
	return t
}

func newJob(n, step, workers int, fn func(s *scratch, from, to int)) *job {
	j := &job{fn: fn, n: n, step: step, parts: make([]portion, workers), done: make(chan struct{}, 1)}
	j.left.Store(int64(n))
	chunks := (n + step - 1) / step
	for w := range j.parts {
		j.parts[w].next.Store(int64(chunks * w / workers * step))
		j.parts[w].end = min(n, chunks*(w+1)/workers*step)
	}
	return j
}

// take returns the next chunk of a worker's own part, or of another's if there is none.
func (j *job) take(worker int) (from, to int, ok bool) {
	for i := range j.parts {
		p := &j.parts[(worker+i)%len(j.parts)]
		if int(p.next.Load()) >= p.end {
			continue
		}
		if from = int(p.next.Add(int64(j.step))) - j.step; from < p.end {
			return from, min(from+j.step, p.end), true
		}
	}
	return 0, 0, false
}

// run does a chunk and tells the caller if it was the last.
func (j *job) run(s *scratch, from, to int) {
	j.fn(s, from, to)
	if j.left.Add(int64(from-to)) == 0 && j.waiting.Swap(false) {
		j.done <- struct{}{}
	}
}

// enter and leave frame a call.
func (t *team) enter() { t.running.Add(1) }
func (t *team) leave() { t.running.Add(-1) }

// each calls fn for the numbers below n in chunks of at most step, by the caller and by whoever is free.
func (t *team) each(s *scratch, n, step int, fn func(s *scratch, from, to int)) {
	step = max(step, 1)
	if n <= step || t.workers == 1 || int(t.running.Load()) >= t.workers {
		for from := 0; from < n; from += step {
			fn(s, from, min(from+step, n))
		}
		return
	}
	j := newJob(n, step, t.workers, fn)
	t.add(j)
	for {
		from, to, ok := j.take(0)
		if !ok {
			break
		}
		j.run(s, from, to)
	}
	t.remove(j)
	if t.look(1, func() bool { return j.left.Load() == 0 }) {
		return
	}
	j.waiting.Store(true) // a helper has lost its processor: give this one away
	if j.left.Load() > 0 || !j.waiting.Swap(false) {
		<-j.done
	}
}

// look looks until something is so, for a while, and reports whether it is. own is how many of those who run the one is who looks.
func (t *team) look(own int, so func() bool) bool {
	const looks = 64 // between two looks at the clock
	start := t.now()
	for last := start; ; {
		for range looks {
			if so() {
				return true
			}
		}
		now := t.now()
		if now-last > lost {
			t.crowded.Store(int64(now + crowdedly))
		}
		last = now
		patience := longSpin
		if int64(now) < t.crowded.Load() || int(t.running.Load())-own >= t.workers {
			patience = shortSpin
		}
		if now-start >= patience {
			return false
		}
	}
}

func (t *team) add(j *job) {
	t.start.Do(func() {
		t.helpers.Add(int32(t.workers - 1))
		for w := 1; w < t.workers; w++ {
			go t.help(w)
		}
	})
	t.mu.Lock()
	t.jobs = append(t.jobs, j)
	t.version.Add(1)
	if t.asleep > 0 {
		t.wake.Broadcast()
	}
	t.mu.Unlock()
}

func (t *team) remove(j *job) {
	t.mu.Lock()
	for i, o := range t.jobs {
		if o == j {
			t.jobs = append(t.jobs[:i], t.jobs[i+1:]...)
			break
		}
	}
	t.mu.Unlock()
}

// help is a helper: a chunk of each active job in turn.
func (t *team) help(worker int) {
	defer t.helpers.Add(-1)
	var s scratch
	for {
		seen := t.version.Load()
		if j := t.pick(); j != nil {
			if from, to, ok := j.take(worker); ok {
				j.run(&s, from, to)
				t.leave()
				continue
			}
			t.leave()
			t.remove(j)
			continue
		}
		if t.look(0, func() bool { return t.version.Load() != seen }) {
			continue
		}
		t.mu.Lock()
		for t.version.Load() == seen && !t.closed {
			t.asleep++
			t.wake.Wait()
			t.asleep--
		}
		closed := t.closed
		t.mu.Unlock()
		if closed {
			return
		}
	}
}

// pick returns the job whose turn it is, and enters; nil where there is none or the processors are busy.
func (t *team) pick() *job {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.jobs) == 0 || t.closed || int(t.running.Load()) >= t.workers {
		return nil
	}
	t.enter()
	t.turn++
	return t.jobs[t.turn%len(t.jobs)]
}

// close ends the helpers once they are done with their chunks. Calls go on alone.
func (t *team) close() {
	t.mu.Lock()
	t.closed = true
	t.version.Add(1)
	t.wake.Broadcast()
	t.mu.Unlock()
}
