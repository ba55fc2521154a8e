package steer

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// writeFile writes a file as a whole or not at all: beside it first, then renamed into place.
func writeFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("save: %w", err)
	}
	_, werr := f.Write(b)
	err = errors.Join(werr, f.Sync(), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("save: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}
