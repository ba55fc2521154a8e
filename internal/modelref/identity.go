package modelref

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

//go:generate go run digests_gen.go

// The files that make a model's two digests, beside its weights. The ends of a generation are part of the model.
var (
	configFiles    = []string{"config.json", "generation_config.json"}
	tokenizerFiles = []string{"tokenizer.json", "tokenizer_config.json", "chat_template.jinja"}
)

// Identity returns the digests of a model: SHA-256 of config and weights, and of the tokenizer with its chat template.
// It depends on contents only, not on names of folders. Build, Backend and Precision are left empty.
//
// A GGUF carries its tokenizer inside, so both digests are of the one file, told apart by a word in front.
func (m Model) Identity() (steer.Identity, error) {
	var id steer.Identity
	var err error
	switch m.Kind {
	case Embedded:
		return steer.Identity{Model: teachingModel, Tokenizer: teachingTokenizer}, nil
	case Directory:
		id, err = identity(os.DirFS(m.Path), func(name string) (string, error) {
			return digestFile(filepath.Join(m.Path, name))
		})
	case GGUF:
		var sum string
		sum, err = digestFile(m.Path)
		id = steer.Identity{Model: combine("model", sum), Tokenizer: combine("tokenizer", sum)}
	default:
		err = fmt.Errorf("the zero value names no model")
	}
	if err != nil {
		return steer.Identity{}, engine.Errorf(engine.BadModel, m.Name, "its files cannot be identified: %v", err).
			Try("see that it is whole and can be read: one .gguf file, or a folder with config.json, model.safetensors and tokenizer.json")
	}
	return id, nil
}

// IdentityOf returns the identity of a Hugging Face folder in any file system, without a sidecar.
func IdentityOf(fsys fs.FS) (steer.Identity, error) {
	return identity(fsys, func(name string) (string, error) {
		f, err := fsys.Open(name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		return digest(f)
	})
}

// identity combines the digests of a folder's files, each with its name, in a fixed order.
func identity(fsys fs.FS, digest func(name string) (string, error)) (steer.Identity, error) {
	w, err := FindWeights(fsys)
	if err != nil {
		return steer.Identity{}, err
	}
	files := append([]string{}, configFiles...)
	if w.Map != nil {
		files = append(files, weightsIndex)
	}
	var id steer.Identity
	if id.Model, err = digestAll("model", append(files, w.Files...), digest); err != nil {
		return steer.Identity{}, err
	}
	id.Tokenizer, err = digestAll("tokenizer", tokenizerFiles, digest)
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

func digest(r io.Reader) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hexSum(h), nil
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }
