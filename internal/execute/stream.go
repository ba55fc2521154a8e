package execute

import (
	"strings"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// stream gives the text of new tokens one by one. It holds back a character until its last byte is there, and what could
// begin a text that it stops at.
type stream struct {
	text    engine.Tokenizer
	stops   []string
	ids     []int32
	all     string // the text so far, up to where it stopped
	sent    int    // bytes of it
	stopped string // the text that it stopped at
}

// add returns what a token makes certain of the text.
func (s *stream) add(id int32) (string, error) {
	before := len(s.all)
	s.ids = append(s.ids, id)
	all, err := s.text.DecodeNew(s.ids)
	if err != nil {
		return "", err
	}
	s.all = all
	if at, stop := s.find(before); stop != "" {
		s.all, s.stopped = all[:at], stop
		return "", nil
	}
	if strings.HasSuffix(all, string(utf8.RuneError)) {
		return "", nil
	}
	return s.send(len(all) - s.held()), nil
}

// rest returns what was held back, when nothing more comes.
func (s *stream) rest() string { return s.send(len(s.all)) }

func (s *stream) send(to int) string {
	if to <= s.sent {
		return ""
	}
	part := s.all[s.sent:to]
	s.sent = to
	return part
}

// find returns where the text stops, if it does: at the first place, and of several texts there at the longest. Before is
// how long the text was one token ago. It may have changed a little before that, where a character was not whole.
func (s *stream) find(before int) (at int, stop string) {
	at = len(s.all)
	for _, text := range s.stops {
		from := max(0, min(before, len(s.all))-len(text)-utf8.UTFMax)
		if i := strings.Index(s.all[from:], text); i >= 0 && (from+i < at || from+i == at && len(text) > len(stop)) {
			at, stop = from+i, text
		}
	}
	return at, stop
}

// held is how many bytes at the end could begin a text that it stops at.
func (s *stream) held() (n int) {
	for _, text := range s.stops {
		for k := min(len(text)-1, len(s.all)); k > n; k-- {
			if strings.HasSuffix(s.all, text[:k]) {
				n = k
			}
		}
	}
	return n
}
