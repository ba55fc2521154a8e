package golden

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// maxManifest bounds golden.json, in bytes; the largest known is 0.2 MB.
const maxManifest = 64 << 20

// open reads the two files of a folder.
func open(dir string) (*document, error) {
	name := filepath.Join(dir, "golden.json")
	b, err := readBounded(name, maxManifest)
	if errors.Is(err, os.ErrNotExist) {
		return nil, engine.Errorf(engine.BadSetting, "check", "there is no %s", name).Try("give a folder that holds golden cases, e.g. testdata/golden/tiny-llama")
	}
	if err != nil {
		return nil, err
	}
	tensors, err := tensorfile.Open(filepath.Join(dir, "golden.safetensors"))
	if err != nil {
		return nil, err
	}
	doc, err := parse(name, b, tensors)
	if err == nil {
		doc.pairs, err = pairsBeside(dir)
	}
	if err != nil {
		return nil, errors.Join(err, tensors.Close())
	}
	return doc, nil
}

func readBounded(name string, limit int64) ([]byte, error) {
	b, err := regular.ReadText(name, limit)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, engine.Errorf(engine.BadSetting, name, "the file cannot be read: %v", err)
	}
	return b, err
}

// modelOf says which model a folder is about: the override; the folder itself; the one above; the name in the file. A
// folder is returned as an absolute path, so that it is never taken for a model's name.
func modelOf(dir, override string, doc *document) (string, error) {
	if override != "" {
		return override, nil
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("check: %w", err)
	}
	for _, d := range []string{abs, filepath.Dir(abs)} {
		if info, err := os.Stat(filepath.Join(d, "config.json")); err == nil && !info.IsDir() {
			return d, nil
		}
	}
	if name := doc.root.get("model"); name.exists() && name.str() != "" {
		return strings.ToLower(name.str()), nil
	}
	return "", engine.Errorf(engine.UnknownModel, "check", "%s holds no config.json, nor does the folder above it, and golden.json names no model", dir).
		Try("neuronsteer check --model NAME %s", dir)
}
