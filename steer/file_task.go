package steer

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// FileTask describes what a file holds, a Circuit or a Vector, for a model: its request asks the model what it is, and the file is
// read, and held against that, when a number of the result is first needed.
type FileTask[T any] struct {
	m    *Model
	path string
	read func(path string, info func() Info) T
}

// CircuitFile describes the circuit in a file that Circuit.Save or Save wrote; LoadCircuit reads it at once.
func (m *Model) CircuitFile(path string) FileTask[Circuit] {
	return FileTask[Circuit]{m, path, circuitInFile}
}

// VectorFile describes the vector in a file that Vector.Save or Save wrote; LoadVector reads it at once.
func (m *Model) VectorFile(path string) FileTask[Vector] {
	return FileTask[Vector]{m, path, vectorInFile}
}

// Model returns the model that the file is for.
func (t FileTask[T]) Model() *Model { return t.m }

// Run asks the model what it is. What is wrong with the file is reported by whatever uses the result; LoadCircuit and LoadVector
// report it themselves.
func (t FileTask[T]) Run(ctx context.Context) (T, error) { return run(ctx, t) }

// Request implements Task: it is that of Info.
func (t FileTask[T]) Request() (Request, error) { return t.m.Info().Request() }

// Result builds the result around fetch.
func (t FileTask[T]) Result(fetch func() Record) T {
	return t.read(t.path, func() Info { return InfoTask{t.m}.Result(fetch) })
}

// circuitInFile is a circuit that reads its file when it is first asked.
func circuitInFile(path string, info func() Info) Circuit {
	read := sync.OnceValue(func() Circuit {
		b, err := readCircuitFile(path)
		if err == nil {
			var c Circuit
			if c, err = parseCircuit(path, b, info()); err == nil {
				return c
			}
		}
		return Circuit{origin: func() origin { return origin{err: err} }}
	})
	return Circuit{name: savedName(path), entries: func() []Entry { return read().all() }, origin: func() origin { return read().from() }}
}

// vectorInFile is a vector that reads its file when it is first asked.
func vectorInFile(path string, info func() Info) Vector {
	return Vector{name: stem(path), load: sync.OnceValue(func() vectorData {
		f, err := readVectorFile(path)
		if err == nil {
			var v Vector
			if v, err = f.vector(path, info()); err == nil {
				return v.data()
			}
		}
		return vectorData{err: err}
	})}
}

// savedName is the name that the first lines of a circuit's file give, which are read at once, or the file's own where they do not.
func savedName(path string) string {
	const firstLines = 4096
	f, err := regular.Open(path)
	if err != nil {
		return stem(path)
	}
	b, _ := io.ReadAll(io.LimitReader(f, firstLines)) // what is wrong with the file is said when it is read
	_ = f.Close()
	m := nameLine.FindSubmatch(b)
	var name string
	if m == nil || json.Unmarshal(m[1], &name) != nil {
		return stem(path)
	}
	return name
}

var nameLine = regexp.MustCompile(`(?m)^\s*"name": ("(?:[^"\\]|\\.)*"),?$`)

// stem is a file's name without its ending.
func stem(path string) string {
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

// Err says why there is no circuit: a list of neurons or a file that cannot be read; nil where there is one. Whatever uses the circuit
// reports it too.
func (c Circuit) Err() error { return c.from().err }

// Err says why the vector cannot be used: a file that cannot be read, or a sum of vectors of two models; nil where it can. Whatever
// uses the vector reports it too.
func (v Vector) Err() error { return v.data().err }
