// Package bpe is Hugging Face's tokenizers library in Go, as far as models with byte-pair encoding use it: byte-level BPE
// (GPT-2 and what came after) and BPE of SentencePiece's kind (Llama 2, Gemma). It gives the same tokens, places and texts.
//
//	file, err := bpe.Read(tokenizerJSON)
//	tok, err := bpe.New(file)
//	tokens, err := tok.Encode("The capital of France is", true)
//
// # The way of a text
//
// A text goes through the parts of tokenizer.json, each a file here:
//
//	added tokens    those that are not normalized are found in the text as given        added.go, trie.go
//	normalizer      what lies between them is changed; places are kept byte by byte      normalizer.go, nfc.go, span.go
//	added tokens    those that are normalized are found in the result
//	pre-tokenizer   the rest is split into words                                         pretokenizer.go, split.go, pattern/
//	model           each word becomes symbols, of which neighbors are merged             model.go, merge.go, queue.go, merges.go
//	post-processor  places lose white space, markers come before and after               post.go
//
// and ids back through the decoder (decode.go).
//
// # What is known
//
//   - normalizers: NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace, Sequence
//   - pre-tokenizers: ByteLevel, Split, Digits, Punctuation, Whitespace, WhitespaceSplit, CharDelimiterSplit, Metaspace, Sequence
//   - model: BPE with merges as texts or pairs, unk_token, fuse_unk, byte_fallback, ignore_merges
//   - post-processors: TemplateProcessing of a single text, ByteLevel, RobertaProcessing, BertProcessing, Sequence
//   - decoders: ByteLevel, ByteFallback, Fuse, Metaspace, Replace, Strip, Sequence
//
// All else (Unigram, WordPiece and WordLevel models, dropout, prefixes and suffixes of subwords, Precompiled, Nmt,
// BertNormalizer, UnicodeScripts, BertPreTokenizer, FixedLength, truncation, padding, a setting that is not known) is
// refused by its name when a tokenizer is made.
//
// # Where versions of the reference differ
//
// It is measured against the Python binding 0.23.3, which counts places in characters. Two things are otherwise in the Rust
// library 0.22 that package text links beside this package: it trims white space from places (trim_offsets) in bytes, so that a
// place may end within a character; and a normalized added token decodes to its own spelling, as here, not to the normalized
// one. Characters that came after Unicode 9 are not normalized, since the reference's tables end there.
//
// # Bounds
//
// A text of n bytes takes time and memory of the order of n log n, whatever it holds and whatever the file's expressions are
// (pattern says how). A file is bounded by its size, and its ids by MaxID.
package bpe
