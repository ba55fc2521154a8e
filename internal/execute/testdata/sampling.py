"""Writes sampling.json: what is left of logits after the logits processors of transformers, in its own order.

pip install torch transformers; python sampling.py > sampling.json
"""

import json
import random

import torch
import transformers
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

V = 24
random.seed(7)
torch.manual_seed(7)
model = LlamaForCausalLM(LlamaConfig(vocab_size=V, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1))


def case(i, **settings):
    logits = (torch.randn(V) * 192).round() / 64
    if i % 3 == 1 and "top_p" not in settings:  # ties, whose order is open in a sort
        logits = logits.round()
    ids = [random.randrange(V) for _ in range(1 + i % 6)]
    config = GenerationConfig(do_sample="temperature" in settings, **({"top_k": 0, "top_p": 1.0} | settings))
    config._eos_token_tensor = None
    processors = model._get_logits_processor(config, input_ids_seq_length=len(ids), prefix_allowed_tokens_fn=None, logits_processor=[])
    scores = processors(torch.tensor([ids], dtype=torch.long), logits[None].clone())[0]
    probabilities = scores.double().softmax(-1)
    return {
        "settings": settings, "logits": logits.tolist(), "ids": ids, "kept": [int(k) for k in torch.where(scores > -torch.inf)[0]],
        "probabilities": [float(f"{p:.7g}") for p in probabilities[scores > -torch.inf]], "best": int(scores.argmax()),
    }


cases, i = [], 0
for temperature in (None, 0.3, 1.0, 1.7):
    for more in ({}, {"top_k": 1}, {"top_k": 5}, {"top_p": 0.5}, {"top_p": 0.95}, {"min_p": 0.1}, {"min_p": 1.0}, {"top_k": 9, "top_p": 0.8},
                 {"top_k": 12, "top_p": 0.9, "min_p": 0.2}, {"top_k": 100, "min_p": 0.02}):
        for penalty in (None, 1.3, 0.7):
            if temperature is None and more:
                continue
            settings = dict(more)
            if temperature is not None:
                settings["temperature"] = temperature
            if penalty is not None:
                settings["repetition_penalty"] = penalty
            cases.append(case(i, **settings))
            i += 1
print('{"made by": "transformers %s, torch %s", "cases": [' % (transformers.__version__, torch.__version__))
print(",\n".join(json.dumps(c, separators=(",", ":")) for c in cases))
print("]}")
