package store

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/lock"
	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// Stats counts what has happened in a store since it was created, in all processes.
type Stats struct {
	Hits     int64 `json:"hits"`     // requests that a file answered
	Misses   int64 `json:"misses"`   // requests that no file answered
	Computed int64 `json:"computed"` // results that had to be computed, by a Memo or behind Keep
	Files    int   `json:"-"`        // results that are there now
	Bytes    int64 `json:"-"`        // what they occupy, damaged files included
}

// Stats returns the counters and the present size.
func (s *Store) Stats() (Stats, error) {
	n := s.counters()
	files, err := s.List()
	for _, f := range files {
		n.Bytes += f.Size
		if !f.Damaged {
			n.Files++
		}
	}
	return n, err
}

// countTries is how often, a millisecond apart, the counters are asked for. They are for people and tests: nobody waits
// for them longer, and no result fails because they cannot be written.
const countTries = 20

// count adds to the counters. What cannot be written now is added by a later call.
func (s *Store) count(d Stats) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = s.pending.plus(d)
	path := filepath.Join(s.dir, "stats.json")
	unlock, err := lock.Try(path + ".lock")
	for n := 1; errors.Is(err, lock.ErrHeld) && n < countTries; n++ {
		time.Sleep(time.Millisecond)
		unlock, err = lock.Try(path + ".lock")
	}
	if err != nil {
		return
	}
	defer unlock()
	b, err := json.Marshal(s.counters().plus(s.pending))
	if err == nil && atomicfile.WriteUnflushed(path, b, 0o600) == nil {
		s.pending = Stats{}
	}
}

// plus adds the counters of two.
func (s Stats) plus(d Stats) Stats {
	return Stats{Hits: s.Hits + d.Hits, Misses: s.Misses + d.Misses, Computed: s.Computed + d.Computed}
}

// counters reads the file of counters; a missing or damaged one is all zero.
func (s *Store) counters() Stats {
	var n Stats
	b, err := regular.ReadOwn(filepath.Join(s.dir, "stats.json"), 1<<10)
	if err != nil || json.Unmarshal(b, &n) != nil {
		return Stats{}
	}
	return n
}
