#!/usr/bin/env python3
"""Writes what the Python binding of Hugging Face's tokenizers makes of the texts of internal/bpe/bpetest.

    go run ./internal/bpe/bpetest/strings >texts.json
    python tokens.py texts.json OUTDIR NAME=tokenizer.json...

Needs tokenizers at the version of lab/peer.txt. For each name OUTDIR/NAME.bin has eight bytes a text, two of each SHA-256 of

    ids without what the post-processor adds, with it, and which of these it added
    places of the former, in bytes
    pieces of the former
    texts of the former, and of the latter without special tokens

so that a difference says which of these differ, and a repository holds nine vocabularies of 5,000 texts.
"""
import hashlib
import json
import pathlib
import struct
import sys

import tokenizers


def numbers(values):
    return struct.pack(f"<{len(values)}I", *values)


def sized(text):
    data = text.encode()
    return numbers([len(data)]) + data


def check(*parts):
    return hashlib.sha256(b"".join(parts)).digest()[:2]


def main():
    texts = json.loads(pathlib.Path(sys.argv[1]).read_text())
    out = pathlib.Path(sys.argv[2])
    for arg in sys.argv[3:]:
        name, path = arg.split("=", 1)
        t = tokenizers.Tokenizer.from_file(path)
        data, total = bytearray(), 0
        for s in texts:
            at = [0]
            for c in s:
                at.append(at[-1] + len(c.encode()))
            full, plain = t.encode(s), t.encode(s, add_special_tokens=False)
            total += len(plain.ids)
            data += check(numbers(plain.ids), numbers([2**32 - 1]), numbers(full.ids), numbers([2**32 - 1]), numbers(full.special_tokens_mask))
            data += check(numbers([at[i] for span in plain.offsets for i in span]))
            data += check(*(sized(x) for x in plain.tokens))
            data += check(sized(t.decode(plain.ids, skip_special_tokens=False)), sized(t.decode(full.ids, skip_special_tokens=True)))
        (out / f"{name}.bin").write_bytes(data)
        print(name, tokenizers.__version__, len(texts), "texts", total, "tokens")


main()
