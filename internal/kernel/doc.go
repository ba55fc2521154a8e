// Package kernel is the arithmetic of the native backend: products of activations with packed weight matrices, and functions
// on float32 vectors. It depends on the standard library alone, starts no goroutines and keeps no state but the memory that it
// is handed; who calls it decides what runs on which thread.
//
//	m, err := kernel.Pack(kernel.F32, n, k, raw)          // once: W[N,K], as a checkpoint stores it
//	m.Forward(s, rows, x, ldx, y, ldy, 0, m.Panels())     // y[rows,N] = x[rows,K]·Wᵀ
//	gt.Resize(rows, n)
//	gt.PackRows(g, ldg, 0, n)                             // g[rows,N], turned for Backward
//	m.Backward(s, rows, gt, gx, ldx, 0, k)                // gx[rows,K] = g[rows,N]·W
//
// # Layout
//
// A weight matrix lies in panels of 32 outputs, [⌈N/32⌉][K][32], so that one copy serves both directions: forward, the lanes
// of a vector register are outputs and activations are broadcast; backward, the lanes are rows (tokens) and weights are
// broadcast. Outputs past N are zero. N, K and the number of rows are any numbers from 1. Physically a panel is stored in the
// matrix's [Format], with block scales as small as in the file.
//
// # Numbers
//
// Every output of a product is one chain of fused multiply-adds in the order of the summed index, whatever the number of
// rows, the tile, the part of the matrix that one call computes, or the format: a quantized matrix gives the bits of its
// widened float32 one, and a prompt in a batch gives the bits that it gives alone. Sums over a vector run in 64 lanes, which
// a tree then adds. AVX-512 and AVX2 agree bit for bit; the plain Go code agrees to rounding, since it fuses only where the
// processor's Go compiler does. NaN, infinities, signed zeros and denormals follow IEEE 754; minima and maxima are NaN when an
// argument is, as Go's min and max are.
//
// # Bounds
//
// Nothing is read or written outside the slices' parts that a function names, and no alignment is needed. A slice that is too
// short ends in the usual index panic, before anything is written.
//
// # Implementations
//
// The best that the processor has is taken: AVX-512 (F, BW, DQ, VL), AVX2 with FMA, else plain Go. NEURONSTEER_KERNEL=avx512,
// avx2 or go forces one; [Chosen] says which, and why not the one asked for. The assembly is written by the program in gen
// (go generate).
//
//	format.go           how numbers are stored; codec.go what a format must tell
//	float32.go          the plain one; bfloat16.go and float16.go those of 16 bits
//	blocks.go           what all formats of blocks are brought to; blocks_pack.go how they come into memory
//	few.go              products of few rows with numbers as they are stored; units.go those of blocks, which also go back so
//	matrix.go           Matrix: Pack, Row; memory_*.go its memory outside the Go heap
//	forward.go          x·Wᵀ
//	backward.go         g·W; packed.go its left operand
//	operand.go          products of activations with activations
//	elementwise.go      Binary, Unary and their operations; rows.go Sum, Max, Dot, Softmax; transpose.go
//	plain*.go           all of it in plain Go
//	level.go, cpu_*     the choice
package kernel
