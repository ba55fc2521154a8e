package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/lock"
)

// A session of another container, whose processes cannot be seen from here, is known by the lock of its mark; without
// one it counts as long as it was declared not long ago.
func TestPruneSparesSessionsOfOtherContainers(t *testing.T) {
	s := open(t)
	mark := filepath.Join(s.Dir(), marks, "1-7-0badcafe")
	declare := func(ago time.Duration) {
		t.Helper()
		when := time.Now().Add(-ago)
		if err := os.MkdirAll(filepath.Dir(mark), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(mark, []byte(when.Add(-time.Hour).Format(time.RFC3339Nano)), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(mark, when, when); err != nil {
			t.Fatal(err)
		}
	}
	put(t, s, record(1, 4))
	for _, c := range []struct {
		ago    time.Duration
		held   bool
		spared bool
	}{
		{2 * absent, true, true},
		{time.Minute, false, true},
		{2 * absent, false, false},
	} {
		declare(c.ago)
		unlock := func() {}
		if c.held {
			var err error
			if unlock, err = lock.TryShared(mark); err != nil {
				t.Fatal(err)
			}
		}
		removed, err := s.Prune(0)
		if err != nil || (len(removed) == 0) != c.spared {
			t.Errorf("%+v: %v, %v", c, removed, err)
		}
		if _, err := os.Stat(mark); (err == nil) != c.spared {
			t.Errorf("%+v: the mark: %v", c, err)
		}
		unlock()
	}
}

// Two processes of one session hold its mark together, and a process number that was given away is not taken for it.
func TestMarksOfOnePlace(t *testing.T) {
	s := open(t)
	other, err := Open(s.Dir())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []*Store{s, other, s} {
		if err := o.Session(os.Getpid()); err != nil {
			t.Fatal(err)
		}
	}
	list, err := os.ReadDir(filepath.Join(s.Dir(), marks))
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	stale := filepath.Join(s.Dir(), marks, fmt.Sprintf("%d-%d-%s", os.Getpid(), 1, place()))
	if err := os.WriteFile(stale, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, running := s.oldestSession(); !running {
		t.Error("the session is not seen")
	}
	if _, err := os.Stat(stale); err == nil && place() != "" {
		t.Error("the mark of a process that has ended stays")
	}
}
