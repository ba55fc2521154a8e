"""Makes small random models of every family through transformers' own classes: python families.py OUT_DIR [SEED].

Each is a folder as save_pretrained writes it, with a byte-level tokenizer, so that `neuronsteer check -against-transformers
OUT_DIR/*` compares whole models: config, weights, tokens, arithmetic. Sizes are odd on purpose.
"""
import os
import sys

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoConfig, AutoModelForCausalLM, Gemma3ForConditionalGeneration, PreTrainedTokenizerFast

SIZES = {"hidden_size": 36, "intermediate_size": 51, "num_hidden_layers": 5, "num_attention_heads": 6, "num_key_value_heads": 3,
         "head_dim": 10, "vocab_size": 263, "max_position_embeddings": 256, "bos_token_id": 256, "eos_token_id": 257,
         "pad_token_id": 258}
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64, "rope_theta": 10000.0}
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 64, "rope_theta": 500000.0}
# name: (model_type, what differs from SIZES and the family's defaults)
FAMILIES = {
    "llama": ("llama", {"tie_word_embeddings": False}),
    "llama-biases": ("llama", {"attention_bias": True, "mlp_bias": True, "tie_word_embeddings": True}),
    "llama-linear": ("llama", {"rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 10000.0}}),
    "llama-dynamic": ("llama", {"rope_parameters": {"rope_type": "dynamic", "factor": 4.0, "rope_theta": 10000.0}}),
    "llama-yarn": ("llama", {"rope_parameters": YARN}),
    "llama-yarn-mscale": ("llama", {"rope_parameters": {**YARN, "mscale": 0.7, "mscale_all_dim": 1.1, "beta_fast": 16.0}}),
    "llama3": ("llama", {"rope_parameters": LLAMA3, "tie_word_embeddings": True}),
    "mistral": ("mistral", {"sliding_window": 4}),
    "mistral-whole": ("mistral", {"sliding_window": None}),
    "qwen2": ("qwen2", {"head_dim": None, "tie_word_embeddings": True}),
    "qwen2-windows": ("qwen2", {"head_dim": None, "use_sliding_window": True, "sliding_window": 4, "max_window_layers": 2}),
    "qwen3": ("qwen3", {}),
    "qwen3-biases": ("qwen3", {"attention_bias": True, "tie_word_embeddings": True}),
    "gemma2": ("gemma2", {"query_pre_attn_scalar": 13, "sliding_window": 4, "attn_logit_softcapping": 2.0,
                          "final_logit_softcapping": 3.0}),
    "gemma3": ("gemma3_text", {"query_pre_attn_scalar": 13, "sliding_window": 4, "num_hidden_layers": 7}),
    "olmo2": ("olmo2", {"head_dim": None}),
    "phi3": ("phi3", {"head_dim": None, "sliding_window": 4}),
    "smollm3": ("smollm3", {"no_rope_layer_interval": 3}),
    "granite": ("granite", {"head_dim": None, "embedding_multiplier": 3.0, "attention_multiplier": 0.2, "residual_multiplier": 0.7,
                            "logits_scaling": 2.5}),
}


def tokenizer():
    """Every byte is a token, and there are seven more."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {c: i for i, c in enumerate(alphabet)}
    special = ["<bos>", "<eos>", "<pad>", *(f"<unused{i}>" for i in range(4))]
    tok = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tok.decoder = decoders.ByteLevel()
    tok.add_special_tokens(special)
    return PreTrainedTokenizerFast(tokenizer_object=tok, bos_token="<bos>", eos_token="<eos>", pad_token="<pad>")


def shake(model, seed):
    """Random weights of a size at which nothing vanishes, norms and biases included."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.ndim < 2:
                p.add_(0.3 * torch.randn_like(p))
            else:
                p.copy_(torch.randn_like(p) * 1.5 / p.shape[-1] ** 0.5)
    return model.eval()


def main(out, seed=1):
    tok = tokenizer()
    for i, (name, (kind, change)) in enumerate(FAMILIES.items()):
        sizes = {k: v for k, v in {**SIZES, **change}.items() if not (k == "head_dim" and v is None)}
        model = shake(AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **sizes)), 1000 * seed + i)
        model.save_pretrained(os.path.join(out, name))
        tok.save_pretrained(os.path.join(out, name))
    text = {**SIZES, "model_type": "gemma3_text", "sliding_window": 4, "num_hidden_layers": 7}
    vision = {"hidden_size": 16, "intermediate_size": 20, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 28,
              "patch_size": 14}
    config = AutoConfig.for_model("gemma3", text_config=text, vision_config=vision, mm_tokens_per_image=4,
                                  boi_token_index=259, eoi_token_index=260, image_token_index=261)
    model = shake(Gemma3ForConditionalGeneration(config), 1000 * seed + 999)
    model.save_pretrained(os.path.join(out, "gemma3-multimodal"))
    tok.save_pretrained(os.path.join(out, "gemma3-multimodal"))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
