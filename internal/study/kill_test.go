//go:build cgo && unix

package study

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ofTeaching is a study of the teaching model.
const ofTeaching = `name: praise and number
model: teaching
seed: 1
behaviors:
  - name: sentiment
    examples:
      - {prompt: "I loved the film. It was", target: " wonderful", versus: " terrible"}
      - {prompt: "I loved the song. It was", target: " wonderful", versus: " terrible"}
      - {prompt: "I loved the play. It was", target: " wonderful", versus: " terrible"}
      - {prompt: "I loved the book. It was", target: " wonderful", versus: " terrible"}
    pairs:
      - {positive: "I loved the film. It was", negative: "I hated the film. It was"}
      - {positive: "I loved the song. It was", negative: "I hated the song. It was"}
  - name: number
    examples:
      - {prompt: "The keys near the cabinet", target: " are", versus: " is"}
      - {prompt: "The drivers by the queen", target: " are", versus: " is"}
methods:
  - {name: relp, kind: attribution}
  - {name: cna, kind: contrast}
  - {name: cv, kind: decomposition}
selections:
  - {name: top20, top_k: 20, positive: true}
tests:
  - {name: dose, kind: sweep, multipliers: [0, 0.5, 1, 2], controls: 20}
  - {name: text, kind: continuations, prompts: ["I loved the film. It was"], multipliers: [0, 2], max_tokens: 8}
`

// program builds the real program, once for each test that asks.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "neuronsteer")
	if out, err := exec.Command("go", "build", "-o", path, "../../cmd/neuronsteer").CombinedOutput(); err != nil {
		t.Fatalf("the program cannot be built: %v\n%s", err, out)
	}
	return path
}

// TestKilled: a study of the real program that is killed ten times at random ends with the bytes of one that is not.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs a study of the real program a dozen times")
	}
	bin, dir := program(t), t.TempDir()
	file := filepath.Join(dir, "study.yaml")
	if err := os.WriteFile(file, []byte(ofTeaching), 0o600); err != nil {
		t.Fatal(err)
	}
	start := func(out string) *exec.Cmd {
		cmd := exec.Command(bin, "run", file, "-out", out)
		cmd.Env = append(os.Environ(), "NEURONSTEER_STORE="+filepath.Join(dir, "unused"))
		var said strings.Builder
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	finish := func(out string) map[string]string {
		cmd := start(out)
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%v\n%s", err, cmd.Stdout)
		}
		return results(t, out)
	}
	began := time.Now()
	want := finish(filepath.Join(dir, "undisturbed"))
	whole := time.Since(began)
	if len(want) < 40 {
		t.Fatalf("an undisturbed run leaves %d files", len(want))
	}

	const seed = 11
	r := rand.New(rand.NewPCG(seed, 0))
	out, kills, runs := filepath.Join(dir, "killed"), 0, 0
	times := 10
	if testing.Short() {
		times = 2
	}
	for kills < times {
		runs++
		cmd := start(out)
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-time.After(time.Duration(r.Float64() * float64(whole) / 2)):
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			if err := <-ended; err != nil { // it had not just ended by itself
				kills++
			}
		case err := <-ended:
			if err != nil {
				t.Fatalf("run %d: %v\n%s", runs, err, cmd.Stdout)
			}
			same(t, results(t, out), want) // done before the tenth kill: once more from the beginning
			if err := os.RemoveAll(out); err != nil {
				t.Fatal(err)
			}
		}
	}
	same(t, finish(out), want)
	j, err := openJournal(filepath.Join(out, work, "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = j.f.Close() }()
	t.Logf("%d runs, %d killed within %v each (seed %d); the last folder's journal has %d lines; %d files are the same", runs, kills, whole/2, seed, len(j.past), len(want))
}
