"""Prints what transformers computes for a model folder: python ask.py DIR, prompts as a JSON list on the standard input.

One JSON line for each prompt: its token ids, the logits at the last position (float32, little endian, base64) and the ids of
eight tokens chosen greedily. Arithmetic is float32, attention eager.
"""
import base64
import json
import sys

try:
    import torch
    import transformers
except ImportError as missing:
    print(json.dumps({"missing": str(missing)}))
    sys.exit(0)

path, prompts = sys.argv[1], json.load(sys.stdin)
transformers.logging.set_verbosity_error()
tokenizer = transformers.AutoTokenizer.from_pretrained(path, local_files_only=True)
model = transformers.AutoModelForCausalLM.from_pretrained(
    path, local_files_only=True, attn_implementation="eager", dtype=torch.float32).eval()
with torch.no_grad():
    for prompt in prompts:
        ids = tokenizer(prompt, return_tensors="pt").input_ids
        logits = model(ids).logits[0, -1].float()
        greedy = ids
        for _ in range(8):
            greedy = torch.cat([greedy, model(greedy).logits[:, -1:].argmax(-1)], 1)
        print(json.dumps({
            "ids": ids[0].tolist(),
            "logits": base64.b64encode(logits.numpy().astype("<f4").tobytes()).decode(),
            "greedy": greedy[0, ids.shape[1]:].tolist(),
            "versions": f"transformers {transformers.__version__}, torch {torch.__version__}"}), flush=True)
