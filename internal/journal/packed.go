package journal

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"
	"strings"
)

const (
	readable = 2 << 10  // bytes of settings that stand as they are
	longest  = 4 << 20  // bytes of settings that go along at all; of what is packed, too
	widest   = 64 << 10 // characters of packed settings
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
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return s
	}
	if _, err := io.WriteString(w, text); err != nil || w.Close() != nil {
		return s
	}
	if packed := base64.StdEncoding.EncodeToString(b.Bytes()); len(packed) <= widest {
		s.Packed = packed
	}
	return s
}

// Unpack is the source with its settings as they are. What cannot be unpacked is left out.
func (s Source) Unpack() Source {
	if s.Packed == "" {
		return s
	}
	r := flate.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(s.Packed)))
	text, err := io.ReadAll(io.LimitReader(r, longest+1))
	s.Packed = ""
	if err == nil && len(text) <= longest {
		s.Settings = string(text)
	}
	return s
}
