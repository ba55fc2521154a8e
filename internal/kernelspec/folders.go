package kernelspec

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// User returns the data folder of Jupyter's that every Jupyter of this user looks into.
func User() (string, error) {
	if dir := os.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return filepath.Abs(dir)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	switch runtime.GOOS {
	case "darwin":
		return filepath.Join(home, "Library", "Jupyter"), nil
	case "windows":
		if dir := os.Getenv("APPDATA"); dir != "" {
			return filepath.Join(dir, "jupyter"), nil
		}
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}

// Prefix returns the data folder of the Python environment in a folder.
func Prefix(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	return filepath.Join(dir, "share", "jupyter"), err
}

// Environment returns the data folder of the Python environment that is active, or that the jupyter on the PATH is of.
func Environment() (string, error) {
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if dir := os.Getenv(name); dir != "" {
			return Prefix(dir)
		}
	}
	if p, err := exec.LookPath("jupyter"); err == nil {
		return Prefix(filepath.Dir(filepath.Dir(p)))
	}
	return "", errors.New("no Python environment is active, and no jupyter is on the PATH")
}
