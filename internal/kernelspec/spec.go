package kernelspec

import (
	"embed"
	"encoding/json"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
)

// Name is what notebooks name the kernel by, Title is what people see.
const (
	Name  = "neuronsteer"
	Title = "Go (neuronsteer)"
)

// logos stand on the kernel's card in JupyterLab's launcher.
//
//go:embed logos
var logos embed.FS

// launcher is an extension of JupyterLab's that puts a second card there, which opens the template.
//
//go:embed launcher
var launcher embed.FS

// spec is the content of kernel.json. An interrupt must be a message: the signal would end what runs the cells.
type spec struct {
	Argv      []string          `json:"argv"`
	Title     string            `json:"display_name"`
	Language  string            `json:"language"`
	Interrupt string            `json:"interrupt_mode"`
	Env       map[string]string `json:"env"`
	Metadata  map[string]any    `json:"metadata"`
}

// Install writes the kernel's folder into a data folder of Jupyter's and returns its path, and the launcher's card beside it.
// program is the absolute path of the neuronsteer program. What was there is replaced.
func Install(data, program string) (string, error) {
	dir := kernel(data)
	b, err := json.MarshalIndent(spec{
		Argv: []string{program, "kernel", "run", "{connection_file}"}, Title: Title, Language: "go", Interrupt: "message",
		Env: map[string]string{}, Metadata: map[string]any{"debugger": false},
	}, "", " ")
	if err != nil {
		return "", err
	}
	if err := copyTo(dir, logos, "logos"); err != nil {
		return "", err
	}
	if err := copyTo(extension(data), launcher, "launcher"); err != nil {
		return "", err
	}
	return dir, atomicfile.Write(filepath.Join(dir, "kernel.json"), append(b, '\n'), 0o644)
}

// Remove removes the kernel's folder and the launcher's card from a data folder of Jupyter's. removed is false when there was
// no kernel. A folder of that name that is not of this program is left alone.
func Remove(data string) (removed bool, err error) {
	if removed, err = removeOwn(kernel(data), "kernel.json", "display_name", Title); err != nil {
		return removed, err
	}
	_, err = removeOwn(extension(data), "package.json", "name", Name)
	return removed, err
}

// kernel and extension return where the two folders are in a data folder of Jupyter's.
func kernel(data string) string    { return filepath.Join(data, "kernels", Name) }
func extension(data string) string { return filepath.Join(data, "labextensions", Name) }
