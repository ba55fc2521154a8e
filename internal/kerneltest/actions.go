package kerneltest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Run executes a cell and waits for its end.
func (k *Kernel) Run(t testing.TB, code string) Cell {
	t.Helper()
	return k.Begin(t, code)()
}

// Begin executes a cell; the function that it returns waits for its end.
func (k *Kernel) Begin(t testing.TB, code string) func() Cell {
	t.Helper()
	id := k.ask(t, "execute", code)
	return func() Cell {
		t.Helper()
		r := k.await(t, id)
		return Cell{r.Status, r.Outputs, time.Duration(r.Seconds * float64(time.Second))}
	}
}

// OK executes a cell that must succeed and returns everything that it showed as text.
func (k *Kernel) OK(t testing.TB, code string) string {
	t.Helper()
	c := k.Run(t, code)
	if c.Status != "ok" {
		t.Fatalf("cell ended with %q:\n%s\n%s", c.Status, code, c.Text())
	}
	return c.Text()
}

// Interrupt interrupts the running cell, as JupyterLab's stop button does.
func (k *Kernel) Interrupt(t testing.TB) { t.Helper(); k.await(t, k.ask(t, "interrupt", "")) }

// Restart restarts the kernel, as JupyterLab's button does.
func (k *Kernel) Restart(t testing.TB) {
	t.Helper()
	k.pid = k.await(t, k.ask(t, "restart", "")).PID
}

// Kill sends the kernel SIGKILL.
func (k *Kernel) Kill(t testing.TB) { t.Helper(); k.await(t, k.ask(t, "kill", "")) }

// Shutdown shuts the kernel down, as closing a notebook does.
func (k *Kernel) Shutdown(t testing.TB) { t.Helper(); k.await(t, k.ask(t, "shutdown", "")) }

// PID returns the kernel's process.
func (k *Kernel) PID() int { return k.pid }

// Text joins the texts of streams, the text/plain of displays and the errors.
func (c Cell) Text() string {
	var b strings.Builder
	for _, o := range c.Outputs {
		b.WriteString(o.Text)
		if s, ok := o.Data["text/plain"].(string); ok {
			b.WriteString(s + "\n")
		}
		b.WriteString(o.EName + o.EValue + strings.Join(o.Traceback, "\n"))
	}
	return b.String()
}

// A Process is one that belongs to a test.
type Process struct {
	PID     int
	Command string
}

// Processes returns every process with the kernel's mark but the driver itself and zombies.
func (k *Kernel) Processes() []Process {
	var out []Process
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		pid, _ := strconv.Atoi(filepath.Base(d))
		env, err := os.ReadFile(filepath.Join(d, "environ"))
		if err != nil || pid == k.driver.Process.Pid || !strings.Contains("\x00"+string(env)+"\x00", "\x00NEURONSTEER_TEST_MARK="+k.Mark+"\x00") {
			continue
		}
		cmd, _ := os.ReadFile(filepath.Join(d, "cmdline"))
		if len(cmd) > 0 {
			out = append(out, Process{pid, strings.ReplaceAll(string(cmd), "\x00", " ")})
		}
	}
	return out
}

// Servers returns the resident processes of the kernel.
func (k *Kernel) Servers() []Process {
	var out []Process
	for _, p := range k.Processes() {
		if strings.Contains(p.Command, "neuronsteer serve") {
			out = append(out, p)
		}
	}
	return out
}

// Gone waits until none of the kernel's processes is left, at most the given time, and fails the test otherwise.
func (k *Kernel) Gone(t testing.TB, within time.Duration) {
	t.Helper()
	for end := time.Now().Add(within); ; time.Sleep(50 * time.Millisecond) {
		left := k.Processes()
		if len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Errorf("%v after the end these processes are left: %v", within, left)
			return
		}
	}
}

// end shuts everything down and checks that nothing stays.
func (k *Kernel) end(t testing.TB) {
	_, _ = k.in.Write([]byte(`{"id": -1, "op": "shutdown"}` + "\n"))
	_ = k.in.Close()
	done := make(chan error, 1)
	go func() { done <- k.driver.Wait() }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		_ = k.driver.Process.Signal(syscall.SIGKILL)
		t.Error("the kernel's driver did not end")
	}
	k.Gone(t, 10*time.Second)
}
