package store

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
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
	unlock, err := s.lock()
	if err != nil {
		return Stats{}, unreachable(err)
	}
	defer unlock()
	n := s.counters()
	files, err := s.files()
	for _, f := range files {
		n.Bytes += f.Size
		if !f.Damaged {
			n.Files++
		}
	}
	return n, err
}

// count adds to the counters. They are for people and tests: no result fails because they cannot be written.
func (s *Store) count(d Stats) {
	unlock, err := s.lock()
	if err != nil {
		return
	}
	defer unlock()
	n := s.counters()
	n.Hits += d.Hits
	n.Misses += d.Misses
	n.Computed += d.Computed
	b, err := json.Marshal(n)
	if err != nil {
		return
	}
	_ = atomicfile.Write(filepath.Join(s.dir, "stats.json"), b, 0o600)
}

// counters reads the file of counters; a missing or damaged one is all zero. The lock is held.
func (s *Store) counters() Stats {
	var n Stats
	b, err := os.ReadFile(filepath.Join(s.dir, "stats.json"))
	if err != nil || json.Unmarshal(b, &n) != nil {
		return Stats{}
	}
	return n
}
