package checkpoint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// maxPiece bounds the bytes of a piece, since every way to cut it is looked at; real ones have up to a hundred.
const maxPiece = 4096

// ggufSentencePiece writes the tokenizer.json of SentencePiece's BPE (Llama 1 and 2, Mistral, Phi-3, Gemma). A GGUF has the
// scores of the pieces and no merges; those are every way to put a piece together from two others, the best score first, as
// transformers' converter has them.
func ggufSentencePiece(m tensorfile.Metadata, tokens []string, kinds []int64) ([]byte, error) {
	scores, ok := m.Floats("tokenizer.ggml.scores")
	switch {
	case !ok:
		return nil, fmt.Errorf("its metadata lack tokenizer.ggml.scores")
	case len(scores) != len(tokens):
		return nil, fmt.Errorf("tokenizer.ggml.scores has %d entries for %d tokens", len(scores), len(tokens))
	}
	tokens = slices.Clone(tokens)
	for i, t := range tokens {
		if len(t) > maxPiece {
			return nil, fmt.Errorf("token %d has %d bytes, more than %d", i, len(t), maxPiece)
		}
		switch kinds[i] {
		case tokenUser: // llama.cpp's converter writes spaces for ▁ in these
			tokens[i] = strings.ReplaceAll(t, " ", "▁")
		case tokenUnknown:
			kinds[i] = tokenControl
		}
	}
	post, err := ggufPostProcessor(m, true, tokens)
	if err != nil {
		return nil, err
	}
	prefix, ok := m.Bool("tokenizer.ggml.add_space_prefix")
	prefix = prefix || !ok
	unknown := uint64(0)
	if id, ok := m.Uint("tokenizer.ggml.unknown_token_id"); ok {
		unknown = id
	}
	if unknown >= uint64(len(tokens)) {
		return nil, fmt.Errorf("tokenizer.ggml.unknown_token_id is %d, there are %d tokens", unknown, len(tokens))
	}
	normalizer := `{"type":"Replace","pattern":{"String":" "},"content":"▁"}`
	strip := ""
	if prefix {
		normalizer = `{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},` + normalizer + `]}`
		strip = `,{"type":"Strip","content":" ","start":1,"stop":0}`
	}
	decoder := `{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}` + strip + `]}`
	w := tokenizerHead(tokens, kinds, normalizer, "null", string(post), decoder)
	w = append(w, `"model":{"type":"BPE","dropout":null,"unk_token":`...)
	w = appendQuoted(w, tokens[unknown])
	w = append(w, `,"continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":true,"byte_fallback":true,"ignore_merges":false,`...)
	w = appendVocab(w, tokens, kinds)
	w = append(w, `,"merges":[`...)
	for i, p := range scoredMerges(tokens, kinds, scores) {
		if i > 0 {
			w = append(w, ',')
		}
		w = append(appendQuoted(append(w, '['), p.left), ',')
		w = append(appendQuoted(w, p.right), ']')
	}
	return append(w, "]}}"...), nil
}

// A scored merge puts a piece together from two.
type scoredMerge struct {
	left, right string
	score       float64
	n           int // characters of left, and then of right
	m           int
}

// scoredMerges returns the merges of all pieces: the highest score first, then the longer left and right part.
func scoredMerges(tokens []string, kinds []int64, scores []float64) []scoredMerge {
	ids := make(map[string]int, len(tokens))
	for i, t := range tokens {
		if kinds[i] != tokenUnused {
			ids[t] = i
		}
	}
	all := make([]scoredMerge, 0, 2*len(tokens))
	for i, t := range tokens {
		if kinds[i] == tokenUnused {
			continue
		}
		from, n := len(all), 0
		for k := range t {
			if k > 0 {
				n++
				if _, ok := ids[t[:k]]; !ok {
					continue
				}
				if _, ok := ids[t[k:]]; ok {
					all = append(all, scoredMerge{t[:k], t[k:], scores[i], n, utf8.RuneCountInString(t[k:])})
				}
			}
		}
		slices.SortStableFunc(all[from:], func(a, b scoredMerge) int {
			return cmp.Or(cmp.Compare(ids[a.left], ids[b.left]), cmp.Compare(ids[a.right], ids[b.right]))
		})
	}
	slices.SortStableFunc(all, func(a, b scoredMerge) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.n, a.n), cmp.Compare(b.m, a.m))
	})
	return all
}
