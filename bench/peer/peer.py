"""What a PyTorch user would run instead, asked line by line: `python peer.py MODEL_DIR` reads JSON requests from the standard
input and answers each with one JSON line. bench/table asks this program and bench/ours in turn.

    {"do": "load"}                          load_s: from exec until the model is there
    {"do": "attribute", "lengths": [16]}    ms of one attribution of a batch of prompts with these numbers of tokens
    {"do": "reference", "lengths": [16]}    the same as the reference implementation goes about it: weights keep their
                                            gradients, and the 200 largest of each layer and position are read out one by one
    {"do": "decode", "context": 256}        ms of one more token after so many, with cached keys and values

Every answer has seconds since exec and the peak of resident memory. "attribute" is the fastest that PyTorch gives for the
same numbers: float32, eager attention, no weight gradients, logits at the last position of each prompt only.
"""
import json
import os
import resource
import sys
import time


def since_exec():
    """Seconds since this process was started, imports included."""
    with open("/proc/self/stat") as f:
        ticks = float(f.read().rpartition(")")[2].split()[19])
    with open("/proc/uptime") as f:
        return float(f.read().split()[0]) - ticks / os.sysconf("SC_CLK_TCK")


import torch  # noqa: E402  (the import is part of what a user waits for)
from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache  # noqa: E402
from transformers.models.llama import modeling_llama  # noqa: E402

TEXT = "When Mary and John went to the store, John gave a drink to the old man who had been waiting near the door. " * 100
TARGET, VERSUS = 7042, 4528
PLAIN = modeling_llama.LlamaRMSNorm.forward, modeling_llama.LlamaMLP.forward


def norm(self, x):
    """RMSNorm with its factor held constant."""
    factor = self.weight * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.variance_epsilon)
    return x * factor.detach()


def mlp(self, x):
    """SwiGLU with a constant gate coefficient; the product shares its gradient half and half. Keeps h for its gradient."""
    gate, up = self.gate_proj(x), self.up_proj(x)
    act = gate * torch.sigmoid(gate).detach()
    self.h = (act * up.detach() + act.detach() * up) / 2
    if self.h.requires_grad:
        self.h.retain_grad()
    return self.down_proj(self.h)


class Peer:
    """A loaded model and its requests."""

    def __init__(self, path):
        self.tokenizer = AutoTokenizer.from_pretrained(path)
        self.model = AutoModelForCausalLM.from_pretrained(path, attn_implementation="eager", dtype=torch.float32).eval()
        self.ids = self.tokenizer(TEXT).input_ids
        self.loaded = since_exec()

    def batch(self, lengths):
        """Prompts [B,T], padded on the right, where causality keeps the padding from reaching anything."""
        top = max(lengths)
        return torch.tensor([self.ids[:n] + [0] * (top - n) for n in lengths]), torch.tensor(lengths) - 1

    def load(self):
        return {"load_s": self.loaded}

    def rules(self, on, gradients):
        modeling_llama.LlamaRMSNorm.forward, modeling_llama.LlamaMLP.forward = (norm, mlp) if on else PLAIN
        for p in self.model.parameters():
            p.requires_grad_(gradients)
            p.grad = None

    def attribute(self, lengths):
        self.rules(True, False)
        ids, last = self.batch(lengths)
        start = time.perf_counter()
        x = self.model.model.embed_tokens(ids).detach().requires_grad_(True)                       # [B,T,D]
        out = self.model.model(inputs_embeds=x, use_cache=False).last_hidden_state                 # [B,T,D]
        logits = self.model.lm_head(out[torch.arange(len(lengths)), last])                         # [B,V]
        h = [layer.mlp.h for layer in self.model.model.layers]                                     # L of [B,T,F]
        g = torch.autograd.grad((logits[:, TARGET] - logits[:, VERSUS]).sum(), h)
        scores = [a.detach() * b for a, b in zip(h, g)]
        return {"ms": 1e3 * (time.perf_counter() - start), "sum": float(sum(s.double().sum() for s in scores))}

    def reference(self, lengths):
        self.rules(True, True)
        ids, _ = self.batch(lengths)
        start = time.perf_counter()
        logits = self.model(ids).logits[0, -1]
        (logits[TARGET] - logits[VERSUS]).backward()
        found = {}
        for l, layer in enumerate(self.model.model.layers):
            scores = (layer.mlp.h.grad * layer.mlp.h.detach())[0]
            for p in range(1, scores.shape[0]):
                for value, n in zip(*scores[p].abs().topk(200)):
                    if value.item() > 1e-8:
                        found[l, p, n.item()] = scores[p][n].item()
        return {"ms": 1e3 * (time.perf_counter() - start)}

    def decode(self, context, tokens=32):
        self.rules(False, False)
        ids, _ = self.batch([context])
        with torch.no_grad():
            cache = DynamicCache()
            token = self.model(ids, past_key_values=cache).logits[:, -1:].argmax(-1)
            start = time.perf_counter()
            for _ in range(tokens):
                token = self.model(token, past_key_values=cache).logits[:, -1:].argmax(-1)
            return {"ms": 1e3 * (time.perf_counter() - start) / tokens}


def main(path):
    peer = Peer(path)
    for line in sys.stdin:
        request = json.loads(line)
        out = getattr(peer, request.pop("do"))(**request)
        out["since_exec_s"] = since_exec()
        out["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
        print(json.dumps(out), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
