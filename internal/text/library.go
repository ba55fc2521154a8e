package text

import (
	"errors"
	"os"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A library is one instance of what encodes and decodes. It may be used by several goroutines at once.
type library interface {
	// encode returns the tokens of s, which is UTF-8 without NUL bytes.
	encode(s string, special bool) ([]bpe.Token, error)
	// decode returns the text of ids, which are in the vocabulary.
	decode(ids []int32) (string, error)
	close() error
}

// An opener makes the instances of a tokenizer.
type opener interface {
	marked() (library, error)                // recognizes markers
	literal() (library, error)               // to which they are characters like any others
	named(markers []string) (library, error) // recognizes them by their aliases
}

// Library is the variable of the environment that says what encodes and decodes: go, this module's own, or daulet, Hugging
// Face's Rust library through github.com/daulet/tokenizers, which needs cgo. Without it, daulet where there is cgo.
const Library = "NEURONSTEER_TOKENIZER"

// openFile makes what encodes and decodes as a file says.
func openFile(file *bpe.File) (opener, error) {
	name := strings.TrimSpace(os.Getenv(Library))
	if name == "" {
		name = defaultLibrary
	}
	switch name {
	case "go":
		t, err := bpe.New(file)
		if err != nil {
			return nil, badFile("tokenizer.json", err)
		}
		return pure{t}, nil
	case "daulet":
		return openRust(file)
	}
	return nil, engine.Errorf(engine.BadSetting, Library, "there is no tokenizer %q; there are go and daulet", name).Try("unset %s", Library)
}

// pure is the library of this module: every instance is a view of one.
type pure struct{ t *bpe.Tokenizer }

func (p pure) marked() (library, error)  { return p, nil }
func (p pure) literal() (library, error) { return pure{p.t.Literal()}, nil }

func (p pure) named(markers []string) (library, error) {
	names := make(map[string]string, len(markers))
	for i, m := range markers {
		if _, ok := names[m]; !ok { // find names the first of two that are alike
			names[m] = alias(i)
		}
	}
	t, err := p.t.Renamed(names)
	return pure{t}, err
}

func (p pure) encode(s string, special bool) ([]bpe.Token, error) { return p.t.Encode(s, special) }
func (p pure) decode(ids []int32) (string, error)                 { return p.t.Decode(ids, false), nil }
func (pure) close() error                                         { return nil }

// loadError is what is said of a file that cannot be loaded.
func loadError(err error) error {
	if _, ok := errors.AsType[*engine.Error](err); ok {
		return err
	}
	return badFile("tokenizer.json", err)
}
