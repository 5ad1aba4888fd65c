#!/usr/bin/env python3
"""Makes the golden models of tests/llama/parity_test.cpp: tiny random LLaMAs saved by Hugging Face transformers, each
with the logits transformers computes for a few tokens. Run: python3 tests/data/llama_parity/make.py (torch and
transformers needed; the files made are committed)."""
import json, pathlib, shutil
import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

here = pathlib.Path(__file__).parent
base = dict(vocab_size=40, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=64, bos_token_id=1, eos_token_id=2, initializer_range=0.3,
            rms_norm_eps=1e-5)
models = {
    "grouped_untied": ({}, "5GB"),
    "tied_one_group": (dict(tie_word_embeddings=True, num_key_value_heads=1, head_dim=8), "5GB"),
    "sharded": (dict(num_key_value_heads=4), "10KB"),
    "llama3_scaling": (dict(max_position_embeddings=128, rope_parameters=dict(rope_type="llama3", rope_theta=500.0,
        factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)), "5GB"),
    "linear_scaling_bias": (dict(attention_bias=True, mlp_bias=True, rope_parameters=dict(rope_type="linear",
        rope_theta=10000.0, factor=4.0)), "5GB"),
}
for number, (name, (changes, shard)) in enumerate(models.items()):
    torch.manual_seed(number)
    model = LlamaForCausalLM(LlamaConfig(**{**base, **changes})).eval()
    with torch.no_grad():
        for key, value in model.named_parameters():  # norms and biases that are not all 1 and 0
            if value.dim() == 1:
                value.add_(torch.randn_like(value) * 0.2)
        tokens = torch.randint(0, base["vocab_size"], (1, 48))
        logits = model(tokens).logits[0]
        greedy = model.generate(tokens[:, :8], max_new_tokens=12, do_sample=False, eos_token_id=None, pad_token_id=0)[0, 8:]
    folder = here / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, max_shard_size=shard)
    (folder / "generation_config.json").unlink(missing_ok=True)
    save_file({"tokens": tokens[0], "logits": logits.contiguous(), "greedy": greedy.contiguous()}, folder / "golden.safetensors")
    print(name, sum(f.stat().st_size for f in folder.iterdir()), "bytes,", len(list(folder.iterdir())), "files")
