//go:build kernel

package kerneltest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/kerneltest"
)

// imports is the first cell of every test notebook.
const imports = `%noautoget
import (
	"fmt"
	nb "github.com/neuronsteer/neuronsteer/gonbext"
	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)
var m = nb.Model("teaching")
const text = "I loved the film. It was"
var praise = nb.Run(m.Attribute(text).Target(" wonderful").Versus(" terrible"))
var top = praise.TopK(20).Named("praise")
var _ = fmt.Sprint
var _ steer.Circuit
var _ = plotting.ByLayer
`

// A var whose task is wrong is declared without harm: cells that do not use it run, and one that does shows its card.
func TestWrongTaskPoisonsNothing(t *testing.T) {
	k := kerneltest.Start(t)
	k.OK(t, imports)
	k.OK(t, `var wrong = nb.Run(m.Attribute(text))`) // no target
	if got := k.OK(t, "%%\nnb.Show(\"unrelated\")"); !strings.Contains(got, "unrelated") {
		t.Errorf("the unrelated cell shows %q", got)
	}
	c := k.Run(t, "%%\nnb.Show(wrong)")
	if c.Status != "error" || !strings.Contains(c.Text(), "no target") {
		t.Errorf("the cell that uses it ends with %q and shows %q, want an error that names the missing target", c.Status, c.Text())
	}
	if strings.Contains(c.Text(), "goroutine") {
		t.Errorf("a user's mistake shows a stack trace:\n%s", c.Text())
	}
	if got := k.OK(t, "%%\nnb.Show(top)"); !strings.Contains(got, "praise") {
		t.Errorf("a good result after it shows %q", got)
	}
}

// A var that was stopped halfway is computed by the next cell that uses it; unrelated cells do not notice.
func TestStoppedTaskPoisonsNothing(t *testing.T) {
	k := kerneltest.Start(t)
	k.OK(t, imports)
	k.OK(t, `var s = nb.Model("smollm2-135m-instruct")
var long = nb.Run(s.Generate("Once upon a time").MaxTokens(400).IgnoreEnd())`)
	end := k.Begin(t, "%%\nnb.Show(long)")
	k.WaitForServer(t)
	k.Interrupt(t)
	if c := end(); c.Status == "ok" {
		t.Fatalf("the interrupted cell ended well: %s", c.Text())
	}
	if got := k.OK(t, "%%\nnb.Show(\"unrelated\")"); !strings.Contains(got, "unrelated") {
		t.Errorf("the unrelated cell shows %q", got)
	}
	if got := k.OK(t, "%%\nnb.Show(top)"); !strings.Contains(got, "praise") {
		t.Errorf("another result after it shows %q", got)
	}
}

// After a restart of the kernel the same cells give the same figures from the store: nothing is computed and no process
// is started.
func TestRestartComputesNothing(t *testing.T) {
	k := kerneltest.Start(t)
	show := "%%\nnb.Show(plotting.ByLayer(praise), plotting.HeatMap(praise), top)"
	k.OK(t, imports)
	before := k.Run(t, show)
	if before.Status != "ok" {
		t.Fatal(before.Text())
	}
	computed := stored(t, k)["computed"]
	if computed == 0 {
		t.Fatal("the store counted no computation: this test could not fail")
	}
	k.Restart(t)
	k.Gone(t, 0, kerneltest.Server)
	k.OK(t, imports)
	after := k.Run(t, show)
	if after.Status != "ok" {
		t.Fatal(after.Text())
	}
	if a, b := images(before), images(after); len(a) != 2 || a[0] != b[0] || a[1] != b[1] {
		t.Errorf("%d figures before, %d after the restart, or they differ", len(a), len(b))
	}
	if got := stored(t, k)["computed"]; got != computed {
		t.Errorf("the store counts %v computations after the restart, %v before", got, computed)
	}
	if s := k.Servers(); len(s) > 0 {
		t.Errorf("a process was started: %v", s)
	}
}

// images returns the PNGs of a cell, in order.
func images(c kerneltest.Cell) []string {
	var out []string
	for _, o := range c.Outputs {
		if s, ok := o.Data["image/png"].(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// stored reads the counters of the kernel's result store.
func stored(t *testing.T, k *kerneltest.Kernel) map[string]float64 {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(k.Store, "stats.json"))
	if err != nil {
		t.Fatal(err)
	}
	var n map[string]float64
	if err := json.Unmarshal(b, &n); err != nil {
		t.Fatal(err)
	}
	return n
}
