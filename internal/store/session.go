package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Session declares that what this store is used for from now on belongs to the running process pid, for a notebook its
// kernel: no file used since then is pruned while that process runs. Declaring it again changes nothing.
func (s *Store) Session(pid int) error {
	birth, ok := processBirth(pid)
	if !ok {
		return nil // it has ended: there is nothing to protect
	}
	path := filepath.Join(s.dir, "sessions", fmt.Sprintf("%d-%s", pid, birth))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if os.IsExist(err) {
		return nil
	}
	if err != nil {
		return unreachable(err)
	}
	_, err = f.WriteString(time.Now().Format(time.RFC3339Nano))
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// oldestSession returns when the oldest running session began, and forgets those that have ended.
func (s *Store) oldestSession() (since time.Time, running bool) {
	dir := filepath.Join(s.dir, "sessions")
	list, err := os.ReadDir(dir)
	if err != nil {
		return time.Time{}, false
	}
	for _, d := range list {
		path := filepath.Join(dir, d.Name())
		pid, birth, _ := strings.Cut(d.Name(), "-")
		n, err := strconv.Atoi(pid)
		if now, ok := processBirth(n); err != nil || !ok || now != birth {
			_ = os.Remove(path)
			continue
		}
		b, _ := os.ReadFile(path)
		began, _ := time.Parse(time.RFC3339Nano, string(b)) // unreadable: protect everything, which loses nothing
		if !running || began.Before(since) {
			since, running = began, true
		}
	}
	return since, running
}
