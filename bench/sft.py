#!/usr/bin/env python3
"""Useful training tokens per second: sft_llama against Hugging Face's Trainer, on the same model, data, threads and batch size.

  bench/sft.py [--program build/release/bin/sft_llama] [--threads 1] [--steps 60] [--packing]

Data: dolly_hhrlhf_small of the shared development data (1,000 real instructions, prompts with Alpaca's wrapper), cut at 512
tokens. Model: a random LLaMA of 4M parameters that this makes with the tokenizer given. Both train on the answers alone, with
AdamW and clipping, 8 examples a batch; the Trainer pads each batch to its longest row, as it does by default, sft_llama lays
the rows end to end. A useful token is one that is no padding. The first steps of each are not timed.

Needs torch, transformers and sentencepiece for Python. Prints one line of JSON last.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

SHARED = pathlib.Path(os.environ.get("IFSTOP_SHARED_DATA", pathlib.Path(__file__).resolve().parents[2] / "shared/data"))
WARM_UP = 5  # steps that are not timed


def make_model(folder, tokenizer):
    import sentencepiece
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
    torch.manual_seed(0)
    config = LlamaConfig(vocab_size=pieces.vocab_size(), hidden_size=256, intermediate_size=688, num_hidden_layers=4,
                         num_attention_heads=4, max_position_embeddings=2048, tie_word_embeddings=True,
                         bos_token_id=pieces.bos_id(), eos_token_id=pieces.eos_id())
    model = LlamaForCausalLM(config)
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    shutil.copy(tokenizer, folder / "tokenizer.model")
    return model, pieces


def rows_of(pieces, file, limit):
    """Token ids and labels, as sft_llama makes them."""
    rows = []
    for line in file.read_text().splitlines():
        row = json.loads(line)
        prompt = [pieces.bos_id()] + pieces.encode(row["prompt"])
        answer = pieces.encode(row["response"]) + [pieces.eos_id()]
        ids, labels = (prompt + answer)[:limit], ([-100] * len(prompt) + answer)[:limit]
        if row["response"].strip() and any(label != -100 for label in labels[1:]):
            rows.append({"input_ids": ids, "labels": labels})
    return rows


def collate(rows):
    import torch

    longest = max(len(row["input_ids"]) for row in rows)
    pad = lambda values, fill: values + [fill] * (longest - len(values))
    return {"input_ids": torch.tensor([pad(r["input_ids"], 0) for r in rows]),
            "labels": torch.tensor([pad(r["labels"], -100) for r in rows]),
            "attention_mask": torch.tensor([pad([1] * len(r["input_ids"]), 0) for r in rows])}


def run_trainer(model, rows, options, work):
    import torch
    from transformers import Trainer, TrainerCallback, TrainingArguments

    torch.set_num_threads(options.threads)
    seen = {"useful": 0, "padded": 0, "steps": 0, "began": 0.0, "ended": 0.0}

    class Clock(TrainerCallback):
        def on_step_end(self, args, state, control, **kwargs):
            seen["ended"] = time.monotonic()
            if state.global_step == WARM_UP:
                seen.update(useful=0, padded=0, began=seen["ended"])

    def counting(batch):
        out = collate(batch)
        seen["useful"] += int(out["attention_mask"].sum())
        seen["padded"] += out["attention_mask"].numel()
        return out

    arguments = TrainingArguments(output_dir=str(work / "trainer"), per_device_train_batch_size=8, max_steps=options.steps,
                                  learning_rate=1e-4, lr_scheduler_type="constant", max_grad_norm=1.0, use_cpu=True,
                                  report_to=[], save_strategy="no", logging_strategy="no", disable_tqdm=True, seed=1,
                                  dataloader_num_workers=0, dataloader_pin_memory=False)
    Trainer(model=model, args=arguments, train_dataset=rows, data_collator=counting, callbacks=[Clock()]).train()
    seconds = seen["ended"] - seen["began"]
    return {"useful_tokens_per_second": seen["useful"] / seconds, "useful_share": seen["useful"] / seen["padded"],
            "seconds": seconds}


def run_ours(folder, file, options, work):
    output = work / "ours"
    command = [options.program, "--model_name_or_path", str(folder), "--train_file", str(file), "--output_dir", str(output),
               "--overwrite_output_dir", "true", "--max_seq_length", str(options.max_seq_length), "--skip_bad", "true",
               "--eval_strategy", "no", "--save_strategy", "no", "--max_steps", str(options.steps), "--learning_rate", "1e-4",
               "--lr_scheduler_type", "constant", "--num_threads", str(options.threads), "--device", "cpu",
               "--packing", str(options.packing).lower(), "--per_device_train_batch_size", "2" if options.packing else "8"]
    environment = dict(os.environ, OMP_NUM_THREADS=str(options.threads))
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"sft_llama ended with {done.returncode}: {done.stderr}")
    events = [json.loads(line) for line in (output / "events.jsonl").read_text().splitlines()]
    steps = [event for event in events if event["kind"] == "train"]
    first, last = steps[WARM_UP - 1], steps[-1]
    return {"useful_tokens_per_second": (last["tokens"] - first["tokens"]) / (last["seconds"] - first["seconds"]),
            "seconds": last["seconds"] - first["seconds"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="build/release/bin/sft_llama")
    parser.add_argument("--tokenizer", type=pathlib.Path, default=SHARED / "torchtune_assets/m.model")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("runs/bench_sft"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--max-seq-length", type=int, default=512)
    parser.add_argument("--packing", action="store_true", help="ours packs 2 x max-seq-length tokens a batch")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    file = SHARED / "dolly_hhrlhf_small/dolly_hhrlhf_train_small.jsonl"
    options.work.mkdir(parents=True, exist_ok=True)

    model, pieces = make_model(options.work / "model", options.tokenizer)
    print(f"model: {model.num_parameters() / 1e6:.1f}M parameters, {pieces.vocab_size()} pieces; {options.threads} thread(s)")
    ours = run_ours(options.work / "model", file, options, options.work)
    theirs = run_trainer(model, rows_of(pieces, file, options.max_seq_length), options, options.work)
    ratio = ours["useful_tokens_per_second"] / theirs["useful_tokens_per_second"]
    print(f"sft_llama  {ours['useful_tokens_per_second']:8.0f} useful tokens/s")
    print(f"Trainer    {theirs['useful_tokens_per_second']:8.0f} useful tokens/s ({theirs['useful_share']:.0%} of its tokens are useful)")
    print(json.dumps({"ours": ours, "trainer": theirs, "ratio": round(ratio, 3), "threads": options.threads}))


if __name__ == "__main__":
    main()
