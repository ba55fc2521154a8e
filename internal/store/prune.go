package store

import (
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/lock"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
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

// patience is how long Prune waits for somebody else who prunes.
const patience = 5 * time.Second

// Prune removes least recently used files until at most limit bytes are left. Files that a running session has used stay.
// It returns what it removed.
func (s *Store) Prune(limit int64) (removed []Entry, err error) {
	unlock, err := lock.Within(context.Background(), s.lockPath(), s.patience)
	if errors.Is(err, lock.ErrHeld) {
		return nil, engine.Errorf(engine.BadSetting, "store", "nothing can be removed: %v", err).
			Try("let that process go on, or end it, and try again")
	}
	if err != nil {
		return nil, unreachable(err)
	}
	defer unlock()
	return s.prune(limit)
}

// lockPath is the file whose lock keeps two from pruning at once, each by a list that the other makes wrong. Nothing else
// takes it: results come and go without.
func (s *Store) lockPath() string { return filepath.Join(s.dir, "lock") }

// prune is Prune under the lock.
func (s *Store) prune(limit int64) (removed []Entry, err error) {
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
		if f.InUse || f.usedSince() {
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

// usedSince says whether the file was used, replaced or removed after it was listed.
func (e Entry) usedSince() bool {
	info, err := os.Lstat(e.path)
	return err != nil || !info.ModTime().Equal(e.Used)
}

// shrink prunes to the store's bound, unless somebody else is just pruning. A result that was just kept is kept, whatever
// comes of it.
func (s *Store) shrink() {
	unlock, err := lock.Try(s.lockPath())
	if err != nil {
		return
	}
	defer unlock()
	_, _ = s.prune(s.max)
}

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
		if err != nil || len(ref) != len(steer.Ref{}) || ("."+ext != suffix && "."+ext != damaged) {
			continue
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) { // removed since the folder was read
			continue
		}
		if err != nil {
			return nil, err
		}
		e := Entry{Size: info.Size(), Used: info.ModTime(), Damaged: "."+ext == damaged, path: filepath.Join(s.dir, d.Name())}
		copy(e.Ref[:], ref)
		e.InUse = running && !e.Damaged && !e.Used.Before(since)
		all = append(all, e)
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return a.Used.Compare(b.Used) })
	return all, nil
}

// sweep removes what writers that were killed have left behind.
func (s *Store) sweep() {
	left, _ := filepath.Glob(filepath.Join(s.dir, atomicfile.Prefix+"*"))
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(path)
		}
	}
}
