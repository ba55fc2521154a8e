package bpe

import (
	"fmt"
	"hash/maphash"
	"math/bits"
)

// MaxID bounds the ids that a file may name: the largest vocabularies known have about 300,000 tokens, and a file that
// names id 2³¹−1 would otherwise make a table of that many entries.
const MaxID = 1 << 20

// A Vocab is the vocabulary of a model: pieces by id and ids by piece. It is not written to once it is read.
type Vocab struct {
	text  string   // all pieces, one after another
	at    []uint32 // id → where its piece begins in text
	size  []int32  // id → bytes of its piece; −1 for an id without one
	table []int32  // open addressing: id+1 by hash of the piece; 0 free
	shift uint
	seed  maphash.Seed
	n     int // pieces
}

// A vocabBuilder takes the pieces in.
type vocabBuilder struct {
	text []byte
	Vocab
}

// put gives a piece an id. A piece that comes again takes the later id, an id that comes again the later piece.
func (b *vocabBuilder) put(piece []byte, id int) {
	for len(b.at) <= id {
		b.at, b.size = append(b.at, 0), append(b.size, -1)
	}
	b.at[id], b.size[id] = uint32(len(b.text)), int32(len(piece))
	b.text = append(b.text, piece...)
}

// done makes the table.
func (b *vocabBuilder) done() (*Vocab, error) {
	v := b.Vocab
	if len(b.text) > 1<<31-1 {
		return nil, fmt.Errorf("the vocabulary has more than %d bytes", 1<<31-1)
	}
	v.text, v.seed = string(b.text), maphash.MakeSeed()
	size := 16
	for size < 2*len(v.at) {
		size *= 2
	}
	v.table, v.shift = make([]int32, size), uint(64-bits.TrailingZeros(uint(size)))
	for id := range v.at {
		if v.size[id] < 0 {
			continue
		}
		slot := v.slot(v.Piece(int32(id)))
		if old := v.table[slot]; old != 0 {
			v.size[old-1] = -1
			v.n--
		}
		v.table[slot] = int32(id) + 1
		v.n++
	}
	return &v, nil
}

// slot returns where a piece is in the table, or would be.
func (v *Vocab) slot(piece string) uint64 {
	mask := uint64(len(v.table) - 1)
	for slot := maphash.String(v.seed, piece) >> v.shift; ; slot = (slot + 1) & mask {
		if id := v.table[slot]; id == 0 || v.Piece(id-1) == piece {
			return slot
		}
	}
}

// ID returns the id of a piece.
func (v *Vocab) ID(piece string) (id int32, ok bool) {
	id = v.table[v.slot(piece)]
	return id - 1, id != 0
}

// Piece returns the piece of an id; "" for one without.
func (v *Vocab) Piece(id int32) string {
	if !v.Has(id) {
		return ""
	}
	return v.text[v.at[id] : v.at[id]+uint32(v.size[id])]
}

// Has reports whether an id has a piece.
func (v *Vocab) Has(id int32) bool { return id >= 0 && int(id) < len(v.size) && v.size[id] >= 0 }

// Len returns the number of pieces.
func (v *Vocab) Len() int { return v.n }

// IDs returns one more than the largest id.
func (v *Vocab) IDs() int { return len(v.at) }

// renamed returns the vocabulary with other names for some pieces.
func (v *Vocab) renamed(names map[string]string) (*Vocab, error) {
	b := &vocabBuilder{text: make([]byte, 0, len(v.text))}
	for id := range v.at {
		if v.size[id] < 0 {
			continue
		}
		piece := v.Piece(int32(id))
		if name, ok := names[piece]; ok {
			piece = name
		}
		b.put([]byte(piece), id)
	}
	return b.done()
}

// readVocab reads model.vocab: ids by piece (BPE, WordLevel), or a list of [piece, score] (Unigram).
func readVocab(s *scanner) (*Vocab, error) {
	b := &vocabBuilder{text: make([]byte, 0, len(s.data)/8)}
	if s.space() == '[' {
		next := 0
		err := s.list('[', ']', func() error {
			fields := 0
			err := s.list('[', ']', func() error {
				if fields++; fields > 1 {
					_, err := s.skip()
					return err
				}
				piece, err := s.text()
				if err != nil {
					return fmt.Errorf("entry %d: %w", next, err)
				}
				if next < MaxID {
					b.put(piece, next)
				}
				return nil
			})
			if err == nil && fields == 0 {
				err = s.fail("entry %d is empty", next)
			}
			if next++; err == nil && next > MaxID {
				err = fmt.Errorf("the vocabulary has more than %d tokens", MaxID)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		return b.done()
	}
	err := s.list('{', '}', func() error {
		piece, err := s.text()
		if err != nil {
			return err
		}
		if !s.accept(':') {
			return s.fail("a colon is missing")
		}
		id, err := s.id(MaxID)
		if err != nil {
			return fmt.Errorf("token %.80q: %w; ids go from 0 to %d", piece, err, MaxID-1)
		}
		b.put(piece, id)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b.done()
}
