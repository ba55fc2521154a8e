package modelref

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer"
)

// Files are the files of a model, open, so that what is loaded is what is identified: both come from the same
// descriptors and the same bytes, whatever becomes of the files' names meanwhile. Unchanged says at the end whether the
// contents stayed as well.
//
// As a file system they are the folder of the model. They are safe for concurrent use.
type Files struct {
	model Model
	dir   regular.Dir

	mu      sync.Mutex
	small   map[string][]byte // what has been read, by name
	weights map[string]*weights
}

// weights is an open file of weights.
type weights struct {
	file   *os.File
	path   string
	opened state
	quiet  bool   // it had been left alone when it was opened
	sum    string // once it has been identified
}

// Open opens the files of a model that is a folder or a GGUF. Nothing is read before it is asked for.
func (m Model) Open() (*Files, error) {
	if m.Kind != Directory && m.Kind != GGUF {
		return nil, fmt.Errorf("a model of the kind %v has no files", m.Kind)
	}
	dir := m.Path
	if m.Kind == GGUF {
		dir = filepath.Dir(m.Path)
	}
	return &Files{model: m, dir: regular.Dir(dir), small: map[string][]byte{}, weights: map[string]*weights{}}, nil
}

var (
	_ fs.StatFS     = (*Files)(nil)
	_ fs.ReadFileFS = (*Files)(nil)
)

// inside returns an error for a file of the Hugging Face cache that is a link out of it. Links within are how it is made.
func (f *Files) inside(name string) error {
	path := filepath.Join(string(f.dir), filepath.FromSlash(name))
	if at, ok := hub.PlaceOf(path); ok {
		return at.Check(path)
	}
	return nil
}

// Open implements fs.FS.
func (f *Files) Open(name string) (fs.File, error) {
	if err := f.inside(name); err != nil {
		return nil, err
	}
	return f.dir.Open(name)
}

// Stat implements fs.StatFS.
func (f *Files) Stat(name string) (fs.FileInfo, error) { return f.dir.Stat(name) }

// ReadFile implements fs.ReadFileFS. A file is read once: later calls give the same bytes.
func (f *Files) ReadFile(name string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b, ok := f.small[name]; ok {
		return slices.Clone(b), nil
	}
	if err := f.inside(name); err != nil {
		return nil, err
	}
	b, err := f.dir.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f.small[name] = b
	return slices.Clone(b), nil
}

// Weights opens a file of weights, which is read where its bytes are asked for. It ends with Close.
func (f *Files) Weights(name string) (file *os.File, size int64, err error) {
	w, err := f.open(name)
	if err != nil {
		return nil, 0, err
	}
	return w.file, w.opened.Size, nil
}

func (f *Files) open(name string) (*weights, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if w, ok := f.weights[name]; ok {
		return w, nil
	}
	if err := f.inside(name); err != nil {
		return nil, err
	}
	file, err := f.dir.OpenFile(name)
	if err != nil {
		return nil, err
	}
	st, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	w := &weights{file: file, path: filepath.Join(string(f.dir), name), opened: stateOf(st)}
	w.quiet = w.opened.settled()
	f.weights[name] = w
	return w, nil
}

// Identity returns what Model.Identity returns of the same contents. A published model is hashed anew, so that what rots
// on a disk, which leaves no time behind, does not answer.
func (f *Files) Identity(ctx context.Context) (steer.Identity, error) {
	sum := func(name string) (string, error) {
		w, err := f.open(name)
		if err != nil {
			return "", err
		}
		if f.model.SHA256 != "" {
			w.sum, err = digestWhole(ctx, w.file, w.opened.Size)
		} else {
			w.sum, err = digestOpen(ctx, w.path, w.file)
		}
		return w.sum, err
	}
	id, err := f.model.identity(f, sum, func(name string) (string, error) {
		b, err := f.ReadFile(name)
		if err != nil {
			return "", err
		}
		return digestBytes(b), nil
	})
	if ctx.Err() != nil {
		return steer.Identity{}, ctx.Err()
	}
	return id, err
}

// Unchanged returns an error if a file of weights is no longer what it was when it was opened. What was read before is
// then of no model.
func (f *Files) Unchanged(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.weights {
		st, err := w.file.Stat()
		if err != nil {
			return err
		}
		same := stateOf(st) == w.opened
		if (!same || !w.quiet) && w.sum != "" {
			// Its times do not vouch for it: they changed, which they also do when its name is taken away, or they
			// could have changed without showing it. Its contents do.
			sum, err := digestWhole(ctx, w.file, w.opened.Size)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			same = err == nil && sum == w.sum
		}
		if !same {
			return fmt.Errorf("%s was changed while it was loaded; load it again when it is complete, and replace files by renaming", w.path)
		}
	}
	return nil
}

// Close closes the files.
func (f *Files) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var err error
	for _, w := range f.weights {
		err = errors.Join(err, w.file.Close())
	}
	clear(f.weights)
	return err
}
