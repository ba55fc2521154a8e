"""MODEL_CARD.md from the measured numbers: `python card.py MODEL EVALUATION.json CIRCUITS.json`."""

import json
import sys
from pathlib import Path

import train
from circuits import FLIP, STRENGTHS, sentiment_pairs

HELD = {
    "template": "the fact is trained, this wording of it is not", "pair": "both words are trained, never together in this construction",
    "noun": "the subject noun is trained in simple sentences only, never before an attractor", "depth": "two prepositional phrases, never trained",
    "city": "single hops trained; this city is trained two-hop with other relations only", "never": "single hops trained; this city is never trained two-hop",
    "run": "a run of this start and length is never trained (shorter pieces are)", "sum": "neither x + y nor y + x is trained",
    "seen": "not held out: measures memory, not generalization",
}
PAIR_ONLY = ("sva", "sentiment")


def main():
    folder, evaluation, circuits = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()), json.loads(Path(sys.argv[3]).read_text())
    c = train.CONFIG
    size = (folder / "model.safetensors").stat().st_size
    total = sum(p.stat().st_size for p in folder.iterdir() if p.suffix in (".json", ".safetensors") and p.name != "behaviors.json")
    d, f, l, kv = c["hidden_size"], c["intermediate_size"], c["num_hidden_layers"], c["num_key_value_heads"] * c["head_dim"]
    parameters = c["vocab_size"] * d + l * (2 * d * d + 2 * d * kv + 3 * d * f + 2 * d) + d
    out = [f"""# Teaching model

A very small Llama with behaviors a person can understand, for demonstrations, tests and courses that run offline in under a second.
It was trained from nothing on sentences made by a grammar. It knows about {len(evaluation)} kinds of question and nothing else.

| | |
|---|---|
| architecture | `LlamaForCausalLM`: {l} layers, width {d}, {f} neurons per layer ({l * f:,} in all), {c['num_attention_heads']} query heads and {c['num_key_value_heads']} key/value heads of {c['head_dim']}, RMSNorm, SwiGLU, RoPE, tied embeddings |
| parameters | {parameters:,} |
| files | `model.safetensors` {size / 1e6:.2f} MB (bfloat16); weights, tokenizer and configuration together {total / 1e6:.2f} MB |
| tokenizer | byte-level BPE, {c['vocab_size']} tokens; adds `<s>`; every answer word is one token with a leading space |
| chat | ChatML: `<|im_start|>user\\n…<|im_end|>\\n<|im_start|>assistant\\n`; no default system prompt; template in `tokenizer_config.json` |
| end of text | `</s>` (2) or `<|im_end|>` (4) |
| context | trained on rows of {train.LENGTH} tokens with most documents under 70; positions up to {c['max_position_embeddings']} are accepted, quality beyond {train.LENGTH} is unknown |
| training | {train.STEPS:,} steps of {train.ROWS * train.LENGTH:,} tokens ({train.STEPS * train.ROWS * train.LENGTH / 1e6:.1f} M tokens, none repeated), AdamW, {train.RATE:g} peak, linear decay over the last {train.DECAY} steps |
| reproduce | `pip install -r train/requirements.txt && python train/train.py OUT`; the data are deterministic, the weights up to float rounding of the machine |
| license | own work, under the license of this project; no outside text, model or data set was used. The facts in `train/lexicon.py` are common knowledge |

## What it can do

`behaviors.json` lists prompts with target, counterfactual and a corrupted prompt for each behavior, and contrast pairs
(sentiment, refusal, gender, plural, language). The table gives accuracy on items of each kind, float32 on the stored weights.
*top-1*: the target is the most likely token. *pair*: it beats the counterfactual, a wrong word of the same kind; chance is 50 %.
For agreement and sentiment several words are right, so only *pair* counts there.

| behavior | held out | n | top-1 | pair | mean margin |
|---|---|---:|---:|---:|---:|"""]
    for key, r in evaluation.items():
        name, held = key.split("/")
        top1 = "–" if name.startswith(PAIR_ONLY) else f"{100 * r['top1']:.0f} %"
        out.append(f"| {name} | {held} | {r['n']} | {top1} | {100 * r['pair']:.0f} % | {r['margin']:+.1f} |")
    out.append("\nHeld out means:\n")
    out += [f"- **{k}**: {v}." for k, v in HELD.items()]
    out.append("""
## Are its circuits meaningful?

Relevance (gradient × activation at the input of `down_proj`; norm factors and sigmoids constant, the gate·up product shared half and
half) was averaged over 24 or fewer held-out prompts; the top k supporters were set to zero at all positions on *other* held-out prompts
(for "state capital" and "pronoun" most prompts are trained ones, because few are held out).
Controls are 20 random sets with the same number of neurons in each layer. Numbers are accuracy (target beats counterfactual) and mean margin.

| behavior | n | intact | top 10 off | top 20 off | top 50 off | random 10 | random 20 | random 50 |
|---|---:|---:|---:|---:|---:|---:|---:|---:|""")
    cell = lambda a, m: f"{100 * a:.0f} % ({m:+.1f})"
    for name, r in circuits["circuits"].items():
        s = r["sizes"]
        out.append(f"| {name} | {r['test']} | {cell(*r['base'])} | " + " | ".join(cell(*s[k]["ablated"]) for k in s) + " | "
                   + " | ".join(cell(s[k]["random_accuracy"], s[k]["random_margin"]) for k in s) + " |")
    out.append("\nMean margin when the top 20 are multiplied:\n")
    first = next(iter(circuits["circuits"].values()))["sweep"]
    out.append("| behavior | " + " | ".join(f"× {float(m):g}" for m in first) + " |\n|---|" + "---:|" * len(first))
    for name, r in circuits["circuits"].items():
        out.append(f"| {name} | " + " | ".join(f"{v[1]:+.1f}" for v in r["sweep"].values()) + " |")
    out.append("""
Single facts have circuits of their own, so the same test was made with one circuit per prompt (16 prompts each): share of prompts whose
target is still the most likely token, and mean margin.

| behavior | intact | own top 10 off | own top 20 off | own top 50 off | random 10 | random 20 | random 50 |
|---|---:|---:|---:|---:|---:|---:|---:|""")
    for name, r in circuits["own"].items():
        s = r["sizes"]
        out.append(f"| {name} | {cell(r['first'], r['margin'])} | " + " | ".join(cell(x["first"], x["margin"]) for x in s.values()) + " | "
                   + " | ".join(cell(x["random_first"], x["random_margin"]) for x in s.values()) + " |")
    short = {n: n.replace("agreement is/are ", "").replace("agreement, ", "") for n in circuits["cross"]}
    out.append("\nSpecificity: accuracy of every behavior (column) while the top 20 of one (row) are off. The diagonal should fall, the rest stay.\n")
    out.append("| off | " + " | ".join(short.values()) + " |\n|---|" + "---:|" * len(short))
    for name, r in circuits["cross"].items():
        out.append(f"| {short[name]} | " + " | ".join(f"**{100 * v:.0f}**" if k == name else f"{100 * v:.0f}" for k, v in r.items()) + " |")
    out.append("""
## Sentiment control vector

Mean difference of the residual stream after a layer ("I loved the film. It was" minus "I hated the film. It was", %d pairs, last token),
added at all positions while continuing 24 neutral openings ("I watched the film.") greedily. Shares of continuations that are positive / negative;
last column: share of 24 openings such as "I loved the concert." whose continuation turns negative at strength %g. Broken text (a word three times running) counts as neither.

| after layer | """ % (len(sentiment_pairs()), FLIP) + " | ".join(f"{s:g}" for s in STRENGTHS) + " | flipped |\n|---|" + "---:|" * 8)
    for layer, r in circuits["control"]["layers"].items():
        out.append(f"| {layer} | " + " | ".join(f"{100 * v['positive']:.0f}/{100 * v['negative']:.0f}" for k, v in r.items() if isinstance(v, dict))
                   + f" | {100 * r['flipped']:.0f} % |")
    notes = Path(__file__).with_name("notes.md")
    out.append("\n## Limits\n\n" + (notes.read_text() if notes.exists() else ""))
    (folder / "MODEL_CARD.md").write_text("\n".join(out).rstrip() + "\n")


if __name__ == "__main__":
    main()
