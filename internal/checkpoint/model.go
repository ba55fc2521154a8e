package checkpoint

import (
	"context"
	"errors"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/testdata/teaching"
)

// A Model is an open checkpoint. Its methods are safe for concurrent use.
type Model struct {
	Config
	Tokenizer       []byte // tokenizer.json
	TokenizerConfig []byte // tokenizer_config.json, with its chat_template; nil when there is none

	ref    modelref.Model
	files  *modelref.Files // nil when it is embedded
	source *weights
}

// Open opens a model's files and checks that they are complete and fit each other. No weight is read yet. Errors have
// the code steer.BadModel, except ctx.Err().
//
// What is read of an open model is what Identity identifies; Unchanged says so when all has been read.
func Open(ctx context.Context, ref modelref.Model) (*Model, error) {
	m, err := open(ctx, ref)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, engine.Errorf(engine.BadModel, ref.Name, "%v", err)
	}
	if err = m.checkTensors(m.source); err == nil {
		err = m.checkHead(m.source)
	}
	if err != nil {
		e := engine.Errorf(engine.BadModel, ref.Name, "%v", err).
			Try("compare config.json with the weights; both must be of the same model")
		return nil, errors.Join(e, m.Close())
	}
	return m, nil
}

func open(ctx context.Context, ref modelref.Model) (m *Model, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if ref.Kind == modelref.Embedded {
		if m, err = openFolder(ctx, teaching.FS); m != nil {
			m.ref = ref
		}
		return m, err
	}
	files, err := ref.Open()
	if err != nil {
		return nil, err
	}
	if ref.Kind == modelref.GGUF {
		m, err = openGGUF(ctx, files, ref.Parts())
	} else {
		m, err = openFolder(ctx, files)
	}
	if err != nil {
		return nil, errors.Join(err, files.Close())
	}
	m.ref, m.files = ref, files
	return m, nil
}

// Identity returns the digests of the open files. Their names may lead to others by now.
func (m *Model) Identity(ctx context.Context) (steer.Identity, error) {
	if m.files == nil {
		return m.ref.Identity()
	}
	return m.files.Identity(ctx)
}

// Unchanged returns an error if the contents of the open files changed since they were opened.
func (m *Model) Unchanged(ctx context.Context) error {
	if m.files == nil {
		return nil
	}
	err := m.files.Unchanged(ctx)
	if err == nil || ctx.Err() != nil {
		return err
	}
	return engine.Errorf(engine.BadModel, m.ref.Name, "%v", err)
}

// Tensor returns a tensor by its Hugging Face name, row-major, in the shape that the package doc lists. It must not be
// written to: an F32 of the embedded model is its bytes. It is read at every call.
func (m *Model) Tensor(name string) ([]float32, error) {
	w, err := m.source.tensor(name)
	if err != nil {
		return nil, engine.Errorf(engine.BadModel, m.ref.Name, "%v", err)
	}
	return w, nil
}

// RawRows returns the rows from lo to hi of a tensor by its Hugging Face name as the file stores them: the type of its numbers and
// their bytes, row by row in the order of Tensor, whole blocks of the type along a row. Widened they are what Tensor returns, bit
// for bit. They must not be written to: those of the embedded model are its own. They are read at every call.
func (m *Model) RawRows(name string, lo, hi int) (format tensorfile.DType, stored []byte, err error) {
	if format, stored, err = m.source.raw(name, lo, hi); err != nil {
		return "", nil, engine.Errorf(engine.BadModel, m.ref.Name, "%v", err)
	}
	return format, stored, nil
}

// Stored returns the type of a tensor's numbers as the file stores it, and how many bytes they take.
func (m *Model) Stored(name string) (format tensorfile.DType, size int64, err error) {
	if format, size, err = m.source.size(name); err != nil {
		return "", 0, engine.Errorf(engine.BadModel, m.ref.Name, "%v", err)
	}
	return format, size, nil
}

// Close closes the model's files.
func (m *Model) Close() error {
	err := m.source.close()
	if m.files != nil {
		err = errors.Join(err, m.files.Close())
	}
	return err
}
