package kernelspec

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// Name is what notebooks name the kernel by, Title is what people see.
const (
	Name  = "neuronsteer"
	Title = "Go (neuronsteer)"
)

//go:embed logo-32x32.png logo-64x64.png logo-svg.svg
var logos embed.FS

// spec is the content of kernel.json. An interrupt must be a message: the signal would end what runs the cells.
type spec struct {
	Argv      []string          `json:"argv"`
	Title     string            `json:"display_name"`
	Language  string            `json:"language"`
	Interrupt string            `json:"interrupt_mode"`
	Env       map[string]string `json:"env"`
	Metadata  map[string]any    `json:"metadata"`
}

// Install writes the kernel's folder into a data folder of Jupyter's and returns its path. program is the absolute path of
// the neuronsteer program. One that was there is replaced.
func Install(data, program string) (string, error) {
	dir := filepath.Join(data, "kernels", Name)
	b, err := json.MarshalIndent(spec{
		Argv: []string{program, "kernel", "run", "{connection_file}"}, Title: Title, Language: "go", Interrupt: "message",
		Env: map[string]string{}, Metadata: map[string]any{"debugger": false},
	}, "", " ")
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	files, err := logos.ReadDir(".")
	if err != nil {
		return "", err
	}
	for _, f := range files {
		logo, err := logos.ReadFile(f.Name())
		if err == nil {
			err = atomicfile.Write(filepath.Join(dir, f.Name()), logo, 0o644)
		}
		if err != nil {
			return "", err
		}
	}
	return dir, atomicfile.Write(filepath.Join(dir, "kernel.json"), append(b, '\n'), 0o644)
}

// Remove removes the kernel's folder from a data folder of Jupyter's. removed is false when there was none. A folder of
// that name that is not of this program is left alone.
func Remove(data string) (removed bool, err error) {
	dir := filepath.Join(data, "kernels", Name)
	b, err := regular.ReadFile(filepath.Join(dir, "kernel.json"), 1<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	var s spec
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil {
		return false, err
	}
	if s.Title != Title {
		return false, fmt.Errorf("%s is of a kernel that calls itself %q and stays", dir, s.Title)
	}
	return true, os.RemoveAll(dir)
}
