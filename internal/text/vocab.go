package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// An entry is one token of the vocabulary.
type entry struct {
	piece   string // the vocabulary's spelling
	bytes   string // what it stands for; not UTF-8 where it is part of a character
	special bool
}

// A vocab is what tokenizer.json says about single tokens; the library below does not tell.
type vocab struct {
	pieces     *bpe.Vocab // nil: none
	added      map[int32]entry
	spell      func(string) string
	markers    []string // contents of the special tokens
	places     trie     // of them
	normalized bool     // a marker is looked for in the normalized text, so the text alone does not show it
}

// readVocab reads the tokens out of tokenizer.json: model.vocab and added_tokens, which have the last word.
func readVocab(file *bpe.File) (*vocab, error) {
	v := &vocab{pieces: file.Vocab, added: map[int32]entry{}, spell: speller(file.Rest["decoder"])}
	list, _ := file.Rest["added_tokens"].([]any)
	for i, x := range list {
		a, _ := x.(map[string]any)
		content, isText := a["content"].(string)
		special, _ := a["special"].(bool)
		normalized, _ := a["normalized"].(bool)
		n, _ := a["id"].(json.Number)
		id, err := n.Int64()
		if !isText || err != nil {
			return nil, badFile("tokenizer.json", fmt.Errorf("number %d of its added_tokens has no content or no id", i))
		}
		if id < 0 || id >= bpe.MaxID {
			return nil, badFile("tokenizer.json", fmt.Errorf("token %q has the id %d; ids go from 0 to %d", content, id, bpe.MaxID-1))
		}
		v.added[int32(id)] = entry{piece: content, bytes: content, special: special}
		if special && content != "" {
			v.markers = append(v.markers, content)
			v.normalized = v.normalized || normalized
		}
	}
	v.places = newTrie(v.markers)
	if len(v.added) == 0 && (v.pieces == nil || v.pieces.Len() == 0) {
		return nil, badFile("tokenizer.json", errors.New("the vocabulary is empty"))
	}
	return v, nil
}

// lookup returns the entry of id; ok is false outside the vocabulary and in its gaps.
func (v *vocab) lookup(id int32) (e entry, ok bool) {
	if e, ok := v.added[id]; ok {
		return e, true
	}
	if v.pieces == nil || !v.pieces.Has(id) {
		return entry{}, false
	}
	piece := v.pieces.Piece(id)
	return entry{piece: piece, bytes: v.spell(piece)}, true
}

// holdsMarker reports whether s may hold the text of a marker.
func (v *vocab) holdsMarker(s string) bool {
	return v.normalized || len(v.find(s)) > 0
}

// ordinary returns a token that text may follow, one made of ASCII letters alone; −1 when there is none.
func (v *vocab) ordinary() int32 {
	best, shortest := int32(-1), 0
	for id := range int32(v.ids()) {
		e, ok := v.lookup(id)
		word := strings.TrimPrefix(e.bytes, " ")
		if ok && !e.special && word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" {
			if best < 0 || len(e.bytes) < shortest {
				best, shortest = id, len(e.bytes)
			}
		}
		if shortest == 1 {
			break
		}
	}
	return best
}

// ids returns one more than the largest id.
func (v *vocab) ids() int {
	n := 0
	if v.pieces != nil {
		n = v.pieces.IDs()
	}
	for id := range v.added {
		n = max(n, int(id)+1)
	}
	return n
}

// speller returns the function from a piece to the bytes it stands for, as the file's decoder has it.
func speller(decoder any) func(string) string {
	kinds := types(decoder)
	switch {
	case slices.Contains(kinds, "ByteLevel"):
		return bpe.ByteLevel
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
