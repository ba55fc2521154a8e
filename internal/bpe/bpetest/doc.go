// Package bpetest has the texts that tokenizers are compared on: the Go one, the Rust library and its Python binding.
//
// Texts returns them, the same on every machine. `go run ./internal/bpe/bpetest/strings` prints them as JSON for
// bench/peer/tokens.py, which writes what the Python binding makes of them.
package bpetest
