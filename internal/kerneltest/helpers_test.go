//go:build kernel

package kerneltest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/kerneltest"
	"github.com/neuronsteer/neuronsteer/internal/resident"
)

// show shows a result of the teaching model, ask computes another one that no test keeps from before.
const (
	show = "%%\nnb.Show(top)"
	ask  = "%%\nnb.Show(m.Predict(\"I liked it. It was\").Of(\" wonderful\"))"
)

// long is a task that takes longer than any fault of these tests.
const long = `var s = nb.Model("smollm2-135m-instruct")
var long = nb.Run(s.Generate("Once upon a time").MaxTokens(400).IgnoreEnd())`

// A done is a result that was finished before a fault.
type done struct {
	card     string
	computed float64 // what the store had counted by then
}

// finish starts a kernel and computes one result in it.
func finish(t *testing.T) (*kerneltest.Kernel, done) {
	t.Helper()
	k := kerneltest.Start(t)
	k.OK(t, imports)
	d := done{card: card(t, k.Run(t, show)), computed: stored(t, k)["computed"]}
	if d.computed != 1 {
		t.Fatalf("the store counted %v computations, so this test could not fail", d.computed)
	}
	return k, d
}

// kept checks that the finished result is shown as it was, from the store, and that nothing was computed since.
func (d *done) kept(t *testing.T, k *kerneltest.Kernel) {
	t.Helper()
	d.shown(t, k, "hits")
}

// again checks that the finished result is not answered by the store but computed as it was.
func (d *done) again(t *testing.T, k *kerneltest.Kernel) {
	t.Helper()
	d.computed++
	d.shown(t, k, "misses")
}

// shown shows the result and checks what the store has counted: one request, which was a hit or a miss.
func (d *done) shown(t *testing.T, k *kerneltest.Kernel, as string) {
	t.Helper()
	before := stored(t, k)
	if got := card(t, k.Run(t, show)); got != d.card {
		t.Errorf("the finished result shows\n%s\nwas\n%s", got, d.card)
	}
	after := stored(t, k)
	if after["hits"]+after["misses"] != before["hits"]+before["misses"]+1 || after[as] != before[as]+1 {
		t.Errorf("the store counted %v, then %v: want one more of %s", before, after, as)
	}
	if after["computed"] != d.computed {
		t.Errorf("the store counts %v computations, want %v", after["computed"], d.computed)
	}
}

// card returns the card of top in a cell that must have ended well.
func card(t *testing.T, c kerneltest.Cell) string {
	t.Helper()
	if c.Status != "ok" {
		t.Fatalf("the cell ended with %q: %s", c.Status, c.Text())
	}
	for _, o := range c.Outputs {
		if s, _ := o.Data["text/plain"].(string); strings.HasPrefix(s, "praise") {
			return s
		}
	}
	t.Fatalf("the cell shows no card of praise: %s", c.Text())
	return ""
}

// failed checks that a cell shows one error, with all the words, and no stack trace.
func failed(t *testing.T, c kerneltest.Cell, words ...string) {
	t.Helper()
	if c.Status != "error" {
		t.Errorf("the cell ends with %q, want an error: %s", c.Status, c.Text())
	}
	for _, w := range words {
		if !strings.Contains(c.Text(), w) {
			t.Errorf("the error does not say %q: %s", w, c.Text())
		}
	}
	cards := 0
	for _, o := range c.Outputs {
		if s, _ := o.Data["text/html"].(string); strings.Contains(s, "asked for in") {
			cards++
		}
	}
	if cards != 1 {
		t.Errorf("%d cards of errors, want 1: %s", cards, c.Text())
	}
	for _, trace := range []string{"goroutine ", "panic", "runtime error"} {
		if strings.Contains(c.Text(), trace) {
			t.Errorf("a stack trace: %s", c.Text())
		}
	}
}

// soon waits until something holds, as long as a fault may last.
func soon(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within 10 s: %s", what)
		}
	}
}

// server returns the one resident process of a kernel.
func server(t *testing.T, k *kerneltest.Kernel) kerneltest.Process {
	t.Helper()
	all := k.Servers()
	if len(all) != 1 {
		t.Fatalf("%d resident processes, want 1: %v", len(all), all)
	}
	return all[0]
}

// working waits until a resident process works on a request; cell is the one that asks for it.
func working(t *testing.T, k *kerneltest.Kernel, cell func() kerneltest.Cell) kerneltest.Process {
	t.Helper()
	var busy kerneltest.Process
	soon(t, "a request is under way", func() bool {
		for _, p := range k.Servers() {
			if running(t, p) > 0 { // a plan may be asked for beside it
				busy = p
			}
		}
		return busy.PID != 0
	})
	time.Sleep(time.Second) // past the beginning
	if running(t, busy) == 0 {
		t.Fatalf("the task has ended, so this test could not fail: %s", cell().Text())
	}
	return busy
}

// running returns how many requests a resident process works on, 0 when it does not serve yet.
func running(t *testing.T, p kerneltest.Process) int {
	t.Helper()
	_, folder, _ := strings.Cut(p.Command, "--session ")
	folder, _, _ = strings.Cut(folder, " ")
	st, _, err := resident.Session{Folder: folder}.Status(t.Context())
	if err != nil {
		t.Fatalf("no status of %v: %v", p, err)
	}
	return st.Running
}
