package resident

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/build"
)

// askTime is how long a program may take to say its version.
const askTime = 8 * time.Second

// answer is the line of "neuronsteer version".
var answer = regexp.MustCompile(`^neuronsteer .*, build (\S+)\s*$`)

// asked remembers what programs have said, by path, size and time, for as long as this process runs: a script stays the
// same when the program behind it is built anew.
var asked sync.Map

// Build returns what identifies the build of the engine's program at path. It is read from the file where it is there;
// a script that starts the program is asked.
func Build(ctx context.Context, path string) (string, error) {
	id, err := build.ID(path)
	if !errors.Is(err, build.ErrNone) {
		return id, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	key := fmt.Sprint(path, "\x00", info.Size(), "\x00", info.ModTime().UnixNano())
	if id, ok := asked.Load(key); ok {
		return id.(string), nil
	}
	if id, err = ask(ctx, path); err != nil {
		return "", err
	}
	asked.Store(key, id)
	return id, nil
}

// ask starts "path version" and returns the build that it names, or what identifies the file where it names none.
func ask(ctx context.Context, path string) (string, error) {
	soon, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	cmd := exec.CommandContext(soon, path, "version")
	cmd.Env = environment(os.Environ())
	cmd.WaitDelay = 100 * time.Millisecond // what it started may hold its output open
	out, err := cmd.Output()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case soon.Err() != nil:
		return "", fmt.Errorf("%s version: no answer within %v", path, askTime)
	}
	if m := answer.FindSubmatch(out); err == nil && m != nil {
		return string(m[1]), nil
	}
	return build.Hash(path)
}
