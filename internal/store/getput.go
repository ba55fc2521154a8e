package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Get returns the record of ref. ok is false when there is none, or when its file is damaged: that file is then moved
// aside. err is about a folder or file that cannot be reached. Nothing waits for another process.
func (s *Store) Get(ref steer.Ref) (rec steer.Record, ok bool, err error) {
	path := s.Path(ref)
	info, err := os.Lstat(path)
	if err == nil {
		rec, err = s.read(path, ref)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist): // also: pruned since it was seen
		return steer.Record{}, false, nil
	case errors.Is(err, errDamaged):
		return steer.Record{}, false, s.setAside(path, info)
	case err != nil:
		return steer.Record{}, false, unreachable(err)
	}
	s.touch(path)
	return rec, true, nil
}

// read reads the record of ref from its file.
func (s *Store) read(path string, ref steer.Ref) (steer.Record, error) {
	rec, at, err := ReadFile(path)
	if err != nil {
		return steer.Record{}, err
	}
	if at != ref {
		err = fmt.Errorf("it holds %s", at.Short())
	} else {
		err = s.check(rec)
	}
	if err != nil {
		return steer.Record{}, fmt.Errorf("%s: %w: %w", path, errDamaged, err)
	}
	return rec, nil
}

// Put keeps rec, whose address must be ref. The file appears complete or not at all. Nothing waits for another process.
func (s *Store) Put(ref steer.Ref, rec steer.Record) error {
	if at := rec.Header.Request.Ref(rec.Header.Identity); at != ref {
		return engine.Errorf(engine.Internal, "store", "a record of %s cannot be kept as %s", at.Short(), ref.Short())
	}
	if err := s.check(rec); err != nil {
		return engine.Errorf(engine.Internal, "store", "a record that cannot be read back is not kept: %v", err)
	}
	f, err := atomicfile.Create(s.Path(ref), 0o600)
	if err != nil {
		return unreachable(err)
	}
	defer f.Discard()
	if err := encode(f, ref, rec); err != nil {
		return unreachable(err)
	}
	s.touch(f.Name()) // a file system's own clock may be behind that of sessions
	if err := f.Commit(); err != nil {
		return unreachable(err)
	}
	s.shrink()
	return nil
}

// check runs Check, if there is one.
func (s *Store) check(rec steer.Record) error {
	if s.Check == nil {
		return nil
	}
	return s.Check(rec)
}

// setAside renames a damaged file to <ref>.damaged, unless somebody has replaced it since info was taken.
func (s *Store) setAside(path string, info fs.FileInfo) error {
	now, err := os.Lstat(path)
	if err != nil || !os.SameFile(info, now) {
		return nil //nolint:nilerr // somebody has removed or replaced it, which is as good
	}
	aside := strings.TrimSuffix(path, suffix) + damaged
	if err := os.Rename(path, aside); err != nil {
		return unreachable(err)
	}
	if now, err := os.Lstat(aside); err == nil && !os.SameFile(info, now) {
		_ = os.Rename(aside, path) // replaced in between, by a whole one
	}
	return nil
}

// touch marks a file as used now. A file system without times loses only the order of pruning.
func (s *Store) touch(path string) {
	now := time.Now()
	_ = os.Chtimes(path, now, now)
}

// Keep puts rec at its own address, unless it is there already, and returns the path of its file. It counts as computed
// what it puts. An answer that holds only until more has been computed is not kept, and has no path; see steer.Passing.
func (s *Store) Keep(rec steer.Record) (path string, err error) {
	if steer.Passing(rec.Header.Request) {
		return "", nil
	}
	ref := rec.Header.Request.Ref(rec.Header.Identity)
	path = s.Path(ref)
	if s.has(ref) {
		s.touch(path)
		return path, nil
	}
	s.count(Stats{Computed: 1})
	return path, s.Put(ref, rec)
}

// has says whether there is a file at ref, without looking into it.
func (s *Store) has(ref steer.Ref) bool {
	info, err := os.Lstat(s.Path(ref))
	return err == nil && info.Mode().IsRegular()
}

// unreachable says which folder could not be used, and what to do.
func unreachable(err error) error {
	if e := (*engine.Error)(nil); errors.As(err, &e) {
		return err
	}
	where := "the folder of results"
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		where = filepath.Dir(p.Path)
	}
	return engine.Errorf(engine.BadSetting, "store", "%v", err).
		Try("make room in %s or set NEURONSTEER_STORE to another folder", where)
}
