// Package tensorfile reads and writes the two file formats that language models come in: safetensors and GGUF.
//
// Both readers check everything a header claims (counts, sizes, offsets, overlaps) before a tensor can be asked for, so a
// damaged or truncated file is an error of Open and never a fault later:
//
//	f, err := tensorfile.Open("model.safetensors")      // or OpenGGUF("model.gguf")
//	w, err := f.Float32("model.embed_tokens.weight")    // [V,D], row-major
//	defer f.Close()
//
// A tensor is read when it is asked for, into a slice of the caller's own, on all processors. Shapes are row-major in both
// formats: GGUF's order of dimensions is reversed on reading and on writing.
//
// Raw gives a tensor as the file stores it, type and bytes; WriteGGUF and WriteSafetensors take such tensors too. The types
// of weights that Float32 widens are ReadableTypes, each as the format defines it: the same bits as gguf's own Python package
// gives (bench/peer/quantized.py makes the test's file).
//
// Files are read and not mapped into memory. One that somebody else makes shorter meanwhile is an error of the tensor
// that is missing; a mapping of it would end the process wherever its numbers are used. What a file holds is as it is when
// it is read: files of models and results should be replaced by renaming.
//
// The formats: https://github.com/huggingface/safetensors#format and
// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
package tensorfile
