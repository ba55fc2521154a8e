package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
)

// The Rust library ends the process on some files that it cannot read, and a process that holds a model is not to be
// lost to a damaged file. sound therefore reads tokenizer.json first, so that the library gets a canonical copy (UTF-8, each
// key once, no half characters), and refuses what no model of the Llama family uses and the library does not survive.

const (
	maxDepth     = 64     // the deepest real file has nine levels; the library's reader gives up at 128
	maxAdded     = 20_000 // added tokens: real files have up to 7,000; the library's time for them grows with the square
	maxMarker    = 256    // bytes of one that is special; real ones have some thirty
	maxGrowth    = 100    // how much longer normalizer and decoder may make a text: real ones at most twelve times
	maxProcessed = 64     // tokens that a post-processor adds; real ones add one or two
)

var (
	soundModels   = []string{"BPE", "Unigram", "WordLevel"}
	soundDecoders = []string{"ByteLevel", "ByteFallback", "Fuse", "Metaspace", "Replace", "Sequence", "Strip"}
)

// sound returns tokenizer.json as it is handed to the library: without truncation and padding, which would cut or pad
// a text, without dropout, which would draw its tokens by chance, and with the added tokens that config,
// tokenizer_config.json, names.
func sound(data, config []byte) (*bpe.File, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	f, err := bpe.Read(data)
	if err != nil {
		return nil, err
	}
	file := f.Rest
	if err := plain(file, 0); err != nil {
		return nil, err
	}
	file["truncation"], file["padding"] = nil, nil
	model, ok := file["model"].(map[string]any)
	if !ok {
		return nil, errors.New("it has no model")
	}
	if kind, _ := model["type"].(string); !slices.Contains(soundModels, kind) {
		return nil, fmt.Errorf("its model is of type %q; known are %q", kind, soundModels)
	}
	if s, _ := model["continuing_subword_prefix"].(string); s != "" {
		return nil, fmt.Errorf("its model has the continuing_subword_prefix %q, which is not supported", s)
	}
	delete(model, "dropout")
	if err := soundDecoder(file["decoder"]); err != nil {
		return nil, err
	}
	if err := addConfigured(f, config); err != nil {
		return nil, err
	}
	if err := soundAdded(file["added_tokens"]); err != nil {
		return nil, err
	}
	for _, part := range []string{"normalizer", "decoder"} {
		if g := growth(file[part]); g > maxGrowth {
			return nil, fmt.Errorf("its %s can make a text more than %d times as long", part, maxGrowth)
		}
	}
	if kinds := types(file["normalizer"]); slices.Contains(kinds, "Precompiled") {
		return nil, errors.New("its normalizer is of type Precompiled, which is not supported")
	}
	return f, nil
}

// plain refuses values that Go's reader accepts and the library's does not.
func plain(v any, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("it is nested more than %d levels deep", maxDepth)
	}
	switch v := v.(type) {
	case json.Number:
		if _, err := v.Float64(); err != nil {
			return fmt.Errorf("the number %s is out of range", v)
		}
	case []any:
		for _, x := range v {
			if err := plain(x, depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, x := range v {
			if err := plain(x, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// soundDecoder refuses decoders that the library cannot read or that end the process when they decode.
func soundDecoder(v any) error {
	for _, kind := range types(v) {
		if !slices.Contains(soundDecoders, kind) {
			return fmt.Errorf("its decoder is of type %q; known are %q", kind, soundDecoders)
		}
	}
	d, ok := v.(map[string]any)
	if !ok {
		if v != nil {
			return errors.New("its decoder is not an object")
		}
		return nil
	}
	if n, ok := d["stop"].(json.Number); ok && n != "0" {
		return errors.New("its decoder strips the end of each token, which is not supported")
	}
	inner, _ := d["decoders"].([]any)
	for _, x := range inner {
		if x == nil {
			return errors.New("its decoder has an empty step")
		}
		if err := soundDecoder(x); err != nil {
			return err
		}
	}
	return nil
}

// soundAdded refuses more and longer added tokens than any model has.
func soundAdded(v any) error {
	all, _ := v.([]any)
	if len(all) > maxAdded {
		return fmt.Errorf("it has %d added tokens, more than %d", len(all), maxAdded)
	}
	for _, x := range all {
		a, _ := x.(map[string]any)
		if s, _ := a["content"].(string); a["special"] == true && len(s) > maxMarker {
			return fmt.Errorf("the special token %.40q … has %d bytes, more than %d", s, len(s), maxMarker)
		}
	}
	return nil
}

// growth bounds how many times as long a normalizer or decoder can make a text: the memory for it is not to be had by the
// gigabyte, and without it the library ends the process.
func growth(v any) float64 {
	part, ok := v.(map[string]any)
	if !ok {
		return 1
	}
	g := 1.0
	content, _ := part["content"].(string)
	switch part["type"] {
	case "Replace":
		pattern, _ := part["pattern"].(map[string]any)
		if s, _ := pattern["String"].(string); s != "" {
			g = max(1, float64(len(content))/float64(len(s)))
		} else {
			g = 1 + float64(len(content)) // a regular expression may match nothing, everywhere
		}
	case "Prepend":
		s, _ := part["prepend"].(string)
		g = 1 + float64(len(s))
	}
	for _, key := range []string{"decoders", "normalizers"} {
		inner, _ := part[key].([]any)
		for _, x := range inner {
			g *= growth(x)
		}
	}
	return g
}

// types lists the type of a part of a tokenizer and of the parts of a Sequence.
func types(v any) []string {
	part, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	kind, _ := part["type"].(string)
	all := []string{kind}
	for _, key := range []string{"decoders", "normalizers"} {
		inner, _ := part[key].([]any)
		for _, x := range inner {
			all = append(all, types(x)...)
		}
	}
	return all
}
