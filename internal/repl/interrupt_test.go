package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

type ctrlC struct{}

func (ctrlC) String() string { return "interrupt" }
func (ctrlC) Signal()        {}

// lines is what a person types, a line whenever one is sent.
type lines chan string

func (l lines) ReadLine() (string, error) {
	s, ok := <-l
	if !ok {
		return "", io.EOF
	}
	return s, nil
}

// interruptible begins a session whose attributions never end by themselves, and not when they are canceled either where
// deaf; running is sent to when one begins.
func interruptible(t *testing.T, deaf bool) (in lines, interrupts chan os.Signal, running chan struct{}, out *strings.Builder, ended chan error) {
	t.Helper()
	fake, over := steertest.NewModel(), make(chan struct{})
	t.Cleanup(func() { close(over) })
	in, interrupts, running, out, ended = make(lines, 10), make(chan os.Signal), make(chan struct{}, 1), new(strings.Builder), make(chan error, 1)
	m := steer.New("fake", steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		if r.Kind == "attribute" {
			running <- struct{}{}
			if !deaf {
				<-ctx.Done()
				return steer.Record{}, ctx.Err()
			}
			<-over
		}
		return fake.Runner().Run(ctx, r, emit)
	}))
	s := New(Options{Model: m, Circuits: t.TempDir(), Lines: in, Out: out, Interrupt: interrupts})
	go func() { ended <- s.Run(t.Context()) }()
	in <- "prompt The capital of France is"
	return in, interrupts, running, out, ended
}

// TestInterrupt: it stops the command that runs and nothing else.
func TestInterrupt(t *testing.T) {
	in, interrupts, running, out, ended := interruptible(t, false)
	in <- "discover"
	<-running
	interrupts <- ctrlC{}
	in <- "info"
	in <- "top 1"
	close(in)
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the interrupted command goes on")
	}
	wants(t, out.String(), "(Interrupted; the session goes on.", "Circuit:    0 neurons", "Top-1 predictions", "Bye!")
}

// TestTwoInterrupts: a second interrupt ends the session at once, whatever the command that runs makes of the first. While
// nothing runs the first says what the second will do.
func TestTwoInterrupts(t *testing.T) {
	in, interrupts, running, _, ended := interruptible(t, true)
	in <- "discover"
	<-running
	interrupts <- ctrlC{}
	send(t, interrupts)
	if err := over(t, ended); !errors.Is(err, context.Canceled) {
		t.Errorf("while a command runs: %v", err)
	}

	typed := asking{make(lines), make(chan struct{})}
	interrupts, ended = make(chan os.Signal), make(chan error, 1)
	var out strings.Builder
	go func() {
		ended <- New(Options{Model: steertest.NewModel(), Lines: typed, Out: &out, Interrupt: interrupts}).Run(t.Context())
	}()
	<-typed.asked
	interrupts <- ctrlC{}
	typed.lines <- "info" // a line in between, and the count begins anew
	<-typed.asked
	interrupts <- ctrlC{}
	send(t, interrupts)
	if err := over(t, ended); !errors.Is(err, context.Canceled) {
		t.Errorf("while nothing runs: %v", err)
	}
	wants(t, out.String(), "Ctrl-C again", "Prompt:", "Ctrl-C again")
	close(typed.lines)
}

// over waits for the end of a session.
func over(t *testing.T, ended <-chan error) error {
	t.Helper()
	select {
	case err := <-ended:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("the session goes on")
		return nil
	}
}

// send interrupts a session that may not listen any more.
func send(t *testing.T, interrupts chan<- os.Signal) {
	t.Helper()
	select {
	case interrupts <- ctrlC{}:
	case <-time.After(10 * time.Second):
		t.Fatal("the session does not hear an interrupt")
	}
}

// asking are lines that tell when one is asked for.
type asking struct {
	lines
	asked chan struct{}
}

func (a asking) ReadLine() (string, error) {
	a.asked <- struct{}{}
	return a.lines.ReadLine()
}

// TestEndedFromOutside: a session whose context ends, ends, even while it waits for a line.
func TestEndedFromOutside(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in := make(lines)
	defer close(in)
	ended := make(chan error, 1)
	go func() {
		ended <- New(Options{Model: steertest.NewModel(), Circuits: t.TempDir(), Lines: in, Out: io.Discard}).Run(ctx)
	}()
	in <- "info"
	cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the session ends with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the session does not end")
	}
}
