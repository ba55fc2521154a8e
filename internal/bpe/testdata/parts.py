"""Writes parts.json: small tokenizers made of the parts that package bpe knows, and what the Python binding of Hugging Face's
tokenizers makes of a few texts by them.

    pip install tokenizers==0.23.3 && python parts.py
"""

import json
import pathlib

from tokenizers import Tokenizer, pre_tokenizers

CHARS = list(pre_tokenizers.ByteLevel.alphabet()) + ["▁", "é", "中"]
BYTES = [f"<0x{b:02X}>" for b in range(256)]
MERGES = [("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o"), ("Ġ", "w"), ("Ġw", "o"), ("▁", "w"), ("▁w", "o"), ("1", "2"), ("▁", "h"), ("▁h", "e"), ("a", "a"), ("aa", "aa"), ("Ã", "©")]
TEXTS = [
    "hello world", "  hello  world ", "Hello, World! 12 123", "héllo wörld", "<s> hello <m> x<m>y <n>hello</s>", "hello<w>ello <w> ,<w>.", "ÀÉ e\u0301 ﬁ ½", "\thello\n\nworld\n",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "中文 hello中", "", " ", "x", "don't 'S", "<L>  <r>  hello", "İstanbul STRASSE", "a_b-c.d", "²12٣", "▁hello▁", "\u00a0hello\u3000", "hello" * 12, "<q>hello  <q> <s>",
]


def added(content, special=False, normalized=False, **flags):
    return {"content": content, "special": special, "normalized": normalized, "single_word": False, "lstrip": False, "rstrip": False, **flags}


ADDED = [
    added("<s>", True), added("</s>", True), added("<m>", False, True, lstrip=True), added("<n>", True, False, rstrip=True), added("<w>", False, False, single_word=True),
    added("<L>", True, False, lstrip=True, rstrip=True), added("<q>", False, True), added("<r>", True, True),
]


def byte_level(prefix=False, trim=True, regex=True):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": trim, "use_regex": regex}


def seq(key, *parts):
    return {"type": "Sequence", key: list(parts)}


def template(*pieces):
    part = lambda p: {"Sequence": {"id": "A", "type_id": 0}} if p == "A" else {"SpecialToken": {"id": p, "type_id": 0}}
    return {"type": "TemplateProcessing", "single": [part(p) for p in pieces], "pair": [part("A")], "special_tokens": {p: {"id": p, "ids": [IDS[p]], "tokens": [p]} for p in pieces if p != "A"}}


VOCAB = {}
for piece in ["<unk>", "<s>", "</s>"] + sorted(set(CHARS)) + BYTES + [a + b for a, b in MERGES] + [" "]:
    VOCAB.setdefault(piece, len(VOCAB))
IDS = VOCAB

META = {"type": "Metaspace", "replacement": "▁"}
REPLACE = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
BACK = {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}
CASES = [
    {"pre_tokenizer": byte_level()},
    {"pre_tokenizer": byte_level(True), "post_processor": byte_level(True, True), "decoder": byte_level()},
    {"pre_tokenizer": byte_level(False), "post_processor": byte_level(False, True), "decoder": byte_level()},
    {"pre_tokenizer": byte_level(True), "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1], "trim_offsets": True, "add_prefix_space": True}, "decoder": byte_level()},
    {"post_processor": {"type": "BertProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1]}, "pre_tokenizer": {"type": "WhitespaceSplit"}},
    {"pre_tokenizer": seq("pretokenizers", {"type": "Punctuation", "behavior": "Contiguous"}, byte_level(), {"type": "Digits", "individual_digits": False}), "decoder": byte_level()},
    {"pre_tokenizer": seq("pretokenizers", {"type": "Digits", "individual_digits": True}, byte_level(False, True, False)), "decoder": byte_level()},
    {"pre_tokenizer": {**META, "prepend_scheme": "always"}, "decoder": {**META, "prepend_scheme": "always"}},
    {"pre_tokenizer": {**META, "prepend_scheme": "first", "split": False}, "decoder": {**META, "prepend_scheme": "first"}},
    {"pre_tokenizer": {**META, "prepend_scheme": "never", "split": True}, "decoder": {**META, "prepend_scheme": "never"}},
    {"pre_tokenizer": {**META, "add_prefix_space": True}, "decoder": {**META, "add_prefix_space": True}},
    {"normalizer": seq("normalizers", {"type": "Prepend", "prepend": "▁"}, REPLACE), "post_processor": template("<s>", "A", "</s>"),
     "decoder": seq("decoders", BACK, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}), "model": {"byte_fallback": True, "fuse_unk": True, "unk_token": "<unk>"}},
    {"normalizer": REPLACE, "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False}, "model": {"fuse_unk": True, "unk_token": "<unk>"},
     "decoder": seq("decoders", BACK, {"type": "Fuse"})},
    {"model": {"unk_token": "<unk>"}, "pre_tokenizer": {"type": "Whitespace"}},
    {"model": {"unk_token": "<unk>"}, "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "[ ]+"}, "behavior": "MergedWithNext", "invert": False}},
    {"model": {"unk_token": "<unk>"}, "normalizer": {"type": "Strip", "strip_left": True, "strip_right": True}, "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\s"}, "behavior": "Removed", "invert": False}},
    {"model": {"unk_token": "<unk>"}, "normalizer": seq("normalizers", {"type": "NFD"}, {"type": "StripAccents"}), "pre_tokenizer": {"type": "CharDelimiterSplit", "delimiter": "_"}},
    {"model": {"unk_token": "<unk>"}, "normalizer": seq("normalizers", {"type": "NFKC"}), "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\w+"}, "behavior": "Contiguous", "invert": True}},
    {"model": {"unk_token": "<unk>"}, "normalizer": {"type": "NFKD"}, "pre_tokenizer": {"type": "Punctuation"}},
    {"normalizer": {"type": "NFC"}, "pre_tokenizer": byte_level(), "model": {"ignore_merges": True}, "decoder": byte_level()},
    {"normalizer": {"type": "Replace", "pattern": {"Regex": "l+"}, "content": "LL"}, "pre_tokenizer": byte_level(), "decoder": byte_level()},
    {"pre_tokenizer": byte_level(), "post_processor": seq("processors", byte_level(True, False), template("<s>", "A")), "decoder": seq("decoders", byte_level(), {"type": "Strip", "content": "h", "start": 2, "stop": 0})},
]


def main():
    cases = []
    for c in CASES:
        model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, **c.get("model", {})}
        model["vocab"], model["merges"] = VOCAB, MERGES
        ids = dict(VOCAB)
        tokens = [{"id": ids.setdefault(a["content"], len(ids)), **a} for a in ADDED]
        file = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens, "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None, **c, "model": model}
        t = Tokenizer.from_str(json.dumps(file))
        rows = []
        for s in TEXTS:
            at = [0]
            for x in s:
                at.append(at[-1] + len(x.encode()))
            e = t.encode(s)
            row = {"ids": e.ids, "places": [at[i] for o in e.offsets for i in o], "text": t.decode(e.ids, skip_special_tokens=False), "skipped": t.decode(e.ids, skip_special_tokens=True)}
            # Since 0.23 a normalized token decodes to its normalized spelling, as " <m>" where ▁ is put before texts; up to
            # 0.22, which the Rust library of this repository is, to its own. Here it is its own: text_test compares the two.
            if any(a["normalized"] and a["id"] in e.ids and t.id_to_token(a["id"]) != a["content"] for a in tokens):
                del row["text"], row["skipped"]
            rows.append(row)
        cases.append({"parts": c, "rows": rows})
    vocab = json.dumps({"vocab": VOCAB, "merges": MERGES}, ensure_ascii=False)
    out = {"texts": TEXTS, "added": tokens, "model": json.loads(vocab), "cases": cases}
    pathlib.Path(__file__).with_name("parts.json").write_text(json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n")


main()
