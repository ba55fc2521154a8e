package kernel

import (
	"encoding/binary"
	"unsafe"
)

// A packer moves a block of a file for each of the 32 outputs of a panel into a record; raw begins with the first output's, and from one
// to the next there are stride bytes.
type packer func(rec, raw []byte, stride int)

var packers = [formats]packer{
	Q8_0:   packQ8_0,
	Q4_0:   packQ4_0,
	IQ4_NL: packQ4_0,
	Q4_1:   packQ4_1,
	Q5_0:   packQ5_0,
	Q5_1:   packQ5_1,
	Q2_K:   packQ2K,
	Q3_K:   packQ3K,
	Q4_K:   packQ4K,
	Q5_K:   packQ5K,
	Q6_K:   packQ6K,
}

// packBlocks packs rows of raw as a panel, record by record; the outputs that are missing are zeros.
func (f Format) packBlocks(panel []byte, rows, k int, raw []byte) {
	r := &records[f]
	numbers, size := f.Block()
	blocks := k / numbers
	if rows < Panel {
		all := make([]byte, 0, Panel*blocks*size)
		all = append(all, raw...)
		for zeros := f.zeros(); len(all) < cap(all); {
			all = append(all, zeros...)
		}
		raw = all
	}
	for b := range blocks {
		packers[f](panel[b*r.size:][:r.size], raw[b*size:], blocks*size)
	}
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
		fill(104, 108, 0xaa) // scales of 32−32
	case Q6_K:
		fill(128, 192, 0xaa)
	default: // a quant of 0 is zero
	}
	return b
}

// packWords turns n words of each of rows outputs, [rows][n] with stride bytes from one to the next, to [n][32].
func packWords(to []byte, rows int, from []byte, stride, n int) {
	if n == 0 {
		return
	}
	_, _ = to[((n-1)*Panel+rows)*4-1], from[(rows-1)*stride+4*n-1]
	t := inUse()
	if t == nil {
		for lane := range rows {
			for i := range n {
				binary.LittleEndian.PutUint32(to[(i*Panel+lane)*4:], binary.LittleEndian.Uint32(from[lane*stride+4*i:]))
			}
		}
		return
	}
	for lane := 0; lane < rows; lane += t.square {
		for i := 0; i < n; i += t.square {
			dst, src := (*float32)(unsafe.Pointer(&to[(i*Panel+lane)*4])), (*float32)(unsafe.Pointer(&from[lane*stride+4*i]))
			if h, w := min(t.square, rows-lane), min(t.square, n-i); h == t.square && w == t.square {
				t.transpose(1, dst, wordBytes, 0, src, stride, 0)
			} else {
				t.transposeEdge(dst, wordBytes, src, stride, h, w)
			}
		}
	}
}

// packHalves moves a binary16 of each output.
func packHalves(to, from []byte, stride int) {
	out := (*[2 * Panel]byte)(to)
	for lane := range Panel {
		binary.LittleEndian.PutUint16(out[2*lane:], binary.LittleEndian.Uint16(from[lane*stride:]))
	}
}

func packQ8_0(rec, raw []byte, stride int) {
	packHalves(rec, raw, stride)
	packWords(rec[64:], Panel, raw[2:], stride, 8)
}

func packQ4_0(rec, raw []byte, stride int) {
	packHalves(rec, raw, stride)
	packWords(rec[64:], Panel, raw[2:], stride, 4)
}

func packQ4_1(rec, raw []byte, stride int) {
	packHalves(rec, raw, stride)
	packHalves(rec[64:], raw[2:], stride)
	packWords(rec[128:], Panel, raw[4:], stride, 4)
}

func packQ5_0(rec, raw []byte, stride int) {
	packHalves(rec, raw, stride)
	packFifthBits(rec[64:], raw[2:], stride)
	packWords(rec[192:], Panel, raw[6:], stride, 4)
}

func packQ5_1(rec, raw []byte, stride int) {
	packHalves(rec, raw, stride)
	packHalves(rec[64:], raw[2:], stride)
	packFifthBits(rec[128:], raw[4:], stride)
	packWords(rec[256:], Panel, raw[8:], stride, 4)
}

func packFifthBits(to, from []byte, stride int) {
	for lane := range Panel {
		binary.LittleEndian.PutUint32(to[4*lane:], fifthBits(binary.LittleEndian.Uint32(from[lane*stride:])))
	}
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

func packQ2K(rec, raw []byte, stride int) {
	packHalves(rec, raw[80:], stride)
	packHalves(rec[64:], raw[82:], stride)
	for lane := range Panel {
		for i, x := range raw[lane*stride:][:16] {
			rec[128+i*Panel+lane] = x
		}
	}
	packWords(rec[640:], Panel, raw[16:], stride, 16)
}

// packQ3K takes the scales of 6 bits apart: the low four of scale i are a nibble of the first eight bytes, the high two are in the
// last four. It costs four bytes in 110.
func packQ3K(rec, raw []byte, stride int) {
	packHalves(rec, raw[108:], stride)
	for lane := range Panel {
		scales := (*[12]byte)(raw[lane*stride+96:])
		for i := range 16 {
			rec[64+i*Panel+lane] = scales[i%8]>>(i/8*4)&15 | scales[8+i%4]>>(i/4*2)&3<<4 - 32
		}
	}
	packWords(rec[576:], Panel, raw[32:], stride, 16)
	packWords(rec[2624:], Panel, raw, stride, 8)
}

func packQ4K(rec, raw []byte, stride int) {
	packHalves(rec, raw, stride)
	packHalves(rec[64:], raw[2:], stride)
	packScales(rec, raw[4:], stride)
	packWords(rec[640:], Panel, raw[16:], stride, 32)
}

func packQ5K(rec, raw []byte, stride int) {
	packHalves(rec, raw, stride)
	packHalves(rec[64:], raw[2:], stride)
	packScales(rec, raw[4:], stride)
	packWords(rec[640:], Panel, raw[48:], stride, 32)
	packWords(rec[4736:], Panel, raw[16:], stride, 8)
}

// packScales takes the scales and minimums of 6 bits apart. The first four of each lie in a byte each; of the last four the low
// nibbles share a byte, and the high two bits are above those of the first. It costs four bytes in 144 or 176.
func packScales(rec, raw []byte, stride int) {
	scales, mins := (*[8 * Panel]byte)(rec[128:]), (*[8 * Panel]byte)(rec[384:])
	for lane := range Panel {
		b := (*[12]byte)(raw[lane*stride:])
		for i := range 4 {
			scales[i*Panel+lane] = b[i] & 63
			mins[i*Panel+lane] = b[4+i] & 63
			scales[(4+i)*Panel+lane] = b[8+i]&15 | b[i]>>6<<4
			mins[(4+i)*Panel+lane] = b[8+i]>>4 | b[4+i]>>6<<4
		}
	}
}

func packQ6K(rec, raw []byte, stride int) {
	packHalves(rec, raw[208:], stride)
	for lane := range Panel {
		for i, x := range raw[lane*stride+192:][:16] {
			rec[64+i*Panel+lane] = x
		}
	}
	packWords(rec[576:], Panel, raw, stride, 32)
	packWords(rec[4672:], Panel, raw[128:], stride, 16)
}
