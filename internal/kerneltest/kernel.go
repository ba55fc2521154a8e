package kerneltest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long anything that a kernel is asked for may take before the test gives up on it.
const patience = 3 * time.Minute

// A Kernel is a real GoNB kernel with a result store, a session and a folder of its own.
type Kernel struct {
	Mark  string // value of NEURONSTEER_TEST_MARK in the environment of every process that belongs to it
	Store string // its result store
	Dir   string // where its notebook would be
	Log   string // file with its output

	driver *exec.Cmd
	in     io.WriteCloser
	mu     sync.Mutex
	next   int
	wait   map[int]chan reply
	pid    int
}

type reply struct {
	ID      int             `json:"id"`
	Status  string          `json:"status"`
	Error   string          `json:"error"`
	PID     int             `json:"pid"`
	Outputs []Output        `json:"outputs"`
	Seconds float64         `json:"seconds"`
	Content json.RawMessage `json:"content"`
}

// An Output is one message that a cell sent.
type Output struct {
	Type      string         `json:"type"` // "stream", "display_data", "update_display_data", "error"
	Name      string         `json:"name"` // of a stream: "stdout" or "stderr"
	Text      string         `json:"text"`
	Data      map[string]any `json:"data"` // of a display, by MIME type
	EName     string         `json:"ename"`
	EValue    string         `json:"evalue"`
	Traceback []string       `json:"traceback"`
}

// A Cell is what executing one cell gave.
type Cell struct {
	Status  string // "ok", "error", "dead"
	Outputs []Output
	Took    time.Duration
}

// Clone returns the root of the clone that the test runs in.
func Clone(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = filepath.Dir(dir)
	}
}

// Start starts a kernel of GoNB alone; env adds to its environment ("NAME=value"). The test's end shuts it down and fails
// if a process of it is left.
func Start(t testing.TB, env ...string) *Kernel {
	t.Helper()
	return start(t, "gonb-ci", env)
}

// StartOwn starts the kernel "Go (neuronsteer)" of the clone, registered for this test alone.
func StartOwn(t testing.TB, env ...string) *Kernel {
	t.Helper()
	data := t.TempDir()
	program := filepath.Join(Clone(t), "bin", "neuronsteer")
	install := exec.CommandContext(t.Context(), program, "kernel", "install", "-no-compile")
	install.Env = append(os.Environ(), "JUPYTER_DATA_DIR="+data)
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%s kernel install: %v\n%s", program, err, out)
	}
	return start(t, "neuronsteer", append([]string{"JUPYTER_PATH=" + data}, env...))
}

func start(t testing.TB, name string, env []string) *Kernel {
	t.Helper()
	root := Clone(t)
	python := filepath.Join(root, ".local", "venv", "bin", "python")
	if _, err := os.Stat(python); err != nil {
		t.Fatalf("no %s: run `make setup build` first", python)
	}
	k := &Kernel{Mark: fmt.Sprintf("%s-%d", strings.ReplaceAll(t.Name(), "/", "-"), time.Now().UnixNano()),
		Store: t.TempDir(), Dir: t.TempDir(), Log: filepath.Join(t.TempDir(), "kernel.log"), wait: map[int]chan reply{0: make(chan reply, 1)}}
	//nolint:noctx // end shuts it down, which a context would kill
	k.driver = exec.Command(python, filepath.Join(root, "internal", "kerneltest", "driver.py"), name, k.Dir)
	k.driver.Env = append(os.Environ(), append([]string{"NEURONSTEER_TEST_MARK=" + k.Mark, "NEURONSTEER_STORE=" + k.Store, "KERNEL_LOG=" + k.Log}, env...)...)
	k.driver.Stderr = os.Stderr
	var err error
	if k.in, err = k.driver.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := k.driver.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := k.driver.Start(); err != nil {
		t.Fatal(err)
	}
	go k.read(out)
	t.Cleanup(func() { k.end(t) })
	k.pid = k.await(t, 0).PID
	return k
}

// read hands each line of the driver to whoever waits for it.
func (k *Kernel) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var r reply
		if json.Unmarshal(lines.Bytes(), &r) != nil {
			continue
		}
		k.mu.Lock()
		c := k.wait[r.ID]
		k.mu.Unlock()
		if c != nil {
			c <- r
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range k.wait {
		close(c)
	}
	k.wait = nil
}

func (k *Kernel) ask(t testing.TB, op, code string) int {
	t.Helper()
	return k.send(t, map[string]any{"op": op, "code": code})
}

func (k *Kernel) send(t testing.TB, message map[string]any) int {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.wait == nil {
		t.Fatal("the kernel's driver has ended")
	}
	k.next++
	k.wait[k.next] = make(chan reply, 1)
	message["id"] = k.next
	b, err := json.Marshal(message)
	if err == nil {
		_, err = k.in.Write(append(b, '\n'))
	}
	if err != nil {
		t.Fatal(err)
	}
	return k.next
}

func (k *Kernel) await(t testing.TB, id int) reply {
	t.Helper()
	k.mu.Lock()
	c := k.wait[id]
	k.mu.Unlock()
	select {
	case r, ok := <-c:
		if !ok {
			t.Fatal("the kernel's driver has ended")
		}
		if r.Status == "failed" {
			log, _ := os.ReadFile(k.Log)
			t.Fatalf("%s\n%s", r.Error, log[max(0, len(log)-2000):])
		}
		return r
	case <-time.After(patience):
		t.Fatal("no answer from the kernel: it hangs")
	}
	return reply{}
}
