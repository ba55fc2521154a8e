package modelref

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

//go:generate go run digests_gen.go

// The files that make a model's two digests, beside its weights. The ends of a generation are part of the model.
var (
	configFiles    = []string{"config.json", "generation_config.json"}
	tokenizerFiles = []string{"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja"}
)

// Identity returns the digests of a model: SHA-256 of config and weights, and of the tokenizer with its chat template.
// It depends on contents only, not on names of folders. Build, Backend and Precision are left empty. A published model
// whose contents are not those that were published is an error.
//
// A GGUF carries its tokenizer inside, so both digests are of the one file, told apart by a word in front.
func (m Model) Identity() (steer.Identity, error) {
	sum := func(name string) (string, error) { return digestFile(filepath.Join(m.folder(), name)) }
	return m.identity(regular.Dir(m.folder()), sum, sum)
}

// folder returns the folder that the model's files are in.
func (m Model) folder() string {
	if m.Kind == GGUF {
		return filepath.Dir(m.Path)
	}
	return m.Path
}

// identity is Identity by the digests of files: weights and others, each by its name in the model's folder.
func (m Model) identity(fsys fs.FS, weights, other func(name string) (string, error)) (id steer.Identity, err error) {
	switch m.Kind {
	case Embedded:
		return steer.Identity{Model: teachingModel, Tokenizer: teachingTokenizer}, nil
	case Directory:
		id, err = identity(fsys, weights, other)
	case GGUF:
		var sums []string
		for _, path := range m.Parts() {
			sum, err := weights(filepath.Base(path))
			if err != nil {
				return steer.Identity{}, m.unidentified(err)
			}
			sums = append(sums, sum)
		}
		if m.SHA256 != "" && sums[0] != m.SHA256 {
			return steer.Identity{}, engine.Errorf(engine.BadModel, m.Name, "%s is damaged: its SHA-256 is %.12s…, that of the published model is %.12s…", m.Path, sums[0], m.SHA256).
				Try("type: neuronsteer pull %s", m.Name)
		}
		id = steer.Identity{Model: combine("model", sums...), Tokenizer: combine("tokenizer", sums...)}
	default:
		err = fmt.Errorf("the zero value names no model")
	}
	if err != nil {
		return steer.Identity{}, m.unidentified(err)
	}
	return id, nil
}

func (m Model) unidentified(err error) error {
	return engine.Errorf(engine.BadModel, m.Name, "its files cannot be identified: %v", err).
		Try("see that it is whole and can be read: one .gguf file, or a folder with config.json, model.safetensors and tokenizer.json")
}

// IdentityOf returns the identity of a Hugging Face folder in any file system, without a sidecar.
func IdentityOf(fsys fs.FS) (steer.Identity, error) {
	sum := func(name string) (string, error) {
		b, err := fs.ReadFile(fsys, name)
		return digestBytes(b), err
	}
	return identity(fsys, sum, sum)
}

// identity combines the digests of a folder's files, each with its name, in a fixed order.
func identity(fsys fs.FS, weights, other func(name string) (string, error)) (steer.Identity, error) {
	w, err := FindWeights(fsys)
	if err != nil {
		return steer.Identity{}, err
	}
	files := append([]string{}, configFiles...)
	if w.Map != nil {
		files = append(files, weightsIndex)
	}
	var id steer.Identity
	id.Model, err = digestAll("model", append(files, w.Files...), func(name string) (string, error) {
		if slices.Contains(w.Files, name) {
			return weights(name)
		}
		return other(name)
	})
	if err != nil {
		return steer.Identity{}, err
	}
	id.Tokenizer, err = digestAll("tokenizer", tokenizerFiles, other)
	return id, err
}

// digestAll combines the files that exist; which ones do is part of the result.
func digestAll(what string, names []string, digest func(string) (string, error)) (string, error) {
	var parts []string
	for _, name := range names {
		sum, err := digest(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return "", err
		}
		parts = append(parts, name, sum)
	}
	return combine(what, parts...), nil
}

// combine hashes words, quoted so that their borders count.
func combine(what string, parts ...string) string {
	h := sha256.New()
	fmt.Fprintln(h, what)
	for _, p := range parts {
		fmt.Fprintf(h, "%q\n", p)
	}
	return hexSum(h)
}

func digestBytes(b []byte) string {
	h := sha256.New()
	h.Write(b)
	return hexSum(h)
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }
