package kernelproxy

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// A gonb is the process that runs the cells.
type gonb struct {
	*jupyter.Sockets
	log string // file with its output

	cmd   *exec.Cmd
	ended chan struct{}

	mu     sync.Mutex
	folder string // GONB_TMP_DIR, once it is known
}

// leaveTime is how long GoNB may take to end after it was told to, before it is killed.
const leaveTime = 6 * time.Second

// startGonb starts GoNB with sockets in the folder private and connects to it. name is that of Jupyter's connection file:
// GoNB takes the kernel's ID from it.
func startGonb(ctx context.Context, program, private, name, key string, env []string) (*gonb, error) {
	c := jupyter.Within(private, key)
	path := filepath.Join(private, name)
	if err := c.Write(path); err != nil {
		return nil, err
	}
	g := &gonb{log: filepath.Join(private, "gonb.log"), ended: make(chan struct{})}
	out, err := regular.OpenOwn(g.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	//nolint:noctx // stop ends it in order, which a context would kill
	g.cmd = exec.Command(program, "--kernel", path, "-raw_error=true")
	g.cmd.Env, g.cmd.Stdout, g.cmd.Stderr = env, out, out
	attach(g.cmd)
	if err := startForGood(g.cmd, func() {
		_ = g.cmd.Wait()
		_ = out.Close()
		killGroup(g.cmd.Process.Pid) // of a cell that was running
		close(g.ended)
	}); err != nil {
		_ = out.Close()
		return nil, err
	}
	dialing, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-g.ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	g.Sockets, err = c.Dial(dialing)
	if err != nil {
		g.stop()
		return nil, fmt.Errorf("gonb does not listen (%w); it says: %s", err, g.tail())
	}
	return g, nil
}

// startForGood starts a process that ends with this one, and then calls wait.
func startForGood(cmd *exec.Cmd, wait func()) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the signal at the parent's death is that of the thread, which must live as long
		err := cmd.Start()
		started <- err
		if err == nil {
			wait()
		}
	}()
	return <-started
}

// stop tells GoNB to end, waits for it, and removes what it leaves.
func (g *gonb) stop() {
	_ = g.cmd.Process.Signal(syscall.SIGTERM)
	g.leave()
}

// leave waits until GoNB, which has been told to end, has ended.
func (g *gonb) leave() {
	select {
	case <-g.ended:
	case <-time.After(leaveTime):
		_ = g.cmd.Process.Kill()
		<-g.ended
	}
	g.clean()
}

// clean removes GoNB's folder, which it removes itself unless it was killed.
func (g *gonb) clean() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if strings.HasPrefix(filepath.Base(g.folder), "gonb_") {
		_ = os.RemoveAll(g.folder)
	}
}

func (g *gonb) dir() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.folder
}

// tail returns the last lines of GoNB's output.
func (g *gonb) tail() string {
	b, err := regular.ReadFile(g.log, 16<<20)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}
