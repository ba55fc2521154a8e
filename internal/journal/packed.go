package journal

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	readable = 2 << 10  // bytes of settings that stand as they are
	longest  = 4 << 20  // bytes of settings that go along at all; of what is packed, too
	widest   = 64 << 10 // characters of packed settings

	readableSources = 2 << 10  // bytes of an output's sources that stand as they are
	longestSources  = 64 << 20 // bytes of an output's sources that are unpacked
)

// Pack is the source with long settings packed (base64 of deflate): those of many prompts say the same words again and again.
// Ones that stay long, of whole vectors, are left out; the store has them.
func (s Source) Pack() Source {
	if len(s.Settings) <= readable {
		return s
	}
	text := s.Settings
	s.Settings, s.Packed = "", ""
	if len(text) > longest {
		return s
	}
	if packed := deflated([]byte(text), flate.BestSpeed); len(packed) <= widest {
		s.Packed = packed
	}
	return s
}

// Unpack is the source with its settings as they are. What cannot be unpacked is left out.
func (s Source) Unpack() Source {
	if s.Packed == "" {
		return s
	}
	text, err := inflated(s.Packed, longest)
	s.Packed = ""
	if err == nil {
		s.Settings = string(text)
	}
	return s
}

// Pack is the origin with long sources packed together: a verdict has a hundred, and they say the same model, sizes and prompts
// again and again, so that a notebook's file is a third of what it would be.
func (o Origin) Pack() Origin {
	whole := make([]Source, len(o.Sources))
	for i, s := range o.Sources {
		whole[i] = s.Unpack() // what was deflated has nothing in common with its neighbors
	}
	b, err := json.Marshal(whole)
	if err != nil || len(b) <= readableSources || len(b) > longestSources {
		return o
	}
	o.Sources, o.Packed = nil, deflated(b, flate.DefaultCompression)
	return o
}

// Unpack is the origin with its sources as they are.
func (o Origin) Unpack() (Origin, error) {
	if o.Packed == "" {
		return o, nil
	}
	b, err := inflated(o.Packed, longestSources)
	if err == nil {
		err = json.Unmarshal(b, &o.Sources)
	}
	if err != nil {
		return o, fmt.Errorf("the packed sources cannot be read: %w", err)
	}
	o.Packed = ""
	return o, nil
}

func deflated(b []byte, level int) string {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, level) // both levels exist
	_, _ = w.Write(b)                    // into memory
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

func inflated(s string, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(s))), most+1))
	if err == nil && int64(len(b)) > most {
		err = errors.New("it is too long")
	}
	return b, err
}
