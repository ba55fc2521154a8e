package server_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"golang.org/x/sys/unix"
)

// kernel is a process that runs a cell and then stays, as a notebook's kernel does.
func kernel(folder string) error {
	c := exec.Command(os.Args[0], "cell", folder, "answer")
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		return err
	}
	fmt.Println("ready")
	time.Sleep(time.Minute)
	return nil
}

// session returns a session in a folder of its own, whose process is stopped at the end of the test.
func session(t *testing.T) resident.Session {
	t.Helper()
	root, err := os.MkdirTemp(os.Getenv("TMPDIR"), "s")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("NEURONSTEER_STORE", filepath.Join(root, "results"))
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := resident.Session{Folder: filepath.Join(root, "session"), Kernel: os.Getpid(), Program: program}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if _, err := s.Stop(ctx); err != nil {
			t.Error("stop:", err)
		}
		if t.Failed() {
			b, _ := os.ReadFile(s.Log())
			t.Logf("engine.log:\n%s", b)
		}
	})
	return s
}

func run(t *testing.T, s resident.Session, q settings) (steer.Record, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	return resident.New(s, "teaching").Run(ctx, request(q), nil)
}

func pid(t *testing.T, s resident.Session) int {
	t.Helper()
	st, running, err := s.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !running {
		return 0
	}
	return st.PID
}

// kill ends the session's process as a crash would.
func kill(t *testing.T, pid int) {
	t.Helper()
	if pid <= 1 {
		t.Fatal("no process")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// marks counts the traces that fake models of the current store's engine have left.
func marks(name string) int {
	b, _ := os.ReadFile(filepath.Join(os.Getenv("NEURONSTEER_STORE"), "..", "mark-"+name))
	return bytes.Count(b, []byte("\n"))
}

// within waits until ok holds and returns how long that took.
func within(t *testing.T, limit time.Duration, what string, ok func() bool) time.Duration {
	t.Helper()
	for start := time.Now(); ; time.Sleep(2 * time.Millisecond) {
		if ok() {
			return time.Since(start)
		}
		if time.Since(start) > limit {
			t.Fatalf("%s: not within %v", what, limit)
		}
	}
}

func socketGone(s resident.Session) func() bool {
	return func() bool { _, err := os.Lstat(filepath.Join(s.Folder, "engine.sock")); return os.IsNotExist(err) }
}

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

func TestKilledBetweenRequests(t *testing.T) {
	s := session(t)
	var notices []string
	s.Notice = func(n string) { notices = append(notices, n) }
	if _, err := run(t, s, settings{Numbers: 2}); err != nil {
		t.Fatal(err)
	}
	if len(notices) > 0 {
		t.Fatal(notices)
	}
	first := pid(t, s)
	kill(t, first)
	within(t, 5*time.Second, "the end of the process", func() bool { return pid(t, s) == 0 })
	if _, err := run(t, s, settings{Numbers: 3}); err != nil {
		t.Fatal(err)
	}
	if second := pid(t, s); second == first || len(notices) != 1 || !strings.Contains(notices[0], "unexpectedly") {
		t.Fatal(second, notices)
	}
}

func TestKilledDuringRequest(t *testing.T) {
	s := session(t)
	st, err := store.Open("")
	if err != nil {
		t.Fatal(err)
	}
	s.Store = st.Dir()
	done := settings{Numbers: 5, Nth: 1}
	if _, err := run(t, s, done); err != nil {
		t.Fatal(err)
	}
	victim := pid(t, s)
	_, err = resident.New(s, "teaching").Run(t.Context(), request(settings{Do: "wait"}), func(e steer.Event) {
		if e.Phase == "waits" {
			kill(t, victim)
		}
	})
	if !errors.Is(err, steer.Lost) || steer.Mistakes(err)[0].Hint == "" {
		t.Fatal(err)
	}
	if _, ok, err := st.Get(request(done).Ref(model)); !ok || err != nil {
		t.Fatal("a finished result is lost", err)
	}
	if _, err := run(t, s, settings{Numbers: 6}); err != nil {
		t.Fatal(err)
	}
	if now := pid(t, s); now == victim || now == 0 {
		t.Fatal(now)
	}
}

// A cell that is killed takes its request along, and no other.
func TestKilledCell(t *testing.T) {
	s := session(t)
	if _, err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal(err)
	}
	other := make(chan error, 1)
	started := make(chan struct{})
	go func() {
		_, err := resident.New(s, "teaching").Run(t.Context(), request(settings{Do: "linger", Numbers: 1}), func(e steer.Event) {
			if e.Phase == "lingers" {
				close(started)
			}
		})
		other <- err
	}()
	<-started
	c := exec.Command(s.Program, "cell", s.Folder, "wait")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "event waits"; {
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	took := within(t, 100*time.Millisecond, "cancel", func() bool { return marks("canceled-1") == 1 })
	t.Logf("canceled after %v", took)
	c.Wait()
	if err := <-other; err != nil {
		t.Fatal("another request:", err)
	}
	within(t, time.Second, "rest", func() bool { // the answer is sent before the request is counted out
		st, _, err := s.Status(t.Context())
		return err == nil && st.Running == 0
	})
}

func TestCanceledContext(t *testing.T) {
	s := session(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := resident.New(s, "teaching").Run(ctx, request(settings{Do: "wait", Nth: 7}), func(e steer.Event) {
		if e.Phase == "waits" {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	within(t, 100*time.Millisecond, "cancel", func() bool { return marks("canceled-7") == 1 })
}

// The process leaves with the kernel, also when nobody collects the kernel's exit, and takes its socket along.
func TestKernelEnds(t *testing.T) {
	s := session(t)
	k := exec.Command(s.Program, "kernel", s.Folder)
	out, err := k.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "ready"; {
	}
	if pid(t, s) == 0 {
		t.Fatal("no process")
	}
	if err := k.Process.Kill(); err != nil { // from here on it is a zombie
		t.Fatal(err)
	}
	took := within(t, 2*time.Second, "leaving", socketGone(s))
	t.Logf("left after %v", took)
	k.Wait()
}

// So it does in the middle of a request.
func TestKernelEndsDuringRequest(t *testing.T) {
	s := session(t)
	k := exec.Command("sleep", "60")
	if err := k.Start(); err != nil {
		t.Fatal(err)
	}
	s.Kernel = k.Process.Pid
	_, err := resident.New(s, "teaching").Run(t.Context(), request(settings{Do: "wait"}), func(steer.Event) { k.Process.Kill() })
	if !errors.Is(err, steer.Lost) {
		t.Fatal(err)
	}
	k.Wait()
	within(t, 2*time.Second, "leaving", socketGone(s))
}

func TestIdle(t *testing.T) {
	s := session(t)
	s.Idle = 300 * time.Millisecond
	if _, err := run(t, s, settings{Do: "linger", Numbers: 1}); err != nil { // longer than it may be idle
		t.Fatal(err)
	}
	if pid(t, s) == 0 {
		t.Fatal("it left in the middle")
	}
	within(t, 2*time.Second, "leaving", socketGone(s))
	if _, err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal("the next request:", err)
	}
}

// another returns a copy of the test's program with another build ID.
func another(t *testing.T, program string) string {
	t.Helper()
	id, err := store.BuildID(program)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	changed := []byte(id)
	changed[0] ^= 1
	b = bytes.Replace(b, []byte(id), changed, 1)
	path := filepath.Join(filepath.Dir(os.Getenv("NEURONSTEER_STORE")), "older")
	if err := os.WriteFile(path, b, 0o700); err != nil {
		t.Fatal(err)
	}
	if now, err := store.BuildID(path); err != nil || now == id {
		t.Fatal(now, err)
	}
	return path
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
	if _, err := run(t, s, settings{Numbers: 1}); err != nil {
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

// zombie says whether pid has ended and only its parent, this test, has not asked for it.
func zombie(pid int) bool {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return bytes.Contains(b, []byte(") Z "))
}

// A script that starts the program is no other build at every request.
func TestScriptAsProgram(t *testing.T) {
	s := session(t)
	real := s.Program
	s.Program = filepath.Join(filepath.Dir(s.Folder), "script")
	if err := os.WriteFile(s.Program, []byte("#!/bin/sh\nexec "+real+" \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	pids := map[int]bool{}
	for n := range 2 {
		if _, err := run(t, s, settings{Numbers: n}); err != nil {
			t.Fatal(err)
		}
		pids[pid(t, s)] = true
	}
	if len(pids) != 1 {
		t.Fatal(pids)
	}
}

// A process that knows another nonce is neither believed nor touched.
func TestOtherNonceIsLeftAlone(t *testing.T) {
	s := session(t)
	if _, err := run(t, s, settings{Numbers: 1}); err != nil {
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
	if _, err := run(t, s, settings{Numbers: 1}); !errors.Is(err, steer.NoEngine) || !strings.Contains(err.Error(), "another session") {
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

// Without its socket nobody can reach a process, so it leaves; the next one does not wait for it in vain.
func TestSocketRemoved(t *testing.T) {
	s := session(t)
	if _, err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal(err)
	}
	first := pid(t, s)
	if err := os.Remove(filepath.Join(s.Folder, "engine.sock")); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal(err)
	}
	if now := pid(t, s); now == first || now == 0 {
		t.Fatal(now)
	}
}

// The process is in a session of its own: what is meant for the cell's process group does not reach it, nor do its
// descriptors keep the cell from ending.
func TestDetached(t *testing.T) {
	s := session(t)
	if _, err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal(err)
	}
	p := pid(t, s)
	if sid, err := unix.Getsid(p); err != nil || sid != p {
		t.Fatal(sid, p, err)
	}
	for fd := range 3 {
		to, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", p, fd))
		if want := []string{os.DevNull, s.Log(), s.Log()}[fd]; err != nil || to != want {
			t.Errorf("descriptor %d is %s, %v", fd, to, err)
		}
	}
	if dir, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", p)); err != nil || dir != "/" {
		t.Error(dir, err)
	}
}

func TestStop(t *testing.T) {
	s := session(t)
	if stopped, err := s.Stop(t.Context()); stopped || err != nil {
		t.Fatal(stopped, err)
	}
	if _, running, err := s.Status(t.Context()); running || err != nil {
		t.Fatal(running, err)
	}
	_, err := resident.New(s, "teaching").Run(t.Context(), request(settings{Do: "wait"}), func(e steer.Event) {
		if e.Phase == "waits" {
			if stopped, err := s.Stop(t.Context()); !stopped || err != nil {
				t.Error(stopped, err)
			}
		}
	})
	if !errors.Is(err, steer.Lost) {
		t.Fatal(err)
	}
	if !socketGone(s)() {
		t.Fatal("the socket stays")
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
	_, err := run(t, s, settings{})
	if !errors.Is(err, steer.NoEngine) || !strings.Contains(err.Error(), "no such library") || time.Since(start) > 5*time.Second {
		t.Fatal(err)
	}
}
