// Package atomicfile writes a file as a whole or not at all: beside its place first, flushed to disk, then renamed. A
// reader sees the old file or the new one, never a part, also after a crash or a power cut.
//
//	err := atomicfile.Write("scores.csv", b, 0o644)
package atomicfile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Prefix begins the names of files that are being written. One that a killed writer has left behind can be removed.
const Prefix = ".new-"

// A File is one that is being written beside its place. It must be ended with Commit or Discard.
type File struct {
	*os.File
	to string
}

// Create begins a file that is to be at path. One that it will replace gives it its permissions; otherwise they are mode,
// less what the user's umask takes away. Only a regular file can be replaced; where path is a link to one, that one is.
func Create(path string, mode fs.FileMode) (*File, error) {
	to, keep := path, fs.FileMode(0)
	if target, err := filepath.EvalSymlinks(path); err == nil {
		to = target
	}
	switch info, err := os.Stat(to); {
	case err == nil && !info.Mode().IsRegular():
		return nil, &fs.PathError{Op: "replace", Path: path, Err: fmt.Errorf("it is no regular file (%v)", info.Mode())}
	case err == nil:
		keep = info.Mode().Perm()
	}
	f, err := os.OpenFile(filepath.Join(filepath.Dir(to), Prefix+rand.Text()), os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return nil, err
	}
	if keep != 0 && keep != mode {
		_ = f.Chmod(keep) // a file system without permissions has none to keep
	}
	return &File{f, to}, nil
}

// Commit flushes the file and puts it in its place. Where that fails nothing is left of it.
func (f *File) Commit() error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	if err := f.move(); err != nil {
		return err
	}
	syncFolder(f.to)
	return nil
}

// move puts a closed file in its place, or removes it.
func (f *File) move() error {
	err := os.Rename(f.Name(), f.to)
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// Discard gives the file up. After Commit it does nothing.
func (f *File) Discard() {
	if f.Close() == nil {
		_ = os.Remove(f.Name())
	}
}

// Write writes b to the file at path; mode is as for Create.
func Write(path string, b []byte, mode fs.FileMode) error {
	f, err := Create(path, mode)
	if err != nil {
		return err
	}
	defer f.Discard()
	if _, err := f.Write(b); err != nil {
		return err
	}
	return f.Commit()
}

// WriteUnflushed is Write that does not wait for the disk: after a power cut the file can be empty. It is for what can be
// lost, such as counters, and costs a hundredth.
func WriteUnflushed(path string, b []byte, mode fs.FileMode) error {
	f, err := Create(path, mode)
	if err != nil {
		return err
	}
	defer f.Discard()
	if _, err := f.Write(b); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	return f.move()
}

// Place flushes a finished file and moves it to its place, on the same file system. Where that fails it stays.
func Place(from, to string) error {
	f, err := os.OpenFile(from, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	syncFolder(to)
	return nil
}

// syncFolder flushes the folder that path is in. Some file systems cannot; the rename is atomic all the same.
func syncFolder(path string) {
	if d, err := os.Open(filepath.Dir(path)); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}
