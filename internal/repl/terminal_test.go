//go:build linux

package repl

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// asSession, in the environment, makes the test program a session in its terminal.
const asSession = "NEURONSTEER_TEST_SESSION"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asSession); dir != "" {
		os.Exit(sit(dir))
	}
	os.Exit(m.Run())
}

// sit runs a session on the fake model, whose attribution never ends by itself.
func sit(dir string) int {
	fake := steertest.NewModel()
	m := steer.New("fake", steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		if r.Kind == "attribute" {
			fmt.Println("working on it")
			<-ctx.Done()
			return steer.Record{}, ctx.Err()
		}
		return fake.Runner().Run(ctx, r, emit)
	}))
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	var s *Session
	t, ok := OpenTerminal(os.Stdin, os.Stdout, OpenHistory(filepath.Join(dir, "history")),
		func(line string, pos int) (string, int, []string) { return s.Complete(line, pos) })
	if !ok {
		fmt.Println("no terminal")
		return 1
	}
	s = New(Options{Model: m, Circuits: dir, Lines: t, Out: os.Stdout, Width: t.Width, Interrupt: interrupts, Progress: true})
	if err := s.Run(context.Background()); err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	return 0
}

// screenOf is what a program has written to its terminal.
type screenOf struct {
	mu sync.Mutex
	b  bytes.Buffer
	at int // what was waited for so far
}

// await waits until the screen shows a text after the one that was waited for before.
func (s *screenOf) await(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		s.mu.Lock()
		i := strings.Index(s.b.String()[s.at:], text)
		if i >= 0 {
			s.at += i + len(text)
		}
		s.mu.Unlock()
		if i >= 0 {
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.Fatalf("the terminal does not show %q; it shows\n%q", text, s.b.String())
}

// openPTY returns the two ends of a pseudo terminal of 80 × 24 characters.
func openPTY(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(int(program.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}); err != nil {
		t.Fatal(err)
	}
	return person, program
}

// TestTerminal: in a real terminal Tab completes, ↑ brings earlier lines back, in this session and the next, Ctrl-C stops
// a command that runs, clears a line that is being typed, and ends neither; Ctrl-D ends the session.
func TestTerminal(t *testing.T) {
	dir := t.TempDir()
	sitting := func(script func(typed func(string), s *screenOf)) {
		person, program := openPTY(t)
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), asSession+"="+dir)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_ = program.Close()
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		s := &screenOf{}
		go func() {
			buf := make([]byte, 4096)
			for {
				n, err := person.Read(buf)
				s.mu.Lock()
				s.b.Write(buf[:n])
				s.mu.Unlock()
				if err != nil {
					return
				}
			}
		}()
		defer func() {
			select {
			case err := <-ended:
				if err != nil {
					t.Errorf("the session fails: %v", err)
				}
			case <-time.After(20 * time.Second):
				_ = cmd.Process.Kill()
				t.Error("the session does not end")
			}
		}()
		script(func(keys string) {
			if _, err := person.WriteString(keys); err != nil {
				t.Fatal(err)
			}
		}, s)
	}
	sitting(func(typed func(string), s *screenOf) {
		s.await(t, "\x1b[?2004h") // pastes are to be marked
		typed("chat of\t\r")
		s.await(t, "chat off")
		s.await(t, "Prompts are read as they are")
		s.await(t, "neuron> ")
		typed("prompt The capital of France is\r")
		s.await(t, "Output:  Paris.")
		s.await(t, "neuron> ")
		typed("dis\t\" Paris\"\r")
		s.await(t, `discover " Paris"`)
		s.await(t, "working on it")
		typed("\x03")
		s.await(t, "(Interrupted; the session goes on.")
		s.await(t, "neuron> ")
		typed("quit now, really\x03") // cleared, not obeyed
		s.await(t, "Ctrl-C again")
		s.await(t, "neuron> ")
		typed("top 1\r")
		s.await(t, "Top-1 predictions")
		s.await(t, "neuron> ")
		typed("s\t")
		s.await(t, "save  sweep  stability")
		typed("\x15\x1b[A\x1b[A\x1b[A\r") // ↑ three times: top 1, discover, prompt
		s.await(t, "prompt The capital of France is")
		s.await(t, "Output:  Paris.")
		s.await(t, "neuron> ")
		typed("prompt \x1b[200~The capital\r\nof France\n\x1b[201~ is") // pasted: nothing runs before Enter
		s.await(t, "prompt The capital␊of France␊ is")
		typed("\r")
		s.await(t, "Output: ")
		s.await(t, "neuron> ")
		typed("prompt\r")
		s.await(t, "Current prompt: The capital\r\nof France\r\n is")
		s.await(t, "neuron> ")
		typed("\x04")
		s.await(t, "Bye!")
	})
	sitting(func(typed func(string), s *screenOf) {
		s.await(t, "neuron> ")
		typed("\x1b[A\x1b[A\x1b[A\r")
		s.await(t, "prompt The capital of France is")
		s.await(t, "Output: ")
		s.await(t, "neuron> ")
		typed("exit\r")
		s.await(t, "Bye!")
	})
}
