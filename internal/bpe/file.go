package bpe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// A File is the contents of a tokenizer.json. Its large parts, the vocabulary and the merges, are read by themselves; the
// rest is there to be looked at and changed before a tokenizer is made of it.
type File struct {
	Rest   map[string]any // all else, numbers as json.Number; "model" is without vocab and merges
	Vocab  *Vocab         // model.vocab; nil when there is none
	Merges *Merges        // model.merges; nil when there are none
	scores []byte         // model.vocab of a Unigram model, as it is
}

// Read reads a tokenizer.json, which must be UTF-8.
func Read(data []byte) (*File, error) {
	f := &File{Rest: map[string]any{}}
	s := &scanner{data: data}
	err := s.object(func(key string) error {
		if key != "model" || s.space() != '{' {
			return decode(s, f.Rest, key)
		}
		model := map[string]any{}
		f.Rest[key] = model
		f.Vocab, f.Merges, f.scores = nil, nil, nil
		return s.object(func(key string) error {
			from := s.at
			var err error
			switch c := s.space(); {
			case key == "vocab" && c != 'n': // not null
				if f.Vocab, err = readVocab(s); err != nil {
					return fmt.Errorf("model.vocab: %w", err)
				}
				if c == '[' {
					f.scores = data[from:s.at]
				}
			case key == "merges" && c != 'n':
				if f.Merges, err = readMerges(s); err != nil {
					return fmt.Errorf("model.merges: %w", err)
				}
			default:
				return decode(s, model, key)
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	if s.space() != 0 || s.at < len(s.data) {
		return nil, errors.New("something follows the end")
	}
	return f, nil
}

// decode reads a value by package encoding/json.
func decode(s *scanner, into map[string]any, key string) error {
	raw, err := s.skip()
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	if d.More() {
		return fmt.Errorf("%s: something follows its value", key)
	}
	into[key] = v
	return nil
}

// JSON writes the file: UTF-8, each key once.
func (f *File) JSON() ([]byte, error) {
	model, _ := f.Rest["model"].(map[string]any)
	rest := make(map[string]any, len(f.Rest))
	for k, v := range f.Rest {
		if k != "model" {
			rest[k] = v
		}
	}
	head, err := json.Marshal(rest)
	if err != nil {
		return nil, err
	}
	inner, err := json.Marshal(model)
	if err != nil {
		return nil, err
	}
	out := slices.Grow(head[:len(head)-1], len(inner)+16*f.size())
	if len(rest) > 0 {
		out = append(out, ',')
	}
	out = append(append(out, `"model":`...), inner[:len(inner)-1]...)
	between := len(model) > 0
	field := func(name string) {
		if between {
			out = append(out, ',')
		}
		between = true
		out = append(append(append(out, '"'), name...), `":`...)
	}
	switch {
	case f.scores != nil:
		field("vocab")
		out = append(out, f.scores...)
	case f.Vocab != nil:
		field("vocab")
		out = f.Vocab.json(out)
	}
	if f.Merges != nil {
		field("merges")
		out = f.Merges.json(out)
	}
	return append(out, "}}"...), nil
}

// size estimates how many texts the file has.
func (f *File) size() int {
	n := len(f.scores) / 16
	if f.Vocab != nil {
		n += f.Vocab.IDs()
	}
	if f.Merges != nil {
		n += 2 * f.Merges.Len()
	}
	return n
}

func (v *Vocab) json(out []byte) []byte {
	out = append(out, '{')
	first := true
	for id := range v.at {
		if v.size[id] < 0 {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(quote(out, v.Piece(int32(id))), ':')
		out = fmt.Append(out, id)
	}
	return append(out, '}')
}

func (m *Merges) json(out []byte) []byte {
	out = append(out, '[')
	for i := range m.Len() {
		if i > 0 {
			out = append(out, ',')
		}
		left, right := m.Pair(i)
		out = append(quote(append(out, '['), string(left)), ',')
		out = append(quote(out, string(right)), ']')
	}
	return append(out, ']')
}
