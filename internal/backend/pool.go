package backend

import (
	"math/bits"
	"sync"
	"time"
	"unsafe"
)

const (
	align    = 64               // of every allocation, in bytes: a cache line, and a vector register
	poolMost = 256 << 20        // bytes that a pool keeps
	poolIdle = 10 * time.Second // without use a pool gives back what it keeps
)

// A pool keeps memory that calls have given back, by size, so that a later call need not have the system clear new pages. It
// keeps at most poolMost bytes, and nothing once it has been idle for poolIdle.
type pool struct {
	mu    sync.Mutex
	free  map[int][][]byte // by length
	held  int              // bytes in free
	timer *time.Timer      // running while something is held
	used  time.Time        // last use
}

// sizeClass rounds a size up so that sizes that differ little share memory: to a multiple of an eighth of its power of two.
func sizeClass(n int) int {
	if n <= 4096 {
		return (n + align - 1) &^ (align - 1)
	}
	step := 1 << (bits.Len(uint(n-1)) - 4)
	return (n + step - 1) &^ (step - 1)
}

// get returns n bytes that start at a multiple of align and hold anything.
func (p *pool) get(n int) []byte {
	size := sizeClass(n)
	p.mu.Lock()
	p.used = time.Now()
	if l := p.free[size]; len(l) > 0 {
		m := l[len(l)-1]
		l[len(l)-1] = nil
		p.free[size] = l[:len(l)-1]
		p.held -= size
		p.mu.Unlock()
		return m[:n]
	}
	p.mu.Unlock()
	return allocate(size)[:n]
}

// allocate returns aligned zeros. Their length is their capacity.
func allocate(size int) []byte {
	if size == 0 {
		return nil
	}
	raw := make([]byte, size+align)
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(raw)))) & (align - 1)
	return raw[skip : skip+size : skip+size]
}

// put takes memory of get back.
func (p *pool) put(m []byte) {
	m = m[:cap(m)]
	if len(m) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used = time.Now()
	if p.held+len(m) > poolMost {
		return
	}
	if p.free == nil {
		p.free = map[int][][]byte{}
	}
	p.free[len(m)] = append(p.free[len(m)], m)
	p.held += len(m)
	if p.timer == nil {
		p.timer = time.AfterFunc(poolIdle, p.expire)
	}
}

// expire empties a pool that nobody has used for a while.
func (p *pool) expire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer == nil {
		return
	}
	if wait := poolIdle - time.Since(p.used); wait > 0 {
		p.timer.Reset(wait)
		return
	}
	p.dropLocked()
}

// drop empties the pool.
func (p *pool) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropLocked()
}

func (p *pool) dropLocked() {
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	p.free, p.held = nil, 0
}
