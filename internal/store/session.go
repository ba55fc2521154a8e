package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/lock"
	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// A mark is a file below sessions/, named after the session's process: number, start and place. It holds the time when
// the session began; its own time is when it was last declared.
//
// Whoever declares a session locks its mark until it ends itself. That is what tells another container, or another
// machine that shares the folder, that the session lives: a process number means nothing there.
const marks = "sessions"

// absent is how long a mark counts that nobody holds and whose process cannot be seen from here: a notebook's kernel in
// another container, between two cells and after its engine's process has left.
const absent = 24 * time.Hour

// Session declares that what this store is used for from now on belongs to the running process pid, for a notebook its
// kernel: no file used since the session was first declared is pruned while that process runs, or this one.
func (s *Store) Session(pid int) error {
	birth, ok := processBirth(pid)
	if !ok {
		return nil // it has ended: there is nothing to protect
	}
	path := filepath.Join(s.dir, marks, fmt.Sprintf("%d-%s-%s", pid, birth, place()))
	now := time.Now()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return unreachable(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[path] == nil {
		unlock, err := lock.TryShared(path)
		for range 50 { // who prunes looks at a mark for an instant
			if err == nil {
				break
			}
			time.Sleep(time.Millisecond)
			unlock, err = lock.TryShared(path)
		}
		if err != nil {
			return unreachable(err)
		}
		s.held[path] = unlock
	}
	if err := begin(path, now); err != nil {
		return unreachable(err)
	}
	return nil
}

// begin notes when a session began, unless that is noted already, and that it was declared now.
func begin(path string, now time.Time) error {
	f, err := regular.OpenOwn(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() > 0 {
		return errors.Join(err, os.Chtimes(path, now, now))
	}
	_, err = f.WriteString(now.UTC().Format("2006-01-02T15:04:05.000000000Z")) // of one length, should two begin at once
	return err
}

// oldestSession returns when the oldest running session began, and forgets those that have ended.
func (s *Store) oldestSession() (since time.Time, running bool) {
	dir := filepath.Join(s.dir, marks)
	list, err := os.ReadDir(dir)
	if err != nil {
		return time.Time{}, false
	}
	for _, d := range list {
		path := filepath.Join(dir, d.Name())
		if !lives(path) {
			continue
		}
		b, _ := regular.ReadOwn(path, 100)
		began, _ := time.Parse(time.RFC3339Nano, string(b)) // unreadable: protect everything, which loses nothing
		if !running || began.Before(since) {
			since, running = began, true
		}
	}
	return since, running
}

// lives says whether the session of a mark runs. The mark of one that has ended is removed, under its lock, so that
// nobody declares the session on a file that goes.
func lives(path string) bool {
	unlock, err := lock.Try(path)
	if err != nil { // held, or of somebody else: not ours to judge
		return true
	}
	defer unlock()
	info, err := os.Stat(path)
	if err != nil {
		return true
	}
	pid, rest, _ := strings.Cut(filepath.Base(path), "-")
	birth, where, told := strings.Cut(rest, "-")
	if told && where != place() { // its process cannot be seen from here
		if time.Since(info.ModTime()) < absent {
			return true
		}
	} else if n, err := strconv.Atoi(pid); err == nil {
		if now, ok := processBirth(n); ok && now == birth {
			return true
		}
	}
	_ = os.Remove(path)
	return false
}
