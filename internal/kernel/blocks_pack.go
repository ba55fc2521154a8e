package kernel

import "encoding/binary"

// A mover moves a block of a file into the place of one output in a record.
type mover func(rec []byte, lane int, block []byte)

var movers = [formats]mover{
	Q8_0:   packQ8_0,
	Q4_0:   packQ4_0,
	IQ4_NL: packQ4_0,
	Q4_1:   packQ4_1,
	Q5_0:   packQ5_0,
	Q5_1:   packQ5_1,
	Q2_K:   packQ2_K,
	Q3_K:   packQ3_K,
	Q4_K:   packQ4_K,
	Q5_K:   packQ5_K,
	Q6_K:   packQ6_K,
}

// zeros returns a block whose numbers are all +0: a scale of zero times quants that are zero, or not negative where a format
// has no zero.
func (f Format) zeros() []byte {
	_, size := f.Block()
	b := make([]byte, size)
	fill := func(from, to int, x byte) {
		for i := from; i < to; i++ {
			b[i] = x
		}
	}
	switch f {
	case Q4_0, IQ4_NL:
		fill(2, 18, 0x88)
	case Q5_0:
		fill(2, 6, 0xff)
	case Q3_K:
		fill(0, 32, 0xff)
		fill(96, 104, 0)
		fill(104, 108, 0xaa) // scales of 32−32
	case Q6_K:
		fill(128, 192, 0xaa)
	default: // a quant of 0 is zero
	}
	return b
}

// packBlocks packs rows of raw as a panel; the outputs that are missing are zeros.
func (f Format) packBlocks(panel []byte, rows, k int, raw []byte) {
	r, move := &records[f], movers[f]
	numbers, size := f.Block()
	blocks := k / numbers
	for lane := range rows {
		row := raw[lane*blocks*size:][:blocks*size]
		for b := range blocks {
			move(panel[b*r.size:][:r.size], lane, row[b*size:][:size])
		}
	}
	if rows == Panel {
		return
	}
	zeros := f.zeros()
	for lane := rows; lane < Panel; lane++ {
		for b := range blocks {
			move(panel[b*r.size:][:r.size], lane, zeros)
		}
	}
}

// moveHalf moves a binary16, and moveWords words.
func moveHalf(to []byte, lane int, from []byte) {
	to[2*lane], to[2*lane+1] = from[0], from[1]
}

func moveWords(to []byte, lane int, from []byte) {
	to = to[4*lane:]
	for len(from) >= 4 {
		binary.LittleEndian.PutUint32(to, binary.LittleEndian.Uint32(from))
		if from = from[4:]; len(from) == 0 {
			return
		}
		to = to[wordBytes:]
	}
}

func packQ8_0(rec []byte, lane int, block []byte) {
	moveHalf(rec, lane, block)
	moveWords(rec[64:], lane, block[2:34])
}

func packQ4_0(rec []byte, lane int, block []byte) {
	moveHalf(rec, lane, block)
	moveWords(rec[64:], lane, block[2:18])
}

func packQ4_1(rec []byte, lane int, block []byte) {
	moveHalf(rec, lane, block)
	moveHalf(rec[64:], lane, block[2:])
	moveWords(rec[128:], lane, block[4:20])
}

func packQ5_0(rec []byte, lane int, block []byte) {
	moveHalf(rec, lane, block)
	binary.LittleEndian.PutUint32(rec[64+4*lane:], fifthBits(binary.LittleEndian.Uint32(block[2:])))
	moveWords(rec[192:], lane, block[6:22])
}

func packQ5_1(rec []byte, lane int, block []byte) {
	moveHalf(rec, lane, block)
	moveHalf(rec[64:], lane, block[2:])
	binary.LittleEndian.PutUint32(rec[128+4*lane:], fifthBits(binary.LittleEndian.Uint32(block[4:])))
	moveWords(rec[256:], lane, block[8:24])
}

// fifthBits moves bit 4c+b to bit c of byte b, so that a shift by c and a mask of every byte give the bits of word c.
func fifthBits(x uint32) uint32 {
	return spread[x&255] | spread[x>>8&255]<<2 | spread[x>>16&255]<<4 | spread[x>>24]<<6
}

// spread holds what fifthBits makes of the lowest byte.
var spread = func() (t [256]uint32) {
	for x := range t {
		for bit := range 8 {
			t[x] |= uint32(x>>bit&1) << (bit%4*8 + bit/4)
		}
	}
	return t
}()

func packQ2_K(rec []byte, lane int, block []byte) {
	moveHalf(rec, lane, block[80:])
	moveHalf(rec[64:], lane, block[82:])
	for i, x := range block[:16] {
		rec[128+i*Panel+lane] = x
	}
	moveWords(rec[640:], lane, block[16:80])
}

// packQ3_K takes the scales of 6 bits apart: the low four of scale i are a nibble of the first eight bytes, the high two are in the
// last four. It costs four bytes in 110.
func packQ3_K(rec []byte, lane int, block []byte) {
	moveHalf(rec, lane, block[108:])
	scales := block[96:108]
	for i := range 16 {
		x := scales[i%8]>>(i/8*4)&15 | scales[8+i%4]>>(i/4*2)&3<<4
		rec[64+i*Panel+lane] = x - 32
	}
	moveWords(rec[576:], lane, block[32:96])
	moveWords(rec[2624:], lane, block[:32])
}

func packQ4_K(rec []byte, lane int, block []byte) {
	moveHalf(rec, lane, block)
	moveHalf(rec[64:], lane, block[2:])
	packScales(rec, lane, block[4:16])
	moveWords(rec[640:], lane, block[16:144])
}

func packQ5_K(rec []byte, lane int, block []byte) {
	moveHalf(rec, lane, block)
	moveHalf(rec[64:], lane, block[2:])
	packScales(rec, lane, block[4:16])
	moveWords(rec[640:], lane, block[48:176])
	moveWords(rec[4736:], lane, block[16:48])
}

// packScales takes the scales and minimums of 6 bits apart. The first four of each lie in a byte each; of the last four the low
// nibbles share a byte, and the high two bits are above those of the first. It costs four bytes in 144 or 176.
func packScales(rec []byte, lane int, b []byte) {
	for i := range 4 {
		rec[128+i*Panel+lane] = b[i] & 63
		rec[384+i*Panel+lane] = b[4+i] & 63
		rec[128+(4+i)*Panel+lane] = b[8+i]&15 | b[i]>>6<<4
		rec[384+(4+i)*Panel+lane] = b[8+i]>>4 | b[4+i]>>6<<4
	}
}

func packQ6_K(rec []byte, lane int, block []byte) {
	moveHalf(rec, lane, block[208:])
	for i, x := range block[192:208] {
		rec[64+i*Panel+lane] = x
	}
	moveWords(rec[576:], lane, block[:128])
	moveWords(rec[4672:], lane, block[128:192])
}
