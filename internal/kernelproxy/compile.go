package kernelproxy

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A builder compiles what every cell is made of, as a cell is compiled, into Go's cache, in a module of its own.
type builder struct {
	gocmd   string
	modules modules
	env     []string
	dir     string                    // a folder that it makes
	began   func(about time.Duration) // told when something must be compiled, and about how long that takes
	count   *atomic.Int64             // how many packages were compiled
	unpacks func()                    // told when something is brought from the seed of a release
}

// warmUp is a package that imports what every cell does, and that is never linked.
const warmUp = "package warm\n\n" + imports + "\n\nvar (\n\t_ = nb.Show\n\t_ = plotting.ByLayer\n\t_ steer.Circuit\n)\n"

// compile compiles what Go's cache lacks. found is the folder of a module whose go.mod Go has completed, "" where none was to be.
func (b *builder) compile(ctx context.Context) (found string, err error) {
	if err := os.Mkdir(b.dir, 0o700); err != nil {
		return "", err
	}
	for name, text := range map[string]string{"go.mod": "module warm\n", "warm.go": warmUp} {
		if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	if err := b.modules.write(b.dir); err != nil {
		return "", err
	}
	b.seeded(ctx)
	args := []string{"build", "-v"} // it names each package that it compiles
	online := b.modules.clone == "" && b.modules.proxy == ""
	if online {
		args = append(args, "-mod=mod")
	}
	said, err := b.watch(ctx, append(args, "."))
	switch {
	case err == nil && online:
		return b.dir, nil
	case err == nil:
		return "", nil
	}
	e := engine.Errorf(steer.NoEngine, "kernel", "nb, plotting and steer cannot be compiled: %s", firstLines(said, 5))
	if online {
		return "", e.Try("set %s to the module proxy of the release, or work in a clone of %s", ProxyEnv, module)
	}
	return "", e.Try("mend that, then restart the kernel")
}

// watch runs Go, counts the packages that it compiles and returns what else it says.
func (b *builder) watch(ctx context.Context, args []string) (said string, err error) {
	cmd := exec.CommandContext(ctx, b.gocmd, args...)
	cmd.Dir, cmd.Env = b.dir, b.env
	out, err := cmd.StderrPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return err.Error(), err
	}
	var other strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := lines.Text()
		if line == "warm" { // which costs nothing
			continue
		}
		if line == "" || strings.ContainsAny(line, " \t:") || strings.HasPrefix(line, "#") {
			other.WriteString(line + "\n")
			continue
		}
		if b.count.Add(1) == 1 && b.began != nil {
			b.began(estimate(line))
		}
	}
	err = cmd.Wait()
	if err != nil && other.Len() == 0 {
		return err.Error(), err
	}
	return other.String(), err
}

// estimate says about how long compiling takes, given the first package of it. Where that is one of Go's own nothing has been
// compiled yet, which is spread over the processors; otherwise it is mostly the packages of this module, each after the other.
func estimate(first string) time.Duration {
	const everything, own = 45 * time.Second, 12 * time.Second // of one processor's time
	if root, _, _ := strings.Cut(first, "/"); strings.Contains(root, ".") {
		return own
	}
	return max(own, everything/time.Duration(min(runtime.NumCPU(), 4)))
}

func firstLines(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[:min(n, len(lines))], "\n")
}

// Filled is what Fill did.
type Filled struct {
	Packages int    // how many were compiled
	Unpacked bool   // whether something was brought from the release
	Folder   string // Go's cache, "" where it is the user's
}

// Fill compiles what a first cell waits for, where that has not been done. began is told when something must be compiled, and
// about how long that takes.
func Fill(ctx context.Context, began func(about time.Duration)) (Filled, error) {
	t, err := lookForTools()
	if err != nil {
		return Filled{}, err
	}
	if err := missing("Go", t.gocmd); err != nil {
		return Filled{}, err
	}
	m, err := findModules(ctx, t)
	if err != nil {
		return Filled{}, err
	}
	private, err := os.MkdirTemp("", "nsk")
	if err != nil {
		return Filled{}, err
	}
	defer os.RemoveAll(private)
	f := Filled{Folder: cacheFolder()}
	var count atomic.Int64
	b := builder{gocmd: t.gocmd, modules: m, env: t.environment(os.Environ(), private, f.Folder, m), dir: filepath.Join(private, "warm"), began: began, count: &count}
	b.unpacks = func() { f.Unpacked = true }
	_, err = b.compile(ctx)
	f.Packages = int(count.Load())
	if err != nil {
		return f, fmt.Errorf("compiling once what cells are made of: %w", err)
	}
	return f, nil
}
