package steer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Feature names a circuit or a vector that is kept in a folder under a name. Nothing is read yet; an unknown name is an
// error of Circuit or Vector, which lists the known ones.
//
//	err := m.Feature("praise").KeepCircuit(top)
//	top, err := m.Feature("praise").MadeBy(task).Circuit(ctx) // only if task is what made it
//
// The folder is NEURONSTEER_FEATURES or, without it, neuronsteer/features in the user's configuration folder.
func (m *Model) Feature(name string) Feature { return Feature{m: m, name: name} }

// Feature is a place in the book of circuits and vectors. Its methods Folder and MadeBy return changed copies.
type Feature struct {
	m    *Model
	name string
	dir  string
	task interface{ Request() (Request, error) }
}

// Folder takes another folder.
func (f Feature) Folder(dir string) Feature { f.dir = dir; return f }

// MadeBy asks that what is kept was made by exactly this task. Without it a name would answer for settings that have
// changed since, which is how the reference implementation's cache goes wrong.
func (f Feature) MadeBy(task interface{ Request() (Request, error) }) Feature {
	f.task = task
	return f
}

// The endings of the two kinds of file.
const (
	circuitEnding = ".circuit.json"
	vectorEnding  = ".vector.safetensors"
)

// KeepCircuit keeps the circuit under the name, in place of one that is there.
func (f Feature) KeepCircuit(c Circuit) error {
	path, err := f.path(circuitEnding)
	if err != nil {
		return err
	}
	return c.Save(path)
}

// KeepVector keeps the vector under the name, in place of one that is there.
func (f Feature) KeepVector(v Vector) error {
	path, err := f.path(vectorEnding)
	if err != nil {
		return err
	}
	return v.Save(path)
}

// Circuit reads the circuit that is kept under the name and checks it as LoadCircuit does.
func (f Feature) Circuit(ctx context.Context) (Circuit, error) {
	path, err := f.find(circuitEnding)
	if err != nil {
		return Circuit{}, err
	}
	c, err := f.m.LoadCircuit(ctx, path)
	if err != nil {
		return Circuit{}, err
	}
	return c.Named(f.name), f.made(c.from().header)
}

// Vector reads the vector that is kept under the name and checks it as LoadVector does.
func (f Feature) Vector(ctx context.Context) (Vector, error) {
	path, err := f.find(vectorEnding)
	if err != nil {
		return Vector{}, err
	}
	v, err := f.m.LoadVector(ctx, path)
	if err != nil {
		return Vector{}, err
	}
	return v.Named(f.name), f.made(v.data().from...)
}

// Names lists what the folder keeps, sorted, each name once.
func (f Feature) Names() ([]string, error) {
	dir, err := f.folder()
	if err != nil {
		return nil, err
	}
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, engine.Errorf(engine.BadFile, "feature", "the folder of features cannot be read: %v", err).Try("set NEURONSTEER_FEATURES to a folder that you can read")
	}
	var names []string
	for _, e := range files {
		base, ok := strings.CutSuffix(e.Name(), circuitEnding)
		if !ok {
			base, ok = strings.CutSuffix(e.Name(), vectorEnding)
		}
		if name, err := url.PathUnescape(base); ok && err == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// Kept returns the name and what is kept under it, "circuit", "vector" or both, without reading either.
func (f Feature) Kept() (name string, kinds []string, err error) {
	dir, err := f.folder()
	if err != nil {
		return f.name, nil, err
	}
	for _, ending := range []string{circuitEnding, vectorEnding} {
		if _, err := os.Stat(filepath.Join(dir, url.PathEscape(f.name)+ending)); err == nil {
			kind, _, _ := strings.Cut(ending[1:], ".")
			kinds = append(kinds, kind)
		}
	}
	return f.name, kinds, nil
}

// made reports what was kept by other settings than those of the task that is asked for.
func (f Feature) made(headers ...Header) error {
	if f.task == nil {
		return nil
	}
	want, err := f.task.Request()
	if err != nil {
		return err
	}
	for _, h := range headers {
		if h.Request.Kind == want.Kind && h.Request.Version == want.Version && bytes.Equal(compact(h.Request.Settings), compact(want.Settings)) {
			return nil
		}
	}
	return engine.Errorf(engine.ModelMismatch, "feature", "%q was made by other settings than the ones asked for", f.name).
		Try("run the task and keep its result again, or leave MadeBy out to take what is there")
}

func (f Feature) folder() (string, error) {
	if f.dir != "" {
		return f.dir, nil
	}
	if dir := os.Getenv("NEURONSTEER_FEATURES"); dir != "" {
		return dir, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", engine.Errorf(engine.BadSetting, "feature", "there is no folder for features: %v", err).Try("set NEURONSTEER_FEATURES to a folder, or use Folder(dir)")
	}
	return filepath.Join(dir, "neuronsteer", "features"), nil
}

// path returns the file to write, its folder made.
func (f Feature) path(ending string) (string, error) {
	dir, err := f.folder()
	if err != nil {
		return "", err
	}
	if f.name == "" {
		return "", engine.Errorf(engine.BadSetting, "feature", "the name is empty").Try(`m.Feature("praise")`)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", engine.Errorf(engine.BadFile, "feature", "the folder of features cannot be made: %v", err).Try("set NEURONSTEER_FEATURES to a folder that you can write")
	}
	return filepath.Join(dir, url.PathEscape(f.name)+ending), nil
}

// find returns the file to read.
func (f Feature) find(ending string) (string, error) {
	dir, err := f.folder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, url.PathEscape(f.name)+ending)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	names, err := f.Names()
	if err != nil {
		return "", err
	}
	known := "none is kept yet"
	if len(names) > 0 {
		known = fmt.Sprintf("known are %q", names)
	}
	kind, _, _ := strings.Cut(strings.TrimPrefix(ending, "."), ".")
	return "", engine.Errorf(engine.BadSetting, "feature", "no %s is kept under the name %q", kind, f.name).Try("%s", known)
}
