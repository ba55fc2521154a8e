package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A pull that is told to end, because its terminal has closed, somebody asks or nobody reads what it says, leaves no half
// of a model and no pip.
func TestPullCleansUp(t *testing.T) {
	for name, end := range map[string]func(p *os.Process, out *os.File) error{
		"SIGHUP":      func(p *os.Process, _ *os.File) error { return p.Signal(syscall.SIGHUP) },
		"SIGTERM":     func(p *os.Process, _ *os.File) error { return p.Signal(syscall.SIGTERM) },
		"SIGINT":      func(p *os.Process, _ *os.File) error { return p.Signal(os.Interrupt) },
		"closed pipe": func(_ *os.Process, out *os.File) error { return out.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			models, child := t.TempDir(), filepath.Join(t.TempDir(), "child")
			script := filepath.Join(t.TempDir(), "python")
			// Half a wheel, a child of its own; where nobody reads, it fails after a while, so that something is said.
			body := "while [ $# -gt 1 ]; do [ \"$1\" = --dest ] && dest=$2; shift; done\necho half > $dest/.part\nsleep 60 &\necho $! > %q\n%s\n"
			then := "wait"
			if name == "closed pipe" {
				then = "sleep 1; echo half > $dest/x.whl; kill $!; exit 0"
			}
			if err := os.WriteFile(script, fmt.Appendf(nil, "#!/bin/sh\n"+body, child, then), 0o755); err != nil {
				t.Fatal(err)
			}
			cmd := program(t, "pull", "smollm2-135m-instruct")
			cmd.Env = append(cmd.Env, "NEURONSTEER_MODELS="+models, "NEURONSTEER_PYTHON="+script)
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			// A signal that this process ignores, as below nohup, would be ignored by the program too; one that it catches is not.
			caught := make(chan os.Signal, 1)
			signal.Notify(caught, syscall.SIGHUP)
			defer signal.Stop(caught)
			read, write, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer read.Close()
			cmd.Stdout, cmd.Stderr = write, write
			if err := errors.Join(cmd.Start(), write.Close()); err != nil {
				t.Fatal(err)
			}
			if line, err := bufio.NewReader(read).ReadString('\n'); err != nil || !strings.Contains(line, "downloading") {
				t.Fatal(line, err)
			}
			waitFor(t, "pip's child", func() bool { b, err := os.ReadFile(child); return err == nil && len(b) > 1 })
			if err := end(cmd.Process, read); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() { done <- cmd.Wait() }()
			select {
			case err := <-done:
				if err == nil {
					t.Error("it ends as if all were well")
				}
			case <-time.After(15 * time.Second):
				_ = cmd.Process.Kill()
				t.Fatal("it goes on")
			}
			if left, err := os.ReadDir(models); err != nil || len(left) > 0 {
				t.Errorf("it leaves %v, %v", left, err)
			}
			pid, _ := os.ReadFile(child)
			waitFor(t, "the end of pip's child", func() bool {
				stat, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/stat")
				return err != nil || strings.Contains(string(stat), ") Z ")
			})
		})
	}
}

func waitFor(t *testing.T, what string, ready func() bool) {
	t.Helper()
	for range 1000 {
		if ready() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}
