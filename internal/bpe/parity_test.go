package bpe_test

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
	"github.com/neuronsteer/neuronsteer/internal/bpe/bpetest"
)

// what are the parts of a reference: see bench/peer/tokens.py.
var what = [4]string{"ids", "places", "pieces", "decoded texts"}

// compare holds a tokenizer to what the Python binding makes of the texts. No difference is let through.
func compare(t *testing.T, name string, tokenizerJSON []byte) {
	t.Helper()
	want, err := os.ReadFile(filepath.Join("testdata", "reference", name+".bin"))
	if err != nil {
		t.Fatal(err)
	}
	tok := newTokenizer(t, tokenizerJSON)
	texts := bpetest.Texts()
	if len(texts) != 5000 || len(want) != 8*len(texts) {
		t.Fatalf("%d texts, %d bytes of reference", len(texts), len(want))
	}
	differ := map[string]int{}
	for i, x := range texts {
		for k, got := range checks(t, tok, x.Text) {
			if at := 8*i + 2*k; string(got[:]) != string(want[at:at+2]) {
				if differ[what[k]]++; differ[what[k]] <= 3 {
					t.Errorf("%s: the %s of %.200q (%s) differ", name, what[k], x.Text, x.Kind)
				}
			}
		}
	}
	if len(differ) > 0 {
		t.Errorf("%s: differences in %v", name, differ)
	}
}

func newTokenizer(t testing.TB, tokenizerJSON []byte) *bpe.Tokenizer {
	t.Helper()
	f, err := bpe.Read(tokenizerJSON)
	if err != nil {
		t.Fatal(err)
	}
	tok, err := bpe.New(f)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// checks returns the two bytes of each part.
func checks(t *testing.T, tok *bpe.Tokenizer, s string) (out [4][2]byte) {
	t.Helper()
	plain, err := tok.Encode(s, false)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	full, err := tok.Encode(s, true)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	var parts [4][]byte
	number := func(k int, n int) { parts[k] = binary.LittleEndian.AppendUint32(parts[k], uint32(n)) }
	text := func(k int, s string) {
		number(k, len(s))
		parts[k] = append(parts[k], s...)
	}
	list := func(tokens []bpe.Token) (ids []int32) {
		for _, x := range tokens {
			ids = append(ids, x.ID)
			number(0, int(x.ID))
		}
		return ids
	}
	plainIDs := list(plain)
	number(0, 1<<32-1)
	fullIDs := list(full)
	number(0, 1<<32-1)
	before, after := around(t, tok)
	for i := range full {
		added := 0
		if i < before || i >= len(full)-after {
			added = 1
		}
		number(0, added)
	}
	for _, x := range plain {
		number(1, x.Start)
		number(1, x.End)
		piece, _ := tok.Piece(x.ID)
		text(2, piece)
	}
	text(3, tok.Decode(plainIDs, false))
	text(3, tok.Decode(fullIDs, true))
	for k := range parts {
		sum := sha256.Sum256(parts[k])
		out[k] = [2]byte(sum[:2])
	}
	return out
}

// around returns how many tokens the post-processor puts before and after a text: nothing is all that it adds to.
func around(t *testing.T, tok *bpe.Tokenizer) (before, after int) {
	t.Helper()
	a, err := tok.Encode("a", true)
	if err != nil {
		t.Fatal(err)
	}
	for before < len(a) && a[before].End == 0 {
		before++
	}
	for after < len(a)-before && a[len(a)-1-after].End == 0 {
		after++
	}
	return before, after
}

func gunzip(t testing.TB, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
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
	return data
}

// TestAsPython: 5,000 texts give the same ids, places, pieces and texts as in Python, with SmolLM2's vocabulary. The others
// are in parity_npm_test.go.
func TestAsPython(t *testing.T) {
	compare(t, "smollm2", gunzip(t, filepath.Join("..", "text", "testdata", "smollm2-tokenizer.json.gz")))
}
