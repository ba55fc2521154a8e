package kernelspec

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// copyTo writes what is in a folder of files into dir, each file whole or not at all.
func copyTo(dir string, files fs.FS, folder string) error {
	return fs.WalkDir(files, folder, func(name string, d fs.DirEntry, err error) error {
		to := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(name, folder)))
		if err != nil || d.IsDir() {
			return errors.Join(err, os.MkdirAll(to, 0o755))
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return atomicfile.Write(to, b, 0o644)
	})
}

// removeOwn removes a folder whose JSON file says by key that it is of this program. removed is false when there was none.
// A folder of that name that is somebody else's is left alone.
func removeOwn(dir, file, key, want string) (removed bool, err error) {
	b, err := regular.ReadFile(filepath.Join(dir, file), 1<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	var says map[string]any
	if err == nil {
		err = json.Unmarshal(b, &says)
	}
	if err != nil {
		return false, err
	}
	if says[key] != want {
		return false, fmt.Errorf("%s is of something that calls itself %v and stays", dir, says[key])
	}
	return true, os.RemoveAll(dir)
}
