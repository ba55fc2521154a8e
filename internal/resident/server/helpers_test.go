//go:build linux

package server_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/build"
	"github.com/neuronsteer/neuronsteer/internal/resident"
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
	root, err := os.MkdirTemp(os.Getenv("TMPDIR"), "s") //nolint:usetesting // a socket's path must be short
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

func run(t *testing.T, s resident.Session, q settings) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err := resident.New(s, "teaching").Run(ctx, request(q), nil)
	return err
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

// another returns a copy of the test's program with another build ID.
func another(t *testing.T, program string) string {
	t.Helper()
	id, err := build.ID(program)
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
	if now, err := build.ID(path); err != nil || now == id {
		t.Fatal(now, err)
	}
	return path
}

// zombie says whether pid has ended and only its parent, this test, has not asked for it.
func zombie(pid int) bool {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return bytes.Contains(b, []byte(") Z "))
}
