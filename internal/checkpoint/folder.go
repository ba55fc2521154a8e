package checkpoint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// Bounds of the JSON files of a folder.
const (
	maxConfig    = 4 << 20
	maxTokenizer = 256 << 20
)

// openFolder opens a Hugging Face folder, in memory or open files.
func openFolder(ctx context.Context, fsys fs.FS) (*Model, error) {
	config, err := modelref.ReadFile(fsys, "config.json", maxConfig)
	if err != nil {
		return nil, err
	}
	generation, err := optional(fsys, "generation_config.json", maxConfig)
	if err != nil {
		return nil, err
	}
	m := &Model{}
	if m.Config, err = parseConfig(config, generation); err != nil {
		return nil, err
	}
	if m.Tokenizer, err = modelref.ReadFile(fsys, "tokenizer.json", maxTokenizer); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("tokenizer.json is missing; download it with the model, or write it with save_pretrained of transformers' fast tokenizer")
	} else if err != nil {
		return nil, err
	}
	if m.TokenizerConfig, err = tokenizerConfig(fsys); err != nil {
		return nil, err
	}
	s := &folder{}
	if err := s.open(ctx, fsys); err != nil {
		return nil, errors.Join(err, s.close())
	}
	m.source = s
	return m, nil
}

// optional reads a file that need not exist.
func optional(fsys fs.FS, name string, limit int64) ([]byte, error) {
	b, err := modelref.ReadFile(fsys, name, limit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// tokenizerConfig reads tokenizer_config.json. A chat template in a file of its own, as newer versions of transformers
// write it, is put where older ones have it.
func tokenizerConfig(fsys fs.FS) ([]byte, error) {
	b, err := optional(fsys, "tokenizer_config.json", maxConfig)
	if err != nil {
		return nil, err
	}
	template, err := optional(fsys, "chat_template.jinja", maxConfig)
	if err != nil || template == nil {
		return b, err
	}
	fields := map[string]json.RawMessage{}
	if b != nil {
		if err := json.Unmarshal(b, &fields); err != nil {
			return nil, fmt.Errorf("tokenizer_config.json: %w", err)
		}
	}
	if fields["chat_template"], err = json.Marshal(string(template)); err != nil {
		return nil, err
	}
	return json.Marshal(fields)
}

// A folder is the source of one or several safetensors files.
type folder struct {
	files []*tensorfile.File
	at    map[string]*tensorfile.File // tensor → file
}

func (s *folder) open(ctx context.Context, fsys fs.FS) error {
	w, err := modelref.FindWeights(fsys)
	if err != nil {
		return err
	}
	s.at = map[string]*tensorfile.File{}
	for _, name := range w.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		f, err := openWeights(fsys, name)
		if err != nil {
			return err
		}
		s.files = append(s.files, f)
		for _, t := range f.Names() {
			// With an index, a tensor counts only in the file that the index gives.
			if w.Map == nil || w.Map[t] == name {
				s.at[t] = f
			}
		}
	}
	return nil
}

func openWeights(fsys fs.FS, name string) (*tensorfile.File, error) {
	if files, ok := fsys.(*modelref.Files); ok {
		file, size, err := files.Weights(name)
		if err != nil {
			return nil, err
		}
		return tensorfile.Read(file.Name(), file, size)
	}
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	f, err := tensorfile.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

func (s *folder) names() []string {
	var all []string
	for name := range s.at {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func (s *folder) info(name string) (tensorfile.Info, bool) {
	f, ok := s.at[name]
	if !ok {
		return tensorfile.Info{}, false
	}
	return f.Info(name)
}

func (s *folder) tensor(name string) ([]float32, error) {
	f, ok := s.at[name]
	if !ok {
		return nil, fmt.Errorf("no tensor %q", name)
	}
	return f.Float32(name)
}

func (s *folder) closed() bool { return false }

func (s *folder) close() error {
	var err error
	for _, f := range s.files {
		err = errors.Join(err, f.Close())
	}
	return err
}
