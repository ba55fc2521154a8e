// Package tensorfile reads and writes the two file formats that language models come in: safetensors and GGUF.
//
// Both readers map the file into memory and check everything a header claims (counts, sizes, offsets, overlaps) before a
// tensor can be asked for, so a damaged or truncated file is an error of Open and never a fault later:
//
//	f, err := tensorfile.Open("model.safetensors")      // or OpenGGUF("model.gguf")
//	w, err := f.Float32("model.embed_tokens.weight")    // [V,D], row-major
//	defer f.Close()
//
// A float32 tensor is not copied: its slice is the mapping, read-only, and ends with Close. Every other type is converted
// into a slice of its own, on all processors. Shapes are row-major in both formats: GGUF's order of dimensions is
// reversed on reading and on writing.
//
// A file that is made shorter by somebody else while it is mapped ends the process with a bus error, as with every
// mapping; files of models and results are therefore only ever replaced by renaming.
//
// The formats: https://github.com/huggingface/safetensors#format and
// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
package tensorfile
