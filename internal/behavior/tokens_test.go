//go:build cgo

package behavior_test

import (
	"compress/gzip"
	"io"
	"os"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/behavior"
	"github.com/neuronsteer/neuronsteer/internal/text"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestAnswersAreOneToken reads every answer of the generated sets with SmolLM2's tokenizer.
func TestAnswersAreOneToken(t *testing.T) {
	f, err := os.Open("../text/testdata/smollm2-tokenizer.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	smollm2, err := text.New(data, nil, []int32{2})
	if err != nil {
		t.Fatal(err)
	}
	defer smollm2.Close()
	tiny, err := os.ReadFile(testdata + "/teaching/tokenizer.json")
	if err != nil {
		t.Fatal(err)
	}
	own, err := text.New(tiny, nil, []int32{2})
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	one := func(tok *text.Tokenizer, s string) bool {
		ts, err := tok.Encode(s, engine.Encoding{})
		if err != nil {
			t.Fatal(err)
		}
		return len(ts) == 1
	}
	for _, s := range behavior.Generated() {
		known := 0
		for _, e := range s.Examples {
			for _, answer := range []string{e.Target, e.Versus} {
				if !one(smollm2, answer) {
					t.Errorf("%s: %q is more than one token of SmolLM2", s.Name, answer)
				}
			}
			if one(own, e.Target) && one(own, e.Versus) {
				known++
			}
		}
		t.Logf("%s: the teaching model has the answers of %d of %d lines", s.Name, known, len(s.Examples))
		if s.Name == "sentiment" || s.Name == "agreement" {
			if known < len(s.Examples) {
				t.Errorf("%s: the teaching model has the answers of %d of %d lines only", s.Name, known, len(s.Examples))
			}
		}
	}
}
