package kerneltest

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
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

// Kill sends the kernel SIGKILL. GoNB alone then leaves the gopls behind that it has started, which listens on a socket and has a
// child: these are ended here, for what is tested is that nothing of ours is left.
func (k *Kernel) Kill(t testing.TB) {
	t.Helper()
	k.await(t, k.ask(t, "kill", ""))
	all := k.Processes()
	if !slices.ContainsFunc(all, func(p Process) bool { return strings.Contains(p.Command, "gopls -listen unix;") }) {
		return
	}
	for _, p := range all {
		if strings.Contains(p.Command, "/gopls ") {
			if gopls, err := os.FindProcess(p.PID); err == nil {
				_ = gopls.Kill() // it may have ended by itself
			}
		}
	}
}

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

// Server tells the resident process from others.
func Server(p Process) bool { return strings.Contains(p.Command, "neuronsteer serve") }

// Servers returns the resident processes of the kernel.
func (k *Kernel) Servers() []Process {
	return slices.DeleteFunc(k.Processes(), func(p Process) bool { return !Server(p) })
}

// WaitForServer waits until the kernel has a resident process that has loaded a model and works: it is there and has used
// some processor time.
func (k *Kernel) WaitForServer(t testing.TB) Process {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		for _, p := range k.Servers() {
			if processorTime(p.PID) > 2*time.Second {
				return p
			}
		}
	}
	t.Fatal("no resident process started to work")
	return Process{}
}

// processorTime returns what a process has used, in user and system mode.
func processorTime(pid int) time.Duration {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+2:]))
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond // in ticks of 10 ms
}

// Gone waits until no process of the kernel is left for which every filter holds, at most the given time (10 s at least),
// and fails the test otherwise.
func (k *Kernel) Gone(t testing.TB, within time.Duration, filters ...func(Process) bool) {
	t.Helper()
	within = max(within, 10*time.Second)
	for end := time.Now().Add(within); ; time.Sleep(50 * time.Millisecond) {
		left := slices.DeleteFunc(k.Processes(), func(p Process) bool {
			return slices.ContainsFunc(filters, func(f func(Process) bool) bool { return !f(p) })
		})
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
	done := make(chan struct{})
	go func() {
		_ = k.driver.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		_ = k.driver.Process.Signal(syscall.SIGKILL)
		t.Error("the kernel's driver did not end")
	}
	k.Gone(t, 10*time.Second)
}
