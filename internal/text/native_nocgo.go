//go:build !cgo

package text

import "github.com/neuronsteer/neuronsteer/steer"

// native stands in for the Rust library in a build without cgo.
type native struct{}

type span struct{ id, start, end int }

func openNative([]byte, bool) (*native, error) {
	return nil, steer.Errorf(steer.NoEngine, "tokenizer", "this program was built without cgo, which the tokenizer needs").
		Try("build it with `make build`, or with CGO_ENABLED=1 and the flags that `make env` prints")
}

func (*native) encode(string, bool) ([]span, error) { return nil, steer.NoEngine }
func (*native) decode([]int32) (string, error)      { return "", steer.NoEngine }
func (*native) close() error                        { return nil }
