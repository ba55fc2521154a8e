//go:build linux

package server_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"golang.org/x/sys/unix"
)

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
	if !errors.Is(err, engine.Lost) {
		t.Fatal(err)
	}
	k.Wait()
	within(t, 2*time.Second, "leaving", socketGone(s))
}

func TestIdle(t *testing.T) {
	s := session(t)
	s.Idle = 300 * time.Millisecond
	if err := run(t, s, settings{Do: "linger", Numbers: 1}); err != nil { // longer than it may be idle
		t.Fatal(err)
	}
	if pid(t, s) == 0 {
		t.Fatal("it left in the middle")
	}
	within(t, 2*time.Second, "leaving", socketGone(s))
	if err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal("the next request:", err)
	}
}

// Without its socket nobody can reach a process, so it leaves; the next one does not wait for it in vain.
func TestSocketRemoved(t *testing.T) {
	s := session(t)
	if err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal(err)
	}
	first := pid(t, s)
	if err := os.Remove(filepath.Join(s.Folder, "engine.sock")); err != nil {
		t.Fatal(err)
	}
	if err := run(t, s, settings{Numbers: 1}); err != nil {
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
	if err := run(t, s, settings{Numbers: 1}); err != nil {
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
	if !errors.Is(err, engine.Lost) {
		t.Fatal(err)
	}
	if !socketGone(s)() {
		t.Fatal("the socket stays")
	}
}
