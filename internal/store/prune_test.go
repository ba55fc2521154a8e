package store

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
)

// old moves a file's last use back.
func old(t *testing.T, s *Store, ref steer.Ref, by time.Duration) {
	t.Helper()
	when := time.Now().Add(-by)
	if err := os.Chtimes(s.Path(ref), when, when); err != nil {
		t.Fatal(err)
	}
}

func TestPruneTakesTheLeastRecentlyUsed(t *testing.T) {
	s := open(t)
	a, b, c := put(t, s, record(1, 100)), put(t, s, record(2, 100)), put(t, s, record(3, 100))
	old(t, s, a, 3*time.Hour)
	old(t, s, b, 2*time.Hour)
	old(t, s, c, time.Hour)
	if _, ok, err := s.Get(a); !ok || err != nil { // a hit is a use
		t.Fatal(err)
	}
	n, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	removed, err := s.Prune(n.Bytes - 1)
	if err != nil || len(removed) != 1 || removed[0].Ref != b {
		t.Fatalf("%v, %+v", err, removed)
	}
}

func TestPutKeepsTheBound(t *testing.T) {
	t.Setenv("NEURONSTEER_STORE_MAX", "5000")
	s := open(t)
	for n := range 20 {
		put(t, s, record(n, 200))
	}
	if n, err := s.Stats(); err != nil || n.Bytes > 5000 || n.Files == 0 {
		t.Fatalf("%+v, %v", n, err)
	}
}

// release lets go of the marks, as the end of the process does.
func (s *Store) release() {
	for path, unlock := range s.held {
		unlock()
		delete(s.held, path)
	}
}

func TestPruneSparesRunningSessions(t *testing.T) {
	s := open(t)
	before := put(t, s, record(1, 4))
	old(t, s, before, time.Hour)

	sleep := exec.Command("sleep", "60")
	if err := sleep.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { sleep.Process.Kill(); sleep.Wait() }()
	if err := s.Session(sleep.Process.Pid); err != nil {
		t.Fatal(err)
	}
	used := put(t, s, record(2, 4))
	if removed, err := s.Prune(0); err != nil || len(removed) != 1 || removed[0].Ref != before {
		t.Fatalf("%v, %+v", err, removed)
	}
	if err := s.Session(sleep.Process.Pid); err != nil { // again: still the first time counts
		t.Fatal(err)
	}
	if removed, err := s.Prune(0); err != nil || len(removed) != 0 {
		t.Fatalf("%v, %+v", err, removed)
	}
	if err := sleep.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	sleep.Wait()
	if removed, err := s.Prune(0); err != nil || len(removed) != 0 {
		t.Fatalf("this process has not ended: %v, %+v", err, removed)
	}
	s.release()
	if removed, err := s.Prune(0); err != nil || len(removed) != 1 || removed[0].Ref != used {
		t.Fatalf("after the session: %v, %+v", err, removed)
	}
	if err := s.Session(sleep.Process.Pid); err != nil {
		t.Fatal("a session that has ended:", err)
	}
}

func TestPruneSweepsTemporaryFiles(t *testing.T) {
	s := open(t)
	stale, fresh := s.Dir()+"/.new-1", s.Dir()+"/.new-2"
	for _, p := range []string{stale, fresh} {
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	when := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(stale, when, when); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Prune(0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(stale); err == nil {
		t.Error("a file of a dead writer stays")
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error("a file that is being written went")
	}
}

func TestDamagedCountersStartAgain(t *testing.T) {
	s := open(t)
	s.count(Stats{Hits: 2})
	s.count(Stats{Hits: 1, Computed: 1})
	if n, err := s.Stats(); err != nil || n.Hits != 3 || n.Computed != 1 {
		t.Fatal(n, err)
	}
	if err := os.WriteFile(s.Dir()+"/stats.json", []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Stats(); err != nil || n.Hits != 0 {
		t.Fatal(n, err)
	}
}
