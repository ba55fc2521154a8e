package kernelproxy

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/resident"
)

// environment returns what GoNB and with it every cell runs in: the programs on the PATH, no cgo (a cell links none), no
// symbol table (a cell links in two thirds of the time), and the way to the packages. private is a folder of this process.
func (t tools) environment(base []string, private string, m modules) []string {
	set := map[string]string{
		"CGO_ENABLED": "0", "CGO_LDFLAGS": "", "GOEXPERIMENT": "", "GOWORK": "",
		"GOFLAGS": strings.TrimSpace(value(base, "GOFLAGS") + " -ldflags=-s"),
	}
	dirs := []string{}
	if d := hideGopls(private); d != "" {
		dirs = append(dirs, d)
	}
	for _, p := range []string{t.gonb, t.goimports, t.gocmd} {
		dirs = append(dirs, filepath.Dir(p))
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
		set["GOFLAGS"] = strings.TrimSpace(value(base, "GOFLAGS") + " -mod=mod -ldflags=-s")
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
