package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// maxID bounds the ids that a tokenizer.json may name: the largest vocabularies known have about 300,000 tokens, and a
// file that names id 2³¹-1 would otherwise make a table of that many entries.
const maxID = 1 << 20

// An entry is one token of the vocabulary.
type entry struct {
	piece   string // the vocabulary's spelling
	bytes   string // what it stands for; not UTF-8 where it is part of a character
	known   bool   // ids may have gaps
	special bool
}

// A vocab is what tokenizer.json says about single tokens; the library below does not tell.
type vocab struct {
	entries    []entry
	markers    []string // contents of the special tokens
	places     trie     // of them
	normalized bool     // a marker is looked for in the normalized text, so the text alone does not show it
}

// addedToken is an entry of added_tokens in tokenizer.json.
type addedToken struct {
	ID         int64  `json:"id"`
	Content    string `json:"content"`
	Special    bool   `json:"special"`
	Normalized bool   `json:"normalized"`
}

// readVocab reads the tokens out of tokenizer.json: model.vocab as an object (BPE, WordPiece, WordLevel) or as a list
// of [piece, score] (Unigram), and added_tokens, which have the last word.
func readVocab(data []byte) (*vocab, error) {
	var file struct {
		Added []addedToken `json:"added_tokens"`
		Model struct {
			Vocab json.RawMessage `json:"vocab"`
		} `json:"model"`
		Decoder any `json:"decoder"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, badFile("tokenizer.json", err)
	}
	ids, err := modelVocab(file.Model.Vocab)
	if err != nil {
		return nil, badFile("tokenizer.json", err)
	}
	spell := speller(file.Decoder)
	v := &vocab{}
	for piece, id := range ids {
		if err := v.put(id, entry{piece: piece, bytes: spell(piece), known: true}); err != nil {
			return nil, err
		}
	}
	for _, a := range file.Added {
		if err := v.put(a.ID, entry{piece: a.Content, bytes: a.Content, known: true, special: a.Special}); err != nil {
			return nil, err
		}
		if a.Special && a.Content != "" {
			v.markers = append(v.markers, a.Content)
			v.normalized = v.normalized || a.Normalized
		}
	}
	v.places = newTrie(v.markers)
	if len(v.entries) == 0 {
		return nil, badFile("tokenizer.json", errors.New("the vocabulary is empty"))
	}
	return v, nil
}

// modelVocab reads model.vocab in either of its forms.
func modelVocab(raw json.RawMessage) (map[string]int64, error) {
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && raw[0] == '[' {
		var list [][]json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, fmt.Errorf("model.vocab: %w", err)
		}
		ids := make(map[string]int64, len(list))
		for i, pair := range list {
			var piece string
			if len(pair) == 0 {
				return nil, fmt.Errorf("model.vocab: entry %d is empty", i)
			}
			if err := json.Unmarshal(pair[0], &piece); err != nil {
				return nil, fmt.Errorf("model.vocab: entry %d: %w", i, err)
			}
			ids[piece] = int64(i)
		}
		return ids, nil
	}
	var ids map[string]int64
	if len(raw) == 0 {
		return ids, nil
	}
	if err := json.Unmarshal(raw, &ids); err != nil {
		return nil, fmt.Errorf("model.vocab: %w", err)
	}
	return ids, nil
}

// put stores e under id and grows the table as needed.
func (v *vocab) put(id int64, e entry) error {
	if id < 0 || id >= maxID {
		return badFile("tokenizer.json", fmt.Errorf("token %q has the id %d; ids go from 0 to %d", e.piece, id, maxID-1))
	}
	if n := int(id) + 1; n > len(v.entries) {
		v.entries = slices.Grow(v.entries, n-len(v.entries))[:n]
	}
	v.entries[id] = e
	return nil
}

// lookup returns the entry of id; ok is false outside the vocabulary and in its gaps.
func (v *vocab) lookup(id int32) (e entry, ok bool) {
	if id < 0 || int(id) >= len(v.entries) {
		return entry{}, false
	}
	e = v.entries[id]
	return e, e.known
}

// holdsMarker reports whether s may hold the text of a marker.
func (v *vocab) holdsMarker(s string) bool {
	return v.normalized || len(v.find(s)) > 0
}

// speller returns the function from a piece to the bytes it stands for, as the file's decoder has it.
func speller(decoder any) func(string) string {
	kinds := types(decoder)
	switch {
	case slices.Contains(kinds, "ByteLevel"):
		return byteLevel
	case slices.Contains(kinds, "ByteFallback"), slices.Contains(kinds, "Metaspace"):
		return metaspace
	}
	return func(piece string) string { return piece }
}

// metaspace undoes SentencePiece's spelling: ▁ is a space and <0x0A> is a byte.
func metaspace(piece string) string {
	if len(piece) == len("<0x0A>") && strings.HasPrefix(piece, "<0x") && piece[5] == '>' {
		if b, err := strconv.ParseUint(piece[3:5], 16, 8); err == nil {
			return string([]byte{byte(b)})
		}
	}
	return strings.ReplaceAll(piece, "▁", " ")
}

// badFile says which file cannot be read, and why.
func badFile(name string, err error) error {
	return engine.Errorf(engine.BadModel, name, "%v", err).Try("get the model's files again")
}
