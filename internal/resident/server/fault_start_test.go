//go:build linux

package server_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Cells that start at once get one process.
func TestTwoCellsOneProcess(t *testing.T) {
	s := session(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	for range 4 {
		all.Go(func() {
			out, err := exec.Command(s.Program, "cell", s.Folder, "answer").CombinedOutput()
			if err != nil {
				t.Errorf("%v: %s", err, out)
			}
			_, pid, _ := strings.Cut(string(out), "pid ")
			mu.Lock()
			got[strings.TrimSpace(pid)]++
			mu.Unlock()
		})
	}
	all.Wait()
	log, err := os.ReadFile(s.Log())
	if err != nil || len(got) != 1 || strings.Count(string(log), " serves ") != 1 {
		t.Fatalf("processes %v, %v\n%s", got, err, log)
	}
	if n := marks("open-teaching"); n != 1 {
		t.Fatalf("the model was opened %d times", n)
	}
}

// A process of another build is replaced, and ends first what others have asked of it.
func TestOtherBuildIsReplaced(t *testing.T) {
	s := session(t)
	older := s
	older.Program = another(t, s.Program)
	busy, started := make(chan error, 1), make(chan struct{})
	go func() {
		_, err := resident.New(older, "teaching").Run(t.Context(), request(settings{Do: "slow", Numbers: 4}), func(e steer.Event) {
			if e.Phase == "works" {
				close(started)
			}
		})
		busy <- err
	}()
	<-started
	first := pid(t, s)
	var notices []string
	s.Notice = func(n string) { notices = append(notices, n) }
	if err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal(err)
	}
	if second := pid(t, s); second == first || second == 0 || len(notices) != 1 || !strings.Contains(notices[0], "another build") {
		t.Fatal(first, second, notices)
	}
	select {
	case err := <-busy:
		t.Fatal("the older process did not overlap: ", err)
	default:
	}
	if err := <-busy; err != nil {
		t.Fatal("what the older process was doing:", err)
	}
	within(t, 2*time.Second, "the older process' end", func() bool { return syscall.Kill(first, 0) != nil || zombie(first) })
}

// A script that starts the program is of the program's build: neither another one at every request, nor one whose results
// the program's own are not.
func TestScriptAsProgram(t *testing.T) {
	s := session(t)
	program := s.Program
	s.Program = filepath.Join(filepath.Dir(s.Folder), "script")
	if err := os.WriteFile(s.Program, []byte("#!/bin/sh\nexec "+program+" \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	pids := map[int]bool{}
	for n := range 2 {
		if err := run(t, s, settings{Numbers: n}); err != nil {
			t.Fatal(err)
		}
		pids[pid(t, s)] = true
	}
	if len(pids) != 1 {
		t.Fatal(pids)
	}
	st, _, err := s.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if id, err := resident.Build(t.Context(), s.Program); err != nil || id != resident.OwnBuild() || st.Build != id {
		t.Fatalf("the script's build is %q, that of the program %q, the process says %q, %v", id, resident.OwnBuild(), st.Build, err)
	}
}

// A process that knows another nonce is neither believed nor touched.
func TestOtherNonceIsLeftAlone(t *testing.T) {
	s := session(t)
	if err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal(err)
	}
	first := pid(t, s)
	file := filepath.Join(s.Folder, "nonce")
	nonce, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("another nonce of a good length"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(t, s, settings{Numbers: 1}); !errors.Is(err, engine.NoEngine) || !strings.Contains(err.Error(), "another session") {
		t.Fatal(err)
	}
	if stopped, err := s.Stop(t.Context()); stopped || err == nil {
		t.Fatal("another session's process was told to stop", err)
	}
	if err := os.WriteFile(file, nonce, 0o600); err != nil {
		t.Fatal(err)
	}
	if pid(t, s) != first {
		t.Fatal("it has gone")
	}
}

// A program that ends at once is one error with what it wrote, not a wait.
func TestProgramThatFails(t *testing.T) {
	s := session(t)
	s.Program = filepath.Join(filepath.Dir(s.Folder), "broken")
	if err := os.WriteFile(s.Program, []byte("#!/bin/sh\necho no such library >&2\nexit 3\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	err := run(t, s, settings{})
	if !errors.Is(err, engine.NoEngine) || !strings.Contains(err.Error(), "no such library") || time.Since(start) > 5*time.Second {
		t.Fatal(err)
	}
}
