package checkpoint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"

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
	m.source = &weights{at: map[string]place{}}
	if err := m.source.openFolder(ctx, fsys, m.Config); err != nil {
		return nil, errors.Join(err, m.source.close())
	}
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

// tokenizerConfig reads tokenizer_config.json. What newer and older versions of transformers keep in files of their own is
// put where the others have it: a chat template, the names of special tokens and the ids of added ones. The latter two
// count where tokenizer_config.json does not list its added tokens itself.
func tokenizerConfig(fsys fs.FS) ([]byte, error) {
	const name, mapName, addedName, templateName = "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja"
	files := map[string][]byte{}
	for _, f := range []string{name, mapName, addedName, templateName} {
		b, err := optional(fsys, f, maxConfig)
		if err != nil {
			return nil, err
		}
		files[f] = b
	}
	if files[mapName] == nil && files[addedName] == nil && files[templateName] == nil {
		return files[name], nil
	}
	fields, named := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for f, into := range map[string]*map[string]json.RawMessage{name: &fields, mapName: &named} {
		if b := files[f]; b != nil {
			if err := json.Unmarshal(b, into); err != nil {
				return nil, fmt.Errorf("%s: %w", f, err)
			}
		}
	}
	if fields == nil { // the file holds null
		fields = map[string]json.RawMessage{}
	}
	if _, listed := fields["added_tokens_decoder"]; !listed {
		maps.Copy(fields, named)
		if b := files[addedName]; b != nil {
			list, err := addedDecoder(b, fields)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", addedName, err)
			}
			fields["added_tokens_decoder"] = list
		}
	}
	if b := files[templateName]; b != nil {
		var err error
		if fields["chat_template"], err = json.Marshal(string(b)); err != nil {
			return nil, err
		}
	}
	return json.Marshal(fields)
}

// addedDecoder turns added_tokens.json, ids by tokens, into the list of tokens by ids that took its place. Those that the
// fields of tokenizer_config.json name are special.
func addedDecoder(added []byte, fields map[string]json.RawMessage) ([]byte, error) {
	var ids map[string]int
	if err := json.Unmarshal(added, &ids); err != nil {
		return nil, err
	}
	special := map[string]bool{}
	for name, raw := range fields {
		var text string
		var object struct{ Content string }
		if strings.HasSuffix(name, "_token") {
			if json.Unmarshal(raw, &text) == nil {
				special[text] = true
			} else if json.Unmarshal(raw, &object) == nil {
				special[object.Content] = true
			}
		}
	}
	type token struct {
		Content    string `json:"content"`
		Special    bool   `json:"special,omitempty"`
		Normalized bool   `json:"normalized,omitempty"`
	}
	list := make(map[int]token, len(ids))
	for text, id := range ids {
		list[id] = token{text, special[text], !special[text]}
	}
	return json.Marshal(list)
}

// openFolder opens one or several safetensors files.
func (w *weights) openFolder(ctx context.Context, fsys fs.FS, c Config) error {
	index, err := modelref.FindWeights(fsys)
	if err != nil {
		return err
	}
	f, whole := c.family()
	w.onePlus = f.onePlus
	for _, name := range index.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		file, err := openWeights(fsys, name)
		if err != nil {
			return err
		}
		w.files = append(w.files, file)
		for _, t := range file.Names() {
			to := t
			if whole {
				to = textTensor(t)
			}
			// With an index, a tensor counts only in the file that the index gives.
			if to == "" || index.Map != nil && index.Map[t] != name {
				continue
			}
			if before, ok := w.at[to]; ok && before.name != t {
				return fmt.Errorf("%s and %s are the same tensor of the text model", before.name, t)
			}
			w.at[to] = place{file, t}
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
