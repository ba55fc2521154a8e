package engine

import (
	"slices"
	"sync"
)

// lru keeps the values last used, at most a number of them. A value in use is never freed: it goes when its last user is
// done.
type lru[K comparable, V any] struct {
	make func(K) (V, error) // called under the lock, so that no value is made twice
	free func(V)
	most int

	mu   sync.Mutex
	kept map[K]*lruItem[K, V]
	age  []K // keys of kept, the latest used last
}

type lruItem[K comparable, V any] struct {
	value V
	users int
	gone  bool // no longer kept
}

func newLRU[K comparable, V any](most int, make func(K) (V, error), free func(V)) *lru[K, V] {
	return &lru[K, V]{make: make, free: free, most: most, kept: map[K]*lruItem[K, V]{}}
}

// get returns the value of a key; done says that the caller needs it no more.
func (c *lru[K, V]) get(key K) (v V, done func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	it, ok := c.kept[key]
	if ok {
		i := slices.Index(c.age, key)
		c.age = append(slices.Delete(c.age, i, i+1), key)
	} else {
		if v, err = c.make(key); err != nil {
			return v, nil, err
		}
		it = &lruItem[K, V]{value: v}
		c.kept[key] = it
		c.age = append(c.age, key)
		if len(c.age) > c.most {
			c.drop(c.age[0])
		}
	}
	it.users++
	return it.value, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if it.users--; it.gone && it.users == 0 {
			c.free(it.value)
		}
	}, nil
}

// drop forgets the oldest key.
func (c *lru[K, V]) drop(key K) {
	it := c.kept[key]
	delete(c.kept, key)
	c.age = c.age[1:]
	if it.gone = true; it.users == 0 {
		c.free(it.value)
	}
}

// close drops everything.
func (c *lru[K, V]) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.age) > 0 {
		c.drop(c.age[0])
	}
}
