package study

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// maxFile bounds a study's file, in bytes: data belong in files of their own.
const maxFile = 4 << 20

// Read reads a study and its data. Every mistake that can be seen without a model is reported at once, with its line.
func Read(path string) (*Study, error) {
	b, err := regular.ReadText(path, maxFile)
	if err != nil {
		return nil, engine.Errorf(steer.BadFile, path, "the study cannot be read: %v", err).Try("neuronsteer run study.yaml")
	}
	return parse(path, b)
}

// parse reads a study from bytes. path names it in mistakes and is where relative paths begin.
func parse(path string, b []byte) (*Study, error) {
	if len(b) > maxFile {
		return nil, engine.Errorf(steer.BadFile, path, "the study is larger than %d MB", maxFile>>20).Try("put examples into a file: examples_file")
	}
	s := &Study{source: b}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(s); err != nil {
		return nil, inLines(path, err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, engine.Errorf(steer.BadFile, path, "the file goes on after the study").Try("%s", manual)
	}
	at := newLines(path, b)
	s.defaults()
	files := s.readData(at, filepath.Dir(path))
	if err := errors.Join(files, s.check(at)); err != nil {
		return nil, err
	}
	data, err := json.Marshal(s.Behaviors) // what the files of data say
	if err != nil {
		return nil, engine.Errorf(steer.Internal, path, "the data cannot be written as JSON: %v", err)
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%d\n%s%s", len(b), b, data)
	sum.Write(s.sums)
	s.digest = hex.EncodeToString(sum.Sum(nil))
	return s, nil
}

// manual is what to type next where the format is not understood.
const manual = "neuronsteer run -h shows an example; the manual of the format is the package doc of internal/study"

var (
	placed  = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)
	unknown = regexp.MustCompile(`^field (.*) not found in type .*$`)
)

// inLines makes mistakes of the YAML reader lines that begin with their place.
func inLines(path string, err error) error {
	if errors.Is(err, io.EOF) {
		return engine.Errorf(steer.BadFile, path, "the study is empty").Try("%s", manual)
	}
	all := []string{err.Error()}
	if e, ok := errors.AsType[*yaml.TypeError](err); ok {
		all = e.Errors
	}
	var errs []error
	for _, text := range all {
		where := path
		if m := placed.FindStringSubmatch(text); m != nil {
			where, text = path+":"+m[1], m[2]
		}
		if m := unknown.FindStringSubmatch(text); m != nil {
			text = fmt.Sprintf("unknown field %q", m[1])
		}
		errs = append(errs, engine.Errorf(steer.BadFile, where, "%s", strings.ReplaceAll(text, "\n", " ")).Try("%s", manual))
	}
	return errors.Join(errs...)
}

func (s *Study) defaults() {
	if s.Backend == "" {
		s.Backend = "auto"
	}
	for i := range s.Methods {
		m := &s.Methods[i]
		m.Rule, m.Aggregate = or(m.Rule, string(steer.RelP)), or(m.Aggregate, "mean")
		if m.Rule == integrated && m.Steps == 0 {
			m.Steps = 20
		}
		m.Space, m.Vector = or(m.Space, steer.Residual.String()), or(m.Vector, string(steer.MeanDiff))
	}
	for i := range s.Tests {
		if t := &s.Tests[i]; t.Kind == "continuations" && t.MaxTokens == 0 {
			t.MaxTokens = 50
		}
	}
}

// readData takes the examples and pairs that lie in files of their own.
func (s *Study) readData(at lines, dir string) error {
	var errs []error
	near := func(path string) string {
		if filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(dir, path)
	}
	for i := range s.Behaviors {
		b, where := &s.Behaviors[i], fmt.Sprintf("behaviors[%d]", i)
		if b.ExamplesFile != "" {
			if len(b.Examples) > 0 {
				errs = append(errs, at.mistake(where+".examples_file", "examples are given here and in a file").Try("keep one of examples and examples_file"))
			}
			es, err := steer.Examples(near(b.ExamplesFile)).Read()
			b.Examples, b.unread, errs = es, b.unread || err != nil, append(errs, err)
		}
		if b.PairsFile != "" {
			if len(b.Pairs) > 0 {
				errs = append(errs, at.mistake(where+".pairs_file", "pairs are given here and in a file").Try("keep one of pairs and pairs_file"))
			}
			ps, err := steer.Pairs(near(b.PairsFile)).Read()
			b.Pairs, b.unread, errs = ps, b.unread || err != nil, append(errs, err)
		}
	}
	s.vectors = map[string]string{}
	for i, t := range s.Tests {
		if t.VectorFile == "" {
			continue
		}
		s.vectors[t.VectorFile] = near(t.VectorFile)
		sum, err := sumOf(near(t.VectorFile))
		if err != nil {
			errs = append(errs, at.mistake(fmt.Sprintf("tests[%d].vector_file", i), "the vector cannot be read: %v", err).Try("give the path of a vector that was saved, from the study's folder"))
		}
		s.sums = append(s.sums, sum...)
	}
	return errors.Join(errs...)
}

// sumOf returns the digest of a file.
func sumOf(path string) ([]byte, error) {
	f, err := regular.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return sum.Sum(nil), err
}
