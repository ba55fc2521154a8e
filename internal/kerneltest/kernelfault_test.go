//go:build kernel

package kerneltest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/kerneltest"
)

// A restart of the kernel under a running task ends cell and resident process, and what was finished is still there.
func TestFaultKernelRestart(t *testing.T) {
	k, d := finish(t)
	k.OK(t, long)
	working(t, k, k.Begin(t, "%%\nnb.Show(long)"))
	before := processes(k)
	k.Restart(t)
	k.Gone(t, 0, before)
	k.OK(t, imports)
	d.kept(t, k)
	k.OK(t, ask)
	server(t, k)
}

// The kernel's SIGKILL leaves nobody a chance to say goodbye.
func TestFaultKernelKilled(t *testing.T) {
	k, d := finish(t)
	k.OK(t, long)
	end := k.Begin(t, "%%\nnb.Show(long)")
	working(t, k, end)
	before := processes(k)
	k.Kill(t)
	if c := end(); c.Status != "dead" {
		t.Errorf("the cell of a killed kernel ends with %q", c.Status)
	}
	k.Gone(t, 0, before)
	k.Restart(t)
	k.OK(t, imports)
	d.kept(t, k)
	k.OK(t, ask)
	server(t, k)
}

// An interrupt ends the cell at once and its request soon after; the process stays and nothing half-done is kept.
func TestFaultInterruptedAttribution(t *testing.T) {
	k, d := finish(t)
	k.OK(t, "var s = nb.Model(\"smollm2-135m-instruct\")\n%%\nnb.Show(s.Predict(text))") // it is loaded now
	d.computed++
	k.OK(t, fmt.Sprintf(`var heavy = nb.Run(s.Attribute(%q).Target(" The"))`, strings.Repeat("The capital of France is Paris. ", 150)))
	end := k.Begin(t, "%%\nnb.Show(heavy.TopK(5))")
	p := working(t, k, end)
	start := time.Now()
	k.Interrupt(t)
	c := end()
	if took := time.Since(start); took > 4*time.Second { // the kernel kills after five
		t.Errorf("the cell ended %v after the interrupt", took)
	}
	if c.Status == "ok" || !strings.Contains(c.Text(), "interrupted") || strings.Contains(c.Text(), "goroutine") {
		t.Errorf("the interrupted cell ends with %q and shows %q", c.Status, c.Text())
	}
	soon(t, "the request has ended", func() bool { return running(t, p) == 0 })
	d.kept(t, k) // the other one was neither finished nor counted
	k.OK(t, ask)
	if now := server(t, k); now.PID != p.PID {
		t.Errorf("the interrupt has cost the process: %v, was %v", now, p)
	}
}

// processes holds for the cell and the resident process that there are now, not for those of the next kernel.
func processes(k *kerneltest.Kernel) func(kerneltest.Process) bool {
	old := map[int]bool{}
	for _, p := range k.Processes() {
		old[p.PID] = true
	}
	return func(p kerneltest.Process) bool { return old[p.PID] }
}
