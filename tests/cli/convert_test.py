#!/usr/bin/env python3
"""ifstop convert as other programs call it: convert_test.py IFSTOP SOURCE_DIR. The model is the small miniature."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import calling
from calling import check

IFSTOP, SMALL = sys.argv[1], pathlib.Path(sys.argv[2]) / "assets/miniature/small"
WORK = pathlib.Path(tempfile.mkdtemp(prefix="ifstop-convert-"))
calling.work = WORK


def ifstop(code, *args):
    done = subprocess.run([IFSTOP, *map(str, args)], capture_output=True, text=True)
    check(f"exit code {code} of {args}", done.returncode == code, done.stderr + done.stdout)
    return done.stderr


def refused(text, *args):
    before = sorted(WORK.rglob("*"))
    error = ifstop(2, "convert", *args)
    check(f"{args}: {text}", text in error, error)
    check("nothing is written", sorted(WORK.rglob("*")) == before)


def test_again():
    source, out = WORK / "source", WORK / "again"
    shutil.copytree(SMALL, source)
    (source / "chat_template.jinja").write_text("{{ messages }}")
    ifstop(0, "convert", "--to", "hf", "--dtype", "bf16", source, out)
    check("the same weights", (out / "model.safetensors").read_bytes() == (SMALL / "model.safetensors").read_bytes())
    for name in ("tokenizer.model", "tokenizer_config.json", "chat_template.jinja"):
        check(f"{name} comes along", (out / name).read_bytes() == (source / name).read_bytes())
    wide = WORK / "wide"
    ifstop(0, "convert", "--to", "hf", source, wide)
    check("fp32 where no type is given", json.loads((wide / "config.json").read_text())["torch_dtype"] == "float32")


def test_llama2c_and_back():
    file, back = WORK / "small.bin", WORK / "back"
    ifstop(0, "convert", "--to", "llama2c", SMALL, file)
    ifstop(0, "convert", "--to", "hf", file, back)
    again = WORK / "narrow"
    ifstop(0, "convert", "--to", "hf", "--dtype", "bf16", back, again)
    check("there and back the weights are the same", (again / "model.safetensors").read_bytes() == (SMALL / "model.safetensors").read_bytes())


def test_options_without_effect_are_refused():
    file = WORK / "refused.bin"
    ifstop(0, "convert", "--to", "llama2c", SMALL, file)
    refused("--dtype bf16: llama2.c's format is fp32; leave --dtype out", "--to", "llama2c", "--dtype", "bf16", SMALL, WORK / "no.bin")
    refused("--dtype bf16: llama2.c's format is fp32; convert to a Hugging Face folder", "--to", "hf", "--dtype", "bf16", file, WORK / "no")
    refused("--tokenizer is for llama2.c checkpoints", "--to", "hf", "--tokenizer", WORK / "tok.bin", SMALL, WORK / "no")
    refused('dtype "f8"', "--to", "hf", "--dtype", "f8", SMALL, WORK / "no")


def test_devices():
    prompts = WORK / "prompts.jsonl"
    prompts.write_text('{"prompt": "Name a river.", "tokens": [1]}\n')
    for command, option in (("generate", "--prompts"), ("logits", "--tokens")):
        error = ifstop(2, command, "--model", SMALL, option, prompts, "--out", WORK / "none.jsonl", "--device", "cuda:99")
        check("a GPU that is not there: a sentence, no backtrace", 'device "cuda:99": ' in error and len(error.splitlines()) == 1, error)


tests = [test for name, test in sorted(globals().items()) if name.startswith("test_")]
for test in tests:
    test()
shutil.rmtree(WORK)
print(f"{calling.checks} checks in {len(tests)} tests passed")
