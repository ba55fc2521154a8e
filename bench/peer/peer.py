"""What a PyTorch user would run instead: load a model through transformers, then attribute.

    python peer.py MODEL_DIR T [REPEAT]     one JSON line: load_s, first_s, and attribute_ms (median)

The attribution is the fastest that PyTorch gives for the same numbers: float32, eager attention, no weight gradients, logits
at the last position only. first_s is the wall time from the start of the process, imports included, until the first attribution is there; load_s until
the model is.
"""
import json
import os
import statistics
import sys
import time


def since_exec():
    """Seconds since this process was started, imports included."""
    with open("/proc/self/stat") as f:
        ticks = float(f.read().rpartition(")")[2].split()[19])
    with open("/proc/uptime") as f:
        return float(f.read().split()[0]) - ticks / os.sysconf("SC_CLK_TCK")


import torch  # noqa: E402  (the import is part of what a user waits for)
from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: E402
from transformers.models.llama import modeling_llama  # noqa: E402

TEXT = "When Mary and John went to the store, John gave a drink to the old man who had been waiting near the door. " * 40
TARGET, VERSUS = 7042, 4528


def norm(self, x):
    """RMSNorm with its factor held constant."""
    factor = self.weight * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.variance_epsilon)
    return x * factor.detach()


def mlp(self, x):
    """SwiGLU with a constant gate coefficient; the product shares its gradient half and half. Keeps h for its gradient."""
    gate, up = self.gate_proj(x), self.up_proj(x)
    act = gate * torch.sigmoid(gate).detach()
    self.h = (act * up.detach() + act.detach() * up) / 2
    return self.down_proj(self.h)


def attribute(model, ids):
    """Scores of every neuron, L tensors [1,T,F]."""
    x = model.model.embed_tokens(ids).detach().requires_grad_(True)                              # [1,T,D]
    last = model.model(inputs_embeds=x, use_cache=False).last_hidden_state[:, -1]                # [1,D]
    logits = model.lm_head(last)                                                                 # [1,V]
    h = [layer.mlp.h for layer in model.model.layers]                                            # L of [1,T,F]
    g = torch.autograd.grad((logits[:, TARGET] - logits[:, VERSUS]).sum(), h)
    return [a.detach() * b for a, b in zip(h, g)]


def main(path, length, repeat=0):
    tokenizer = AutoTokenizer.from_pretrained(path)
    model = AutoModelForCausalLM.from_pretrained(path, attn_implementation="eager", dtype=torch.float32).eval()
    for p in model.parameters():
        p.requires_grad_(False)
    modeling_llama.LlamaRMSNorm.forward, modeling_llama.LlamaMLP.forward = norm, mlp
    ids = torch.tensor([tokenizer(TEXT).input_ids[:length]])
    out = {"T": ids.shape[1], "load_s": round(since_exec(), 3)}
    attribute(model, ids)
    out["first_s"] = round(since_exec(), 3)
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        attribute(model, ids)
        times.append(1e3 * (time.perf_counter() - start))
    if times:
        out["attribute_ms"] = round(statistics.median(times), 1)
    print(json.dumps(out))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
