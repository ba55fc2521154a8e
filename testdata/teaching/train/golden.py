"""Golden outputs of the stored weights, for other implementations: `python golden.py MODEL OUT`.

golden.safetensors holds tensors, golden.json the texts. Maths: float32 on the bfloat16 weights
(a float64 run of the same code gives the error bars in golden.json). Names in golden.safetensors:

  <case>/ids           int64 [T]      the prompt with <s>
  <case>/logits        float32 [V]    last position
  <case>/relevance     float32 [L,T,F]  h * d(logit[target]-logit[versus])/dh, gradients through attention
  <case>/frozen        float32 [L,T,F]  the same with attention patterns held constant
  <case>/tokens, frozen_tokens   float32 [T]  relevance of the input embeddings; frozen_tokens sum to the metric
  <case>/neurons       float32 [L,F]    h at the last position
  <case>/residual      float32 [L,D]    residual stream after each layer at the last position
  <case>/greedy        int64 [n]      up to 24 new tokens
  <case>/ablated_logits, ablated_greedy   the 20 strongest supporters (see golden.json) times 0 at all positions
  <case>/doubled_logits                   the same neurons times 2
  contrast/<name>      float32 [L,F]    mean h at the last token, positive minus negative prompts
  control/<name>       float32 [L,D]    mean residual after each layer at the last token, positive minus negative
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

import circuits
from reference import Reference


def case(model, text, target, versus):
    ids = model.encode(text)
    t, v = model.token(target), model.token(versus)
    with torch.no_grad():
        logits, neurons, residual = model.forward(ids)
    relevance, tokens, metric = model.attribute(ids, t, v)
    frozen, frozen_tokens, _ = model.attribute(ids, t, v, frozen=True)
    circuit = circuits.top(relevance[:, 1:].sum(1), 20)
    off, twice = circuits.multiplier(model, circuit, 0.0), circuits.multiplier(model, circuit, 2.0)
    with torch.no_grad():
        ablated, doubled = model.forward(ids, off)[0][0, -1], model.forward(ids, twice)[0][0, -1]
    tensors = {
        "ids": ids[0], "logits": logits[0, -1], "relevance": relevance, "frozen": frozen,
        "tokens": tokens, "frozen_tokens": frozen_tokens,
        "neurons": torch.stack([h[0, -1] for h in neurons]), "residual": torch.stack([x[0, -1] for x in residual[1:]]),
        "greedy": torch.tensor(model.generate(ids)[0]), "ablated_logits": ablated,
        "ablated_greedy": torch.tensor(model.generate(ids, scale=off)[0]), "doubled_logits": doubled,
    }
    top = logits[0, -1].softmax(-1).topk(5)
    note = {
        "prompt": text, "target": target, "versus": versus, "target_id": t, "versus_id": v, "metric": metric,
        "tokens": [model.tokenizer.id_to_token(int(i)) for i in ids[0]],
        "top5": [[model.tokenizer.decode([int(i)], skip_special_tokens=False), round(p.item(), 5)] for p, i in zip(top.values, top.indices)],
        "greedy": model.tokenizer.decode(tensors["greedy"].tolist(), skip_special_tokens=False),
        "circuit": circuit, "ablated_metric": (ablated[t] - ablated[v]).item(), "doubled_metric": (doubled[t] - doubled[v]).item(),
        "ablated_greedy": model.tokenizer.decode(tensors["ablated_greedy"].tolist(), skip_special_tokens=False),
    }
    return tensors, note


TOLERANCE = {"logitsAbs": 2.1e-4, "metricAbs": 2.1e-4, "relevanceAbs": 1.3e-4, "otherRelativeToLargest": 1e-4,
             "greedy": "exact (least margin 0.002)", "note": "float32 data: twenty times its distance from a float64 run of the same code"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    behaviors = json.loads((args.model / "behaviors.json").read_text())
    model, exact = Reference(args.model), Reference(args.model, torch.float64)
    tensors, notes = {}, {}
    worst = {"logits": 0.0, "relevance": 0.0}
    for name, b in behaviors["behaviors"].items():
        if "golden" not in b:
            continue
        e = b["examples"][b["golden"]]
        part, notes[name] = case(model, e["prompt"], e["target"], e["counterfactual"])
        tensors |= {f"{name}/{k}": v.contiguous().clone() for k, v in part.items()}
        ids = part["ids"][None]
        with torch.no_grad():
            worst["logits"] = max(worst["logits"], (exact.forward(ids)[0][0, -1] - part["logits"]).abs().max().item())
        worst["relevance"] = max(worst["relevance"], (exact.attribute(ids, notes[name]["target_id"], notes[name]["versus_id"])[0] - part["relevance"]).abs().max().item())
    for name, pairs in behaviors["contrasts"].items():
        with torch.no_grad():
            sides = [[model.forward(model.encode(p[side])) for p in pairs] for side in ("positive", "negative")]
        mean = lambda side, i: torch.stack([torch.stack([x[0, -1] for x in out[i]]) for out in side]).mean(0)
        tensors[f"contrast/{name}"] = mean(sides[0], 1) - mean(sides[1], 1)
        tensors[f"control/{name}"] = (mean(sides[0], 2) - mean(sides[1], 2))[1:]
    save_file(tensors, str(args.out / "golden.safetensors"))
    (args.out / "golden.json").write_text(json.dumps(
        {"format": __doc__.split("\n\n", 1)[1], "largest_difference_from_float64": worst, "tolerance": TOLERANCE, "cases": notes}, indent=1, ensure_ascii=False) + "\n")
    print(worst, {k: (n["top5"][0], n["greedy"]) for k, n in notes.items()})


if __name__ == "__main__":
    main()
