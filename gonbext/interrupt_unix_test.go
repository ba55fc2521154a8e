//go:build unix

package gonbext

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestInterrupt(t *testing.T) {
	for name, lets := range map[string]bool{"interrupt": true, "interrupt a deaf runner": false} {
		t.Run(name, func(t *testing.T) {
			c := cellCommand(t, name)
			out, err := c.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			stop := time.AfterFunc(20*time.Second, func() { c.Process.Kill() })
			defer stop.Stop()
			r := bufio.NewReader(out)
			if line, err := r.ReadString('\n'); line != "running\n" {
				t.Fatalf("first line %q, %v", line, err)
			}
			began := time.Now()
			if err := c.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			rest, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			err = c.Wait()
			if took := time.Since(began); took > 4*time.Second { // the kernel kills after five
				t.Errorf("took %v", took)
			}
			if e := (*exec.ExitError)(nil); !errors.As(err, &e) || e.ExitCode() != 130 {
				t.Errorf("ended with %v, want exit status 130", err)
			}
			want := "interrupted\n"
			if lets {
				want = "let go\ninterrupted\n"
			}
			if got := string(rest); got != want || strings.Contains(got, "goroutine") {
				t.Errorf("said %q, want %q", got, want)
			}
		})
	}
}
