package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/testdata/teaching"
)

// A Model is an open checkpoint. Its methods are safe for concurrent use.
type Model struct {
	Config
	Tokenizer       []byte // tokenizer.json
	TokenizerConfig []byte // tokenizer_config.json, with its chat_template; nil when there is none

	name   string
	source source
}

// Open opens a model's files and checks that they are complete and fit each other. No weight is read yet. Errors have
// the code steer.BadModel, except ctx.Err().
func Open(ctx context.Context, ref modelref.Model) (*Model, error) {
	m, err := open(ctx, ref)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, engine.Errorf(engine.BadModel, ref.Name, "%v", err)
	}
	if err := m.checkTensors(m.source); err != nil {
		e := engine.Errorf(engine.BadModel, ref.Name, "%v", err).
			Try("compare config.json with the weights; both must be of the same model")
		return nil, errors.Join(e, m.Close())
	}
	m.name = ref.Name
	return m, nil
}

func open(ctx context.Context, ref modelref.Model) (*Model, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch ref.Kind {
	case modelref.Embedded:
		return openFolder(ctx, teaching.FS, "")
	case modelref.Directory:
		return openFolder(ctx, os.DirFS(ref.Path), ref.Path)
	case modelref.GGUF:
		return openGGUF(ref.Path)
	}
	return nil, fmt.Errorf("a reference of kind %v cannot be opened; make it with modelref.Resolve", ref.Kind)
}

// Tensor returns a tensor by its Hugging Face name, row-major, in the shape that the package doc lists. It must not be
// written to: an F32 of the embedded model is its bytes. It is read at every call.
func (m *Model) Tensor(name string) ([]float32, error) {
	w, err := m.source.tensor(name)
	if err != nil {
		return nil, engine.Errorf(engine.BadModel, m.name, "%v", err)
	}
	return w, nil
}

// Close closes the model's files.
func (m *Model) Close() error { return m.source.close() }
