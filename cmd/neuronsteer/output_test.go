//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// printing are commands that print, each with what it may need on its input.
func printing(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		"help": "", "help run": "", "version": "", "cache": "", "cache list": "", "cache prune": "",
		"demo -model teaching -out " + filepath.Join(t.TempDir(), "figures"): "",
		"check ../../testdata/golden/tiny-llama":                             "",
		"repl -model teaching":                                               "help\nprompt I loved the film. It was\nquit\n",
		"run -check testdata/study.yaml":                                     "",
	}
}

// TestFullOutput: no command that cannot print says that all is well; each says why on one line.
func TestFullOutput(t *testing.T) {
	alone(t)
	for line, in := range printing(t) {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip("this system has no /dev/full")
		}
		var said bytes.Buffer
		cmd := program(t, strings.Fields(line)...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), full, &said
		err = cmd.Run()
		_ = full.Close()
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
			t.Errorf("%s >/dev/full: %v, want exit %d", line, err, exitFailed)
		}
		if text := said.String(); !strings.Contains(text, "the output cannot be written") || strings.Contains(text, "goroutine") || strings.Count(text, "\n") != 1 {
			t.Errorf("%s >/dev/full says %q", line, text)
		}
	}
}

// TestClosedOutput: a reader that has gone ends a command, silently, with the code that a shell expects.
func TestClosedOutput(t *testing.T) {
	alone(t)
	for line, in := range printing(t) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
		var said bytes.Buffer
		cmd := program(t, strings.Fields(line)...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), w, &said
		err = cmd.Run()
		_ = w.Close()
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != exitClosed {
			t.Errorf("%s | true: %v, want exit %d", line, err, exitClosed)
		}
		if said.Len() > 0 {
			t.Errorf("%s | true says %q", line, &said)
		}
	}
}

// TestSpelledOutput: what a terminal would obey is spelled in errors and in output.
func TestSpelledOutput(t *testing.T) {
	alone(t)
	const evil = "a\x1b[31m\u202eb"
	for _, args := range [][]string{{evil}, {"pull", evil}, {"demo", "-model", evil}, {"run", evil + ".yaml"}, {"check", evil}, {"repl", "-model", evil}, {"cache", evil}} {
		var out, said bytes.Buffer
		code := start(args, &out, &said)
		if text := out.String() + said.String(); code == 0 || strings.ContainsAny(text, "\x1b\u202e") || !strings.Contains(text, `\u202e`) {
			t.Errorf("%q: exit %d, %q", args, code, text)
		}
	}
}

// TestManyMistakes: they are said up to a number that can be read.
func TestManyMistakes(t *testing.T) {
	alone(t)
	path := filepath.Join(t.TempDir(), "s.yaml")
	if err := os.WriteFile(path, []byte("model: teaching\nbehaviors:\n"+strings.Repeat("  - {name: a, pairs: [{positive: p, negative: n}]}\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	if code := start([]string{"run", path}, &out, &said); code != exitFailed || strings.Count(said.String(), "\n") != mostMistakes+1 || !strings.Contains(said.String(), " more mistakes") {
		t.Errorf("exit %d: %s", code, &said)
	}
}

// TestSecondInterrupt: the first Ctrl-C asks the program to end, the second ends it at once.
func TestSecondInterrupt(t *testing.T) {
	alone(t)
	fifo := filepath.Join(t.TempDir(), "input")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	cmd := program(t, "repl", "-model", "teaching")
	cmd.Stdin = in // a session that waits for a line
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, out, "to exit")
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	until(t, out, "Ctrl-C again")
	start := time.Now()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	if exit := (*exec.ExitError)(nil); !errors.As(cmd.Wait(), &exit) || exit.ExitCode() != exitStopped || time.Since(start) > 5*time.Second {
		t.Errorf("%v after %v, want exit %d", exit, time.Since(start), exitStopped)
	}
}

// until reads until the text has come.
func until(t *testing.T, r interface{ Read([]byte) (int, error) }, text string) {
	t.Helper()
	var got []byte
	for b := make([]byte, 1024); !strings.Contains(string(got), text); {
		n, err := r.Read(b)
		got = append(got, b[:n]...)
		if err != nil {
			t.Fatalf("%v before %q: %q", err, text, got)
		}
	}
}
