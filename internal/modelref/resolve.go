package modelref

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Kind says what form a model has.
type Kind int

// The forms of a model.
const (
	Embedded  Kind = iota + 1 // part of the program
	Directory                 // a Hugging Face folder: config.json, *.safetensors, tokenizer.json
	GGUF                      // one file of llama.cpp
)

// String returns the form for people.
func (k Kind) String() string {
	switch k {
	case Embedded:
		return "embedded"
	case Directory:
		return "directory"
	case GGUF:
		return "GGUF"
	}
	return "unknown"
}

// A Model is where a model is. The zero value is no model; Resolve makes them.
type Model struct {
	Name string // for people: the model's own name, org/model, or the last part of its path
	Kind Kind
	Path string // absolute; empty for an embedded model; of a split GGUF, the first part

	SHA256 string // of the file of a published model, in hexadecimal; empty for any other, whose contents nobody knows
}

// Ref returns what Resolve finds the same model by, whatever the current folder is.
func (m Model) Ref() string {
	if m.Kind == Embedded {
		return m.Name
	}
	return m.Path
}

// Resolve finds a model by name or path. A path may start with "~/". What looks like org/model is the path where there is
// one, else the model of the Hugging Face cache; where there are both it is an error. Nothing is fetched. Errors have the code UnknownModel, or BadModel for
// a file that is there and cannot be it.
func Resolve(ref string) (Model, error) {
	if ref == Teaching {
		return Model{Name: Teaching, Kind: Embedded}, nil
	}
	if p, ok := Lookup(ref); ok {
		return published(p)
	}
	path, err := absolute(ref)
	if err != nil {
		return Model{}, engine.Errorf(engine.UnknownModel, "model", "%q cannot be made a path: %v", ref, err)
	}
	st, err := os.Stat(path)
	switch {
	case ref == "":
		return Model{}, unknown(ref)
	case errors.Is(err, fs.ErrNotExist):
		return byHubName(ref)
	case err != nil:
		return Model{}, engine.Errorf(engine.UnknownModel, "model", "%v", err)
	}
	if err := either(ref); err != nil {
		return Model{}, err
	}
	switch {
	case st.IsDir():
		return directory(path)
	case st.Mode().IsRegular() && strings.EqualFold(filepath.Ext(path), ".gguf"):
		return file(path)
	}
	e := engine.Errorf(engine.BadModel, "model", "%s is neither a folder nor a .gguf file", path)
	if dir := filepath.Dir(path); exists(filepath.Join(dir, "config.json")) {
		return Model{}, e.Try("name the folder: %q", dir)
	}
	return Model{}, e.Try("name the folder that holds config.json and model.safetensors, or a .gguf file")
}

// byHubName finds a model of the Hugging Face hub on this machine. It fetches nothing.
func byHubName(ref string) (Model, error) {
	n, ok := hub.Parse(ref)
	if !ok {
		return Model{}, unknown(ref)
	}
	m, found, err := cached(n)
	if !found {
		return Model{}, pullable(n, ref)
	}
	return m, err
}

// published finds a model of the catalog in Folder. Its size is checked here, its hash by Identity.
func published(p Published) (Model, error) {
	path, err := p.Path()
	if err != nil {
		return Model{}, err
	}
	st, err := os.Stat(path)
	if err != nil || !st.Mode().IsRegular() {
		return Model{}, engine.Errorf(engine.UnknownModel, "model", "%s (%s) is not on this machine yet", p.Name, p.About).
			Try("type: neuronsteer pull %s", p.Name)
	}
	if st.Size() != p.Size {
		return Model{}, engine.Errorf(engine.BadModel, "model", "%s has %d bytes, %s has %d", path, st.Size(), p.Name, p.Size).
			Try("type: neuronsteer pull %s", p.Name)
	}
	return Model{Name: p.Name, Kind: GGUF, Path: path, SHA256: p.SHA256}, nil
}

// file finds a GGUF, whole or split, of which any part may be named. A published model is one by its path too.
func file(path string) (Model, error) {
	for _, p := range Catalog {
		if at, err := p.Path(); err == nil && at == path {
			return published(p)
		}
	}
	all, name := parts(path)
	if missing := missingParts(all); len(missing) > 0 {
		return Model{}, engine.Errorf(engine.BadModel, "model", "%s is one of the %d parts of a split model; %d are missing: %s", path, len(all), len(missing), FirstTen(missing, ", ")).Try("put all parts into the folder %s", filepath.Dir(path))
	}
	if at, ok := hub.PlaceOf(all[0]); ok {
		name = at.Repo + ":" + at.File
	}
	return Model{Name: name, Kind: GGUF, Path: all[0]}, nil
}

// directory checks that a folder is a model's.
func directory(path string) (Model, error) {
	if _, err := os.Stat(filepath.Join(path, "config.json")); err != nil {
		e := engine.Errorf(engine.BadModel, "model", "the folder %s has no config.json, so it is not a Hugging Face model", path)
		if files, _ := filepath.Glob(filepath.Join(path, "*.gguf")); len(files) > 0 {
			return Model{}, e.Try("name the file itself, e.g. %q", files[0])
		}
		return Model{}, e.Try("name the folder that holds config.json and model.safetensors, or a .gguf file")
	}
	if at, ok := hub.PlaceOf(path); ok && at.File == "" {
		return Model{Name: at.Repo, Kind: Directory, Path: path}, nil
	}
	return Model{Name: filepath.Base(path), Kind: Directory, Path: path}, nil
}

// unknown says what could have been meant.
func unknown(ref string) error {
	names := []string{Teaching}
	for _, p := range Catalog {
		names = append(names, p.Name)
	}
	e := engine.Errorf(engine.UnknownModel, "model", "there is no model or path %q; known are %s", ref, strings.Join(names, ", "))
	return e.Try("use one of them (neuronsteer pull fetches %s), org/model of the Hugging Face hub, or the path of a folder or a .gguf file", strings.Join(names[1:], ", "))
}

func absolute(ref string) (string, error) {
	if rest, ok := strings.CutPrefix(ref, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		return filepath.Join(home, rest), nil
	}
	return filepath.Abs(ref)
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }
