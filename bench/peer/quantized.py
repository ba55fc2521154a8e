"""Blocks of every quantized type of GGUF that is read, and what the gguf package makes of them.

    pip install -r bench/peer/quantized.txt
    python bench/peer/quantized.py internal/tensorfile/testdata/quantized.gguf

The file has a tensor for each type, named after it and written by gguf's own writer, and its numbers as gguf dequantizes
them, of type F32, as NAME.want. The blocks hold random bits. The scales of the first rows are of a usual size; those of the
others are what is at the edge of binary16: zeros of both signs, the smallest and largest subnormal and normal numbers,
infinities and a NaN, each with another beside it where a block has two. F16 and BF16 hold the same edges among random bits.
"""
import sys

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

# Where the binary16 scales of a block are, in bytes.
SCALES = {
    Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2], Type.Q8_0: [0], Type.IQ4_NL: [0],
    Type.Q2_K: [80, 82], Type.Q3_K: [108], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208],
}
EDGES = np.array([0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x0400, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E00], np.uint16)
USUAL = 4  # rows with scales of a usual size


def blocks(kind, random):
    _, size = gguf.GGML_QUANT_SIZES[kind]
    rows = random.integers(0, 256, (USUAL + len(EDGES), size), np.uint8)
    for i, at in enumerate(SCALES[kind]):
        usual = random.normal(0, .01, USUAL).astype(np.float16).view(np.uint16)
        scales = np.concatenate([usual, np.roll(EDGES, 3 * i)])
        rows[:, at:at + 2] = scales.view(np.uint8).reshape(-1, 2)
    return rows


def main(path):
    random = np.random.default_rng(9)
    out = gguf.GGUFWriter(path, "none")
    for kind in SCALES:
        rows = blocks(kind, random)
        out.add_tensor(kind.name, rows, raw_dtype=kind)
        with np.errstate(all="ignore"):
            out.add_tensor(kind.name + ".want", gguf.dequantize(rows, kind))
    half = np.concatenate([EDGES, random.integers(0, 1 << 16, 53, np.uint16)])
    brain = np.concatenate([EDGES, np.array([0x7F80, 0xFF80, 0x7FC0, 0x7F7F, 0x0080, 0x007F], np.uint16), random.integers(0, 1 << 16, 47, np.uint16)])
    for kind, bits in ((Type.F16, half.view(np.float16)), (Type.BF16, brain.view(np.uint8))):
        out.add_tensor(kind.name, bits, raw_dtype=kind)
        out.add_tensor(kind.name + ".want", gguf.dequantize(bits, kind))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


main(sys.argv[1])
