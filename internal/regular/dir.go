package regular

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Dir is the file system of a folder whose files must be regular. Unlike os.DirFS it does not open folders, so it does
// not list them.
type Dir string

var (
	_ fs.StatFS     = Dir("")
	_ fs.ReadFileFS = Dir("")
)

// Open implements fs.FS.
func (d Dir) Open(name string) (fs.File, error) {
	f, err := d.OpenFile(name)
	if err != nil {
		return nil, err // not a nil *os.File in a fs.File
	}
	return f, nil
}

// OpenFile is Open with the type of package os.
func (d Dir) OpenFile(name string) (*os.File, error) {
	path, err := d.path("open", name)
	if err != nil {
		return nil, err
	}
	return Open(path)
}

// Stat implements fs.StatFS. It follows links.
func (d Dir) Stat(name string) (fs.FileInfo, error) {
	path, err := d.path("stat", name)
	if err != nil {
		return nil, err
	}
	return os.Stat(path)
}

// maxWhole bounds what fs.ReadFile reads of a Dir: a caller that knows better calls ReadFile of this package.
const maxWhole = 1 << 30

// ReadFile implements fs.ReadFileFS.
func (d Dir) ReadFile(name string) ([]byte, error) {
	path, err := d.path("open", name)
	if err != nil {
		return nil, err
	}
	return ReadFile(path, maxWhole)
}

func (d Dir) path(op, name string) (string, error) {
	local, err := filepath.Localize(name)
	if err != nil {
		return "", &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	return filepath.Join(string(d), local), nil
}
