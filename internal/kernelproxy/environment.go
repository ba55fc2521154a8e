package kernelproxy

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/resident"
)

// flags are how a cell is built.
//
//   - Without a symbol table and what a debugger needs: it links in two thirds of the time, and what Go keeps of the packages
//     is a quarter smaller.
//   - Without the paths of this machine in the packages, so that what Go keeps of them is good wherever they lie. GoNB finds
//     the lines of a cell in a stack trace, and nb the line that asked for something, by the path of the program itself,
//     which therefore keeps its own: of a flag that is given twice the compiler takes the last.
const flags = "-trimpath -ldflags=-s -gcflags=all=-dwarf=false '-gcflags=-dwarf=false -trimpath='"

// tags leave out of gonum's plot the formats that no figure is written in: its document library would be in every cell that draws. A
// plot that is saved by itself is .png, .svg or .pdf all the same; for .eps and .tex a cell imports vgeps or vgtex. Tags of the
// user's replace this one.
const tags = "-tags=minimal"

// environment returns what GoNB and with it every cell runs in: the programs on the PATH, no cgo (a cell links none), how a
// cell is built, in which cache ("": the user's), and the way to the packages. private is a folder of this process.
func (t tools) environment(base []string, private, cache string, m modules) []string {
	set := map[string]string{
		"CGO_ENABLED": "0", "CGO_LDFLAGS": "", "GOEXPERIMENT": "", "GOWORK": "",
		"GOFLAGS": strings.Join([]string{tags, value(base, "GOFLAGS"), flags}, " "),
	}
	if cache != "" {
		set["GOCACHE"] = cache
	}
	dirs := []string{}
	if d := hideGopls(private); d != "" {
		dirs = append(dirs, d)
	}
	for _, p := range []string{t.gonb, t.goimports, t.gocmd} {
		if p != "" {
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	set["PATH"] = strings.Join(append(dirs, value(base, "PATH")), string(os.PathListSeparator))
	if value(base, "NEURONSTEER_BIN") == "" {
		set["NEURONSTEER_BIN"] = t.self
		if m.clone != "" { // the program that belongs to the packages
			if p, err := exec.LookPath(filepath.Join(m.clone, "bin", filepath.Base(t.self))); err == nil {
				set["NEURONSTEER_BIN"] = p
			}
		}
	}
	if m.proxy != "" {
		set["GOPROXY"] = "file://" + filepath.ToSlash(m.proxy) + "," + m.goproxy
		set["GOFLAGS"] = strings.Join([]string{tags, value(base, "GOFLAGS"), "-mod=mod", flags}, " ")
		set["GONOSUMDB"] = "*"
		if cache, err := os.UserCacheDir(); err == nil {
			set["GOMODCACHE"] = filepath.Join(cache, "neuronsteer", "gomod")
		}
	}
	env := make([]string, 0, len(base)+len(set))
	for _, v := range base {
		name, _, _ := strings.Cut(v, "=")
		if _, ok := set[name]; !ok {
			env = append(env, v)
		}
	}
	for k, v := range set {
		env = append(env, k+"="+v)
	}
	return env
}

// hideGopls returns a folder with a gopls that does nothing. GoNB would start one of its own, which nobody asks, and whose
// first connection keeps every cell waiting for 12 s.
func hideGopls(private string) string {
	nothing, err := exec.LookPath("true")
	if err != nil {
		return ""
	}
	dir := filepath.Join(private, "bin")
	if os.MkdirAll(dir, 0o700) != nil || os.Symlink(nothing, filepath.Join(dir, "gopls")) != nil {
		return ""
	}
	return dir
}

// value returns a variable of an environment.
func value(env []string, name string) string {
	for _, e := range slices.Backward(env) {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

// folder returns the clone whose packages are used, "" if there is none: that of the notebook, else that of the program.
func folder(self string) string {
	if c := resident.Clone("."); c != "" {
		return c
	}
	if followed, err := filepath.EvalSymlinks(self); err == nil {
		self = followed
	}
	return resident.Clone(filepath.Dir(self))
}
