package checkpoint

import (
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// openGGUF opens a file of llama.cpp.
func openGGUF(path string) (*Model, error) {
	f, err := tensorfile.OpenGGUF(path)
	if err != nil {
		return nil, err
	}
	m, err := fromGGUF(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return m, nil
}

func fromGGUF(f *tensorfile.GGUF) (*Model, error) {
	s := newGGUF(f)
	m := &Model{source: s}
	var err error
	if m.Config, err = ggufConfig(f, s); err != nil {
		return nil, err
	}
	s.headDim = m.HeadDim
	if m.Tokenizer, err = ggufTokenizer(f.Metadata, m.Vocab); err != nil {
		return nil, err
	}
	m.TokenizerConfig = ggufTokenizerConfig(f.Metadata)
	return m, nil
}
