package store

import (
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
)

// An Entry is one file of a store.
type Entry struct {
	Ref     steer.Ref
	Size    int64     // bytes
	Used    time.Time // when it was last written or answered a request
	InUse   bool      // a running session has used it
	Damaged bool      // set aside because it failed verification
	path    string
}

// Path returns where the file is.
func (e Entry) Path() string { return e.path }

// List returns the store's files, least recently used first.
func (s *Store) List() ([]Entry, error) {
	files, err := s.files()
	if err != nil {
		return nil, unreachable(err)
	}
	return files, nil
}

// Prune removes least recently used files until at most limit bytes are left. Files that a running session has used stay.
// It returns what it removed.
func (s *Store) Prune(limit int64) (removed []Entry, err error) {
	unlock, err := s.lock()
	if err != nil {
		return nil, unreachable(err)
	}
	defer unlock()
	s.sweep()
	files, err := s.files()
	if err != nil {
		return nil, unreachable(err)
	}
	var total int64
	for _, f := range files {
		total += f.Size
	}
	var errs []error
	for _, f := range files {
		if total <= limit {
			break
		}
		if f.InUse {
			continue
		}
		if err := os.RemoveAll(f.path); err != nil { // all: a folder may have been set aside too
			errs = append(errs, unreachable(err))
			continue
		}
		total -= f.Size
		removed = append(removed, f)
	}
	return removed, errors.Join(errs...)
}

// shrink prunes to the store's bound. A result that was just kept is kept, whatever comes of it.
func (s *Store) shrink() { _, _ = s.Prune(s.max) }

// files lists what counts towards the bound, least recently used first.
func (s *Store) files() ([]Entry, error) {
	dir, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, err
	}
	since, running := s.oldestSession()
	var all []Entry
	for _, d := range dir {
		name, ext, _ := strings.Cut(d.Name(), ".")
		ref, err := hex.DecodeString(name)
		if err != nil || len(ref) != len(steer.Ref{}) || ("."+ext != suffix && ext != "damaged") {
			continue
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) { // removed since the folder was read
			continue
		}
		if err != nil {
			return nil, err
		}
		e := Entry{Size: info.Size(), Used: info.ModTime(), Damaged: ext == "damaged", path: filepath.Join(s.dir, d.Name())}
		copy(e.Ref[:], ref)
		e.InUse = running && !e.Damaged && !e.Used.Before(since)
		all = append(all, e)
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return a.Used.Compare(b.Used) })
	return all, nil
}

// sweep removes what writers that were killed have left behind.
func (s *Store) sweep() {
	left, _ := filepath.Glob(filepath.Join(s.dir, ".new-*"))
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(path)
		}
	}
}
