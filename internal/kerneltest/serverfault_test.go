//go:build kernel

package kerneltest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/build"
	"github.com/neuronsteer/neuronsteer/internal/kerneltest"
)

// kill sends SIGKILL to a process of the test and waits until it has gone.
func kill(t *testing.T, k *kerneltest.Kernel, p kerneltest.Process) {
	t.Helper()
	if err := syscall.Kill(p.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	k.Gone(t, 0, func(q kerneltest.Process) bool { return q.PID == p.PID })
}

// A resident process that was killed between two cells is started again by the next one that needs it, which says so.
func TestFaultServerKilledBetweenCells(t *testing.T) {
	k, d := finish(t)
	p := server(t, k)
	kill(t, k, p)
	d.kept(t, k)
	if left := k.Servers(); len(left) > 0 {
		t.Errorf("a process was started for a result that is there: %v", left)
	}
	if got := k.OK(t, ask); strings.Count(got, "ended unexpectedly") != 1 {
		t.Errorf("the next cell does not say once that the process had ended: %s", got)
	}
	server(t, k)
	if got := k.OK(t, `%%
nb.Show(m.Predict("I hated it. It was").Of(" terrible"))`); strings.Contains(got, "unexpectedly") {
		t.Errorf("it is said again: %s", got)
	}
}

// One that is killed under a task takes that task along and nothing else.
func TestFaultServerKilledDuringTask(t *testing.T) {
	k, d := finish(t)
	k.OK(t, long)
	end := k.Begin(t, "%%\nnb.Show(long)")
	p := working(t, k, end)
	start := time.Now()
	kill(t, k, p)
	failed(t, end(), "the engine's process ended while it worked", "run the cell again")
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the cell ended %v after its process", took)
	}
	d.kept(t, k)
	if got := k.OK(t, ask); !strings.Contains(got, "ended unexpectedly") {
		t.Errorf("the next cell does not say that the process had ended: %s", got)
	}
	server(t, k)
}

// Two processes of one session that need the resident process at the same moment get one.
func TestFaultTwoCellsAtOnce(t *testing.T) {
	k := kerneltest.Start(t)
	k.OK(t, imports)
	end := k.Begin(t, `%%
switch os.Getenv("CLIENT") { // of the cell's two children: a kernel runs one cell at a time
case "0":
	nb.Show(top)
	return
case "1":
	nb.Show(m.Predict("I liked it. It was").Of(" wonderful"))
	return
}
var env []string
for _, v := range os.Environ() {
	if !strings.HasPrefix(v, "GONB_PIPE") { // they write to the cell's output
		env = append(env, v)
	}
}
var both sync.WaitGroup
for _, n := range []string{"CLIENT=0", "CLIENT=1"} {
	both.Go(func() {
		c := exec.Command(os.Args[0])
		c.Env = append(slices.Clone(env), n)
		out, err := c.CombinedOutput()
		fmt.Printf("%s: %v\n%s\n", n, err, out)
	})
}
both.Wait()`)
	seen := map[int]bool{}
	ended := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			for _, p := range k.Servers() {
				seen[p.PID] = true
			}
			select {
			case <-ended:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	c := end()
	close(ended)
	<-watched
	for _, want := range []string{"CLIENT=0: <nil>", "CLIENT=1: <nil>", "praise", "I liked it"} {
		if !strings.Contains(c.Text(), want) {
			t.Errorf("the cell does not show %q: %s", want, c.Text())
		}
	}
	if len(seen) != 1 {
		t.Errorf("%d resident processes were started for two cells, want 1", len(seen))
	}
	if n := stored(t, k)["computed"]; n != 2 {
		t.Errorf("%v results were computed, want 2", n)
	}
	k.Gone(t, 0, kerneltest.Server) // to it, the cell was the kernel
	k.OK(t, "%%\nnb.Show(m.Predict(\"I hated it. It was\").Of(\" terrible\"))")
	server(t, k)
}

// A resident process of another build is replaced, and what it computed is not taken for a result of this build.
func TestFaultOlderBuild(t *testing.T) {
	k := kerneltest.Start(t)
	current := filepath.Join(kerneltest.Clone(t), "bin", "neuronsteer")
	older := otherBuild(t, current)
	k.OK(t, imports)
	k.OK(t, "%env NEURONSTEER_BIN "+older)
	first := card(t, k.Run(t, show))
	old := server(t, k)
	if !strings.HasPrefix(old.Command, older) {
		t.Fatalf("%v was started, want %s", old, older)
	}
	computed := stored(t, k)["computed"]
	k.OK(t, "%env NEURONSTEER_BIN "+current)
	c := k.Run(t, show)
	if got := card(t, c); got != first {
		t.Errorf("another result of the same code:\n%s\nwas\n%s", got, first)
	}
	if !strings.Contains(c.Text(), "was of another build and has been replaced") {
		t.Errorf("the cell does not say that the process was replaced: %s", c.Text())
	}
	if got := stored(t, k)["computed"]; got != 2*computed {
		t.Errorf("the store counts %v computations, want %v: the older build's result was believed", got, 2*computed)
	}
	k.Gone(t, 0, func(p kerneltest.Process) bool { return p.PID == old.PID })
	if now := server(t, k); !strings.HasPrefix(now.Command, current) {
		t.Errorf("%v serves, want %s", now, current)
	}
	k.OK(t, ask)
}

// otherBuild copies a program and gives the copy another build ID, as if it had been built from other sources.
func otherBuild(t *testing.T, program string) string {
	t.Helper()
	id, err := build.ID(program)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	other := "older" + id[5:]
	changed := bytes.ReplaceAll(b, []byte(id), []byte(other))
	path := filepath.Join(t.TempDir(), "neuronsteer")
	if err := os.WriteFile(path, changed, 0o700); err != nil {
		t.Fatal(err)
	}
	if got, err := build.ID(path); err != nil || got != other {
		t.Fatalf("the copy's build is %q, %v", got, err)
	}
	return path
}
