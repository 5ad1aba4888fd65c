#!/usr/bin/env python3
"""Compares ifstop with Hugging Face transformers on random small LLaMAs, in both directions:

  1. transformers saves a model; `ifstop logits` must give its logits (within 1e-4 of the largest), `ifstop generate`
     its greedy tokens;
  2. `ifstop convert` writes the model again (and to llama2.c and back, where llama2.c can hold it); transformers must
     load the very weights. Logits then still differ in the last bits where weights lie differently in memory.

Run: python3 bench/parity_transformers.py [--ifstop build/release/bin/ifstop] [--seed 0]
Needs torch and transformers; without them it says so and exits 77. Exit code 1 where anything differs."""
import argparse, json, pathlib, subprocess, sys, tempfile

try:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

SHAPES = [  # changes to the base, shard size
    ("grouped, untied", {}, "5GB"),
    ("tied", dict(tie_word_embeddings=True), "5GB"),
    ("one group, head_dim of its own", dict(num_key_value_heads=1, head_dim=24), "5GB"),
    ("no groups, sharded", dict(num_key_value_heads=6), "100KB"),
    ("llama3 scaling", dict(max_position_embeddings=256, rope_parameters=dict(rope_type="llama3", rope_theta=500.0, factor=8.0,
        low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)), "5GB"),
    ("linear scaling, biases", dict(attention_bias=True, mlp_bias=True,
        rope_parameters=dict(rope_type="linear", rope_theta=10000.0, factor=4.0)), "5GB"),
]
BASE = dict(vocab_size=300, hidden_size=96, intermediate_size=160, num_hidden_layers=3, num_attention_heads=6,
            num_key_value_heads=2, max_position_embeddings=256, bos_token_id=1, eos_token_id=2, rms_norm_eps=1e-5,
            initializer_range=0.1)


def run(*command):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nexit code {result.returncode}\n{result.stderr}")


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def random_model(number, changes):
    torch.manual_seed(number)
    model = LlamaForCausalLM(LlamaConfig(**{**BASE, **changes})).eval()
    with torch.no_grad():
        for value in model.parameters():
            if value.dim() == 1:
                value.add_(torch.randn_like(value) * 0.2)
    return model


def largest_difference(ours, theirs):
    return ((ours - theirs).abs().max() / theirs.abs().max()).item()


def check_logits(ifstop, folder, model, prompts):
    write(folder / "in.jsonl", [{"tokens": prompt} for prompt in prompts])
    run(ifstop, "logits", "--model", folder, "--tokens", folder / "in.jsonl", "--out", folder / "out.jsonl", "--all")
    worst = 0.0
    for prompt, row in zip(prompts, read(folder / "out.jsonl"), strict=True):
        theirs = model(torch.tensor([prompt])).logits[0]
        worst = max(worst, largest_difference(torch.tensor(row["logits"]), theirs))
    return worst


def check_greedy(ifstop, folder, model, prompts, limit=32):
    write(folder / "in.jsonl", [{"prompt_tokens": prompt} for prompt in prompts])
    run(ifstop, "generate", "--model", folder, "--prompts", folder / "in.jsonl", "--out", folder / "out.jsonl",
        "--max-new-tokens", limit)
    same = 0
    for prompt, row in zip(prompts, read(folder / "out.jsonl"), strict=True):
        theirs = model.generate(torch.tensor([prompt]), max_new_tokens=limit, do_sample=False, pad_token_id=0)[0, len(prompt):].tolist()
        same += row["tokens"] == [token for token in theirs if token != model.config.eos_token_id]
    return same


def equal_weights(ours, theirs):
    ours, theirs = ours.state_dict(), theirs.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def check_saved(ifstop, folder, model, prompts):
    """What ifstop writes, transformers loads: the very weights, and so the same logits. Also through llama2.c's format and
    back where that can hold the model."""
    run(ifstop, "convert", "--to", "hf", folder, folder / "saved")
    saved = [folder / "saved"]
    config = model.config
    if (config.rope_parameters["rope_type"] == "default" and not config.attention_bias
            and config.head_dim * config.num_attention_heads == config.hidden_size):
        run(ifstop, "convert", "--to", "llama2c", folder, folder / "m.bin")
        run(ifstop, "convert", "--to", "hf", folder / "m.bin", folder / "back")
        saved.append(folder / "back")
    worst = 0.0
    for path in saved:
        ours = LlamaForCausalLM.from_pretrained(path).eval()
        if not equal_weights(ours, model):
            return float("inf")
        for prompt in prompts:
            worst = max(worst, largest_difference(ours(torch.tensor([prompt])).logits, model(torch.tensor([prompt])).logits))
    return worst


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = pathlib.Path(__file__).resolve().parents[1]
    parser.add_argument("--ifstop", type=pathlib.Path, default=root / "build/release/bin/ifstop")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-generate", action="store_true", help="logits and saving only")
    options = parser.parse_args()
    failed = False
    for number, (name, changes, shard) in enumerate(SHAPES):
        model = random_model(options.seed * 100 + number, changes)
        prompts = [torch.randint(3, BASE["vocab_size"], (length,)).tolist() for length in (1, 5, 17, 64, 150)]
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            model.save_pretrained(folder, max_shard_size=shard)
            worst = check_logits(options.ifstop, folder, model, prompts)
            same = None if options.no_generate else check_greedy(options.ifstop, folder, model, prompts)
            saved = check_saved(options.ifstop, folder, model, prompts)
        ok = worst < 1e-4 and same in (None, len(prompts)) and saved < 1e-5
        failed |= not ok
        print(f"{'ok  ' if ok else 'FAIL'} {name}: logits {worst:.1e} of the largest"
              + ("" if same is None else f"; greedy {same} of {len(prompts)} equal")
              + f"; saved and loaded by transformers: {saved:.1e}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
