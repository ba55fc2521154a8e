package resident

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// startTime is how long a program may take from its start to its hello, and how long a cell waits for another one that is
// starting it. It opens no model before.
const startTime = 9 * time.Second

// start starts the program, detached, and returns a connection to it. The start lock is held.
func (s Session) start(ctx context.Context, program, id string) (*Conn, error) {
	if _, err := s.prepare(); err != nil {
		return nil, engine.Errorf(engine.NoEngine, "resident", "the session cannot be prepared: %v", err)
	}
	out, err := regular.OpenOwn(s.Log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, engine.Errorf(engine.NoEngine, "resident", "no log can be written: %v", err)
	}
	defer out.Close()
	before, err := out.Stat()
	if err != nil {
		return nil, err
	}
	// The build is told so that a script in the program's place does not look like another build for ever.
	args := []string{"serve", "--session", s.Folder, "--kernel", strconv.Itoa(s.Kernel), "--build", id}
	if s.Idle > 0 {
		args = append(args, "--idle", s.Idle.String())
	}
	cmd := exec.Command(program, args...) //nolint:noctx // it outlives this request
	cmd.Env = environment(os.Environ())
	cmd.Dir = "/" // a notebook's folder must not be kept from being removed
	// Never the cell's own output: GoNB waits until everybody has closed that.
	cmd.Stdout, cmd.Stderr = out, out
	detach(cmd)
	if err := cmd.Start(); err != nil {
		return nil, engine.Errorf(engine.NoEngine, "resident", "%s cannot be started: %v", program, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }() // also takes it off the list of processes if it ends while we are here
	for deadline := time.Now().Add(startTime); ; {
		c, err := s.dial(ctx, id)
		if !errors.Is(err, errNobody) {
			return c, err
		}
		select {
		case <-ctx.Done(): // it will be of use to the next cell
			return nil, ctx.Err()
		case err := <-ended:
			return nil, engine.Errorf(engine.NoEngine, "resident", "%s ended at once (%s): %s", program, outcome(err), tail(s.Log(), before.Size()))
		case <-time.After(5 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return nil, engine.Errorf(engine.NoEngine, "resident", "%s did not answer within %v: %s", program, startTime, tail(s.Log(), before.Size()))
		}
	}
}

// environment is what the process inherits: everything but the pipes of the cell, which would keep it from ending, with
// folders made absolute, since the process is elsewhere.
func environment(env []string) []string {
	env = slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		return strings.HasPrefix(v, "GONB_PIPE=") || strings.HasPrefix(v, "GONB_PIPE_BACK=")
	})
	for i, v := range env {
		name, value, _ := strings.Cut(v, "=")
		switch name {
		case "NEURONSTEER_STORE", "NEURONSTEER_MODELS", "NEURONSTEER_BIN":
			if abs, err := filepath.Abs(value); err == nil && value != "" {
				env[i] = name + "=" + abs
			}
		}
	}
	return env
}

func outcome(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}

// tail returns the last lines that were written to the log after the given size, on one line. Of a program that its own
// runtime ended it is the reason alone: the rest is for who wrote it.
func tail(path string, from int64) string {
	f, err := regular.OpenOwn(path, os.O_RDONLY, 0)
	if err != nil {
		return fmt.Sprintf("its log cannot be read: %v", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(io.NewSectionReader(f, from, 1<<62), 64<<10))
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if err != nil || lines[0] == "" {
		return "it wrote nothing to " + path
	}
	for i, l := range lines {
		if crash.MatchString(l) {
			return strings.Join(append(lines[max(0, i-2):i:i], l), " | ") + "; more is in " + path
		}
	}
	return strings.Join(lines[max(0, len(lines)-5):], " | ")
}

// crash matches the line that Go's runtime begins its last words with.
var crash = regexp.MustCompile(`^(panic|fatal error|runtime|SIG[A-Z]+)\b.*: `)
