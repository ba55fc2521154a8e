//go:build !cgo

package text

import (
	"github.com/neuronsteer/neuronsteer/internal/bpe"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// defaultLibrary is what encodes and decodes unless the environment says otherwise.
const defaultLibrary = "go"

func openRust(*bpe.File) (opener, error) {
	return nil, engine.Errorf(engine.BadSetting, Library, "this program was built without cgo, which the tokenizer daulet needs").
		Try("unset %s, or build with CGO_ENABLED=1 and the flags that `make env` prints", Library)
}
