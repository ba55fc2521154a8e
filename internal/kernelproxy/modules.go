package kernelproxy

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/build"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// module is this module, packages are what every cell can use.
const module = "github.com/neuronsteer/neuronsteer"

var packages = []string{module + "/gonbext", module + "/plotting", module + "/steer"}

// modules says where cells find the packages: in a clone, or in a module proxy on file, or wherever Go finds modules.
//
// Whichever it is, a go.mod is written that requires all that they need, so that a cell that is built asks no network. The
// modules of a proxy on file may be trimmed, so they are kept in a module cache of their own, with sums of their own.
type modules struct {
	clone   string // its folder
	proxy   string // its folder
	goproxy string // what GOPROXY is without it
	version string // of the module; of a clone none
	found   string // folder of a module whose go.mod Go has completed, where neither of them is there
}

// ProxyEnv names the folder of a module proxy on file, in place of share/neuronsteer/goproxy beside the program's folder.
const ProxyEnv = "NEURONSTEER_GOPROXY"

// findModules looks for the packages.
func findModules(ctx context.Context, t tools) (m modules, err error) {
	dir := os.Getenv(ProxyEnv)
	if dir == "" {
		if m.clone = folder(t.self); m.clone != "" {
			return m, nil
		}
		self := t.self
		if followed, err := filepath.EvalSymlinks(self); err == nil {
			self = followed
		}
		dir = filepath.Join(filepath.Dir(filepath.Dir(self)), "share", "neuronsteer", "goproxy")
	}
	cmd := exec.CommandContext(ctx, t.gocmd, "env", "GOPROXY")
	cmd.Dir = os.TempDir()
	out, err := cmd.Output()
	if err != nil {
		return m, fmt.Errorf("go env: %w", err)
	}
	m.goproxy = strings.TrimSpace(string(out))
	list, err := regular.ReadFile(filepath.Join(dir, filepath.FromSlash(module), "@v", "list"), 1<<20)
	if err == nil {
		versions := strings.Fields(string(list))
		semver.Sort(versions)
		if len(versions) == 0 {
			return m, fmt.Errorf("the module proxy in %s lists no version of %s", dir, module)
		}
		m.proxy, m.version = dir, versions[len(versions)-1]
		return m, nil
	}
	if os.Getenv(ProxyEnv) != "" {
		return m, fmt.Errorf("%s: %w", ProxyEnv, err)
	}
	v, ok := build.Release()
	if !ok {
		return m, engine.Errorf(steer.NoEngine, "kernel", "this program lies in no clone, and there is no module proxy in %s: nb, plotting and steer are not found", dir).
			Try("set %s to the module proxy of a release, or NEURONSTEER_BIN to the program of a clone", ProxyEnv)
	}
	m.version = v
	return m, nil
}

// write makes the module in dir one that finds the packages. Its go.mod must be there.
func (m modules) write(dir string) error {
	path := filepath.Join(dir, "go.mod")
	text, err := regular.ReadFile(path, 1<<20)
	if err != nil {
		return err
	}
	f, err := modfile.Parse(path, text, nil)
	if err != nil {
		return err
	}
	var theirs *modfile.File
	var sums string
	switch {
	case m.clone != "":
		theirs, sums, err = readModule(m.clone)
		if err == nil {
			err = f.AddReplace(module, "", m.clone, "")
		}
	case m.proxy != "":
		theirs, err = m.ofProxy()
	case m.found != "":
		theirs, sums, err = readModule(m.found)
	default: // Go finds out by itself
		err = f.AddRequire(module, m.version)
	}
	if err != nil {
		return err
	}
	if theirs != nil {
		version := m.version
		if m.clone != "" {
			version = "v0.0.0-00010101000000-000000000000"
		}
		f.AddNewRequire(module, version, false)
		for _, r := range theirs.Require {
			if r.Mod.Path == module {
				continue
			}
			f.AddNewRequire(r.Mod.Path, r.Mod.Version, true)
		}
		if theirs.Go != nil {
			if err := f.AddGoStmt(theirs.Go.Version); err != nil {
				return err
			}
		}
	}
	f.Cleanup()
	out, err := f.Format()
	if err != nil {
		return err
	}
	out = unwatched(out)
	if sums != "" {
		if err := atomicfile.Write(filepath.Join(dir, "go.sum"), []byte(sums), 0o600); err != nil {
			return err
		}
	}
	return atomicfile.Write(path, out, 0o600)
}

// replaceLine is a replacement by a folder, on a line of its own.
var replaceLine = regexp.MustCompile(`(?m)^replace (.*=> [/"].*)$`)

// unwatched writes a go.mod's replacements as blocks, which mean the same. One on a line makes GoNB walk through the whole clone before
// the next cell, into every folder and what its links lead to, once for each folder above, to watch the files for a gopls that
// this kernel has of its own.
func unwatched(gomod []byte) []byte {
	return replaceLine.ReplaceAll(gomod, []byte("replace (\n\t$1\n)"))
}

// readModule returns the go.mod and go.sum of the module in a folder.
func readModule(dir string) (*modfile.File, string, error) {
	text, err := regular.ReadFile(filepath.Join(dir, "go.mod"), 1<<20)
	if err != nil {
		return nil, "", err
	}
	sums, err := regular.ReadFile(filepath.Join(dir, "go.sum"), 16<<20)
	if err != nil {
		return nil, "", err
	}
	f, err := modfile.Parse("go.mod", text, nil)
	return f, string(sums), err
}

// ofProxy returns the go.mod of the module in the proxy. The sums are left to Go: what a proxy on file holds may be trimmed.
func (m modules) ofProxy() (*modfile.File, error) {
	path := filepath.Join(m.proxy, filepath.FromSlash(module), "@v", m.version+".mod")
	text, err := regular.ReadFile(path, 1<<20)
	if err != nil {
		return nil, err
	}
	return modfile.Parse(path, text, nil)
}
