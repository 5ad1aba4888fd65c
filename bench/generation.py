#!/usr/bin/env python3
"""Generation side by side: `ifstop generate` and Hugging Face `generate`; same models, prompts, threads, limits.

    bench/generation.py [--ifstop build/release/bin/ifstop] [--repeats 3] [--threads 1] [--new-tokens 128]

Makes two random LLaMAs (4 and 30 million parameters, fp32) with transformers, and 64 prompts of 8 to 96 random tokens.
Both sides generate greedily, in turns; medians over the repeats are printed. Two workloads: every row writes all its
tokens; and rows that end at lengths of their own (end-of-sequence is a token that many rows write at some point).
Times are of generating alone, prefill included, loading excluded. Tokens are those that rows wrote before their end.
Needs torch and transformers.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--ifstop", default="build/release/bin/ifstop")
parser.add_argument("--repeats", type=int, default=3)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--prompts", type=int, default=64)
parser.add_argument("--new-tokens", type=int, default=128)
parser.add_argument("--only", choices=["4M", "30M"])
arguments = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = str(arguments.threads)

import torch  # noqa: E402  (after the number of threads is set)
import transformers  # noqa: E402

torch.set_num_threads(arguments.threads)
transformers.utils.logging.set_verbosity_error()

MODELS = {
    "4M": dict(vocab_size=4096, hidden_size=192, intermediate_size=512, num_hidden_layers=7, num_attention_heads=6,
               num_key_value_heads=6),
    "30M": dict(vocab_size=8192, hidden_size=512, intermediate_size=1376, num_hidden_layers=8, num_attention_heads=8,
                num_key_value_heads=8),
}


def make(name, folder):
    torch.manual_seed(1)
    config = transformers.LlamaConfig(max_position_embeddings=512, initializer_range=0.05, tie_word_embeddings=True,
                                      **MODELS[name])
    model = transformers.LlamaForCausalLM(config).eval()
    model.save_pretrained(folder)
    return model


def prompts_of(model, count):
    generator = torch.Generator().manual_seed(2)
    lengths = torch.randint(8, 97, (count,), generator=generator).tolist()
    return [torch.randint(3, model.config.vocab_size, (n,), generator=generator).tolist() for n in lengths]


def hugging_face(model, prompts, eos):
    """Left-padded, one batch. -> completions, seconds."""
    model.generation_config.eos_token_id = eos
    longest = max(map(len, prompts))
    ids = torch.tensor([[0] * (longest - len(p)) + p for p in prompts])
    mask = torch.tensor([[0] * (longest - len(p)) + [1] * len(p) for p in prompts])
    start = time.perf_counter()
    with torch.inference_mode():
        out = model.generate(ids, attention_mask=mask, max_new_tokens=arguments.new_tokens, do_sample=False,
                             pad_token_id=0)
    seconds = time.perf_counter() - start
    rows = out[:, longest:].tolist()
    return [row[:row.index(eos)] if eos in row else row for row in rows], seconds


def ours(folder, prompts, eos):
    for name in ("config.json", "generation_config.json"):
        with open(f"{folder}/{name}") as file:
            config = json.load(file)
        config["eos_token_id"] = eos
        with open(f"{folder}/{name}", "w") as file:
            json.dump(config, file)
    with open(f"{folder}/in.jsonl", "w") as file:
        file.writelines(json.dumps({"prompt_tokens": prompt}) + "\n" for prompt in prompts)
    subprocess.run([arguments.ifstop, "generate", "--model", folder, "--prompts", f"{folder}/in.jsonl", "--out",
                    f"{folder}/out.jsonl", "--stats", f"{folder}/stats.json", "--max-new-tokens",
                    str(arguments.new_tokens), "--threads", str(arguments.threads), "--batch-size",
                    str(len(prompts))], check=True)
    with open(f"{folder}/out.jsonl") as file:
        rows = [json.loads(line)["tokens"] for line in file]
    with open(f"{folder}/stats.json") as file:
        return rows, json.load(file)["seconds_generate"]


def compare(name, workload, model, folder, prompts, eos):
    theirs_seconds, our_seconds = [], []
    for _ in range(arguments.repeats):
        theirs, seconds = hugging_face(model, prompts, eos)
        theirs_seconds.append(seconds)
        mine, seconds = ours(folder, prompts, eos)
        our_seconds.append(seconds)
    tokens = sum(map(len, theirs))
    a, b = statistics.median(theirs_seconds), statistics.median(our_seconds)
    same = sum(x == y for x, y in zip(theirs, mine))
    print(f"{name} ({model.num_parameters() / 1e6:.1f}M) | {workload} | {tokens} | {tokens / a:.0f} | {tokens / b:.0f} | "
          f"{a / b:.2f} | {same}/{len(prompts)}", flush=True)


def bench(name):
    with tempfile.TemporaryDirectory() as folder:
        model = make(name, folder)
        prompts = prompts_of(model, arguments.prompts)
        written, _ = hugging_face(model, prompts, None)
        often = torch.bincount(torch.cat([torch.tensor(row).unique() for row in written])).argmax().item()
        compare(name, "all rows full", model, folder, prompts, None)
        compare(name, "rows end by themselves", model, folder, prompts, often)


print(f"transformers {transformers.__version__}, torch {torch.__version__}, {arguments.threads} thread(s), "
      f"{arguments.prompts} prompts, at most {arguments.new_tokens} new tokens, median of {arguments.repeats}")
print("model | workload | tokens | Hugging Face tokens/s | ifstop tokens/s | ratio | rows with equal tokens")
for name in MODELS:
    if arguments.only in (None, name):
        bench(name)
