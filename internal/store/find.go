package store

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
)

// find returns the whole records whose headers are wanted, in the order of their addresses. Of the others it reads no numbers.
// What is damaged, or leaves while it is looked for, is not there.
func (s *Store) find(want func(steer.Header) bool) ([]steer.Record, error) {
	files, err := s.files()
	if err != nil {
		return nil, unreachable(err)
	}
	slices.SortFunc(files, func(a, b Entry) int { return bytes.Compare(a.Ref[:], b.Ref[:]) })
	var out []steer.Record
	for _, f := range files {
		if f.Damaged || !s.has(f.Ref) {
			continue
		}
		if h, ok := header(f.path); !ok || !want(h) {
			continue
		}
		if rec, err := s.read(f.path, f.Ref); err == nil {
			s.touch(f.path)
			out = append(out, rec)
		}
	}
	return out, nil
}

// header reads the header of a result file, which nothing has verified.
func header(path string) (h steer.Header, ok bool) {
	f, err := tensorfile.Open(path)
	if err != nil {
		return h, false
	}
	defer f.Close()
	return h, json.Unmarshal([]byte(f.Metadata()[keyHeader]), &h) == nil
}
