#!/usr/bin/env python3
"""ifstop generate as other programs call it: generate_test.py IFSTOP SHARED_DATA (which need not exist)."""
import json
import os
import sys
import tempfile

from calling import check, finish, ifstop

SHARED = sys.argv[2]
FOLDER = tempfile.mkdtemp()


def path(name):
    return os.path.join(FOLDER, name)


def generate(model, rows, *args):
    """The rows that come out for the rows (or lines) that go in, or the error."""
    with open(path("in.jsonl"), "w") as file:
        file.writelines((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    if os.path.exists(path("out.jsonl")):
        os.remove(path("out.jsonl"))
    code, _, err = ifstop("generate", "--model", model, "--prompts", path("in.jsonl"), "--out", path("out.jsonl"), *args)
    if code != 0:
        check("nothing is written after an error", not os.path.exists(path("out.jsonl")))
        return code, err
    with open(path("out.jsonl")) as file:
        return [json.loads(line) for line in file]


def bad_input():
    where = path("in.jsonl")
    for rows, text in (
        (['{"prompt": "a"}', "{"], f"ifstop: {where}:2: "),
        (['{"prompt": "a"}', "", "[1]"], f"ifstop: {where}:3: not a JSON object"),
        (['{"promt": "a"}'], f'ifstop: {where}:1: neither "prompt" (text) nor "prompt_tokens" (ids)'),
        (['{"prompt": "a", "input": 7}'], f'ifstop: {where}:1: "input" must be a string'),
        (['{"prompt": 7}'], f'ifstop: {where}:1: "prompt" must be a string'),
        (['{"prompt_tokens": []}'], f'ifstop: {where}:1: "prompt_tokens" must be a list of token ids, at least one'),
        (['{"prompt_tokens": [1.5]}'], f'ifstop: {where}:1: "prompt_tokens" must be a list of token ids, at least one'),
    ):
        code, err = generate("/nowhere", rows)
        check(f"{rows} is refused", code == 2 and text in err, err)
    code, err = generate("/nowhere", ['{"prompt": "a"}'])
    check("a missing model is bad input", code == 2 and "/nowhere" in err, err)
    code, _, err = ifstop("generate", "--model", "/nowhere", "--prompts", path("none.jsonl"), "--out", path("out.jsonl"))
    check("a missing file is bad input", code == 2 and path("none.jsonl") in err, err)
    code, err = generate("/nowhere", ['{"prompt": "a"}'], "--template", "alpacca")
    check("an unknown template is bad input", code == 2 and "alpacca" in err and "llama2-chat" in err, err)


def stories():
    """The real model, through ifstop convert, against the golden tokens of a float64 reference."""
    data = os.path.join(SHARED, "stories260K")
    if not os.path.isdir(data):
        print("skipped: no shared data")
        return
    model = path("stories")
    code, _, err = ifstop("convert", "--to", "hf", os.path.join(data, "stories260K.bin"), model)
    check("stories260K converts", code == 0, err)
    with open(os.path.join(data, "golden_greedy.json")) as file:
        golden = json.load(file)
    ids = golden["greedy_ids"]
    rows = [{"id": 7, "prompt_tokens": [1], "kept": {"a": [1.25, None]}}, {"prompt_tokens": [1] + ids[:50]}]
    out = generate(model, rows, "--max-new-tokens", len(ids), "--stats", path("stats.json"))
    check("all golden tokens", out[0]["tokens"] == ids, out)
    check("the golden text", out[0]["completion"] == golden["text"], out[0]["completion"])
    check("it ends at the limit", out[0]["finish_reason"] == "length", out)
    check("unknown keys are kept, first and in order",
          list(out[0].items())[:3] == list(rows[0].items()) and list(out[0])[3:] == ["completion", "tokens", "finish_reason"], out[0])
    check("a prompt in the middle goes on the same way", out[1]["tokens"][:len(ids) - 50] == ids[50:], out[1])
    with open(path("stats.json")) as file:
        stats = json.load(file)
    check("statistics", stats["generated_tokens"] == 2 * len(ids) and stats["seconds_generate"] > 0 and stats["seconds_load"] > 0, stats)

    text = [{"prompt": "Once upon a time"}, {"prompt": "Lily had a"}]
    whole = generate(model, text, "--max_new_tokens", 40)
    one = generate(model, text, "--max-new-tokens", 40, "--batch-size", 1)
    check("the batch changes nothing", whole == one, (whole, one))
    check("a leading space stays", whole[0]["completion"].startswith(","), whole[0])
    parts = [{"prompt": "Once upon", "input": "a time"}, {"prompt": "Lily had", "input": "a"}, {"prompt": "Lily had a", "input": None}]
    joined = generate(model, parts, "--max-new-tokens", 40, "--template", "{instruction} {input}")
    check("a template takes the input", [row["completion"] for row in joined[:2]] == [row["completion"] for row in whole], joined)
    check("which is kept", joined[0]["input"] == "a time", joined[0])
    stop = generate(model, text, "--max-new-tokens", 40, "--stop", "there was", "--stop", "big")
    check("a stop string ends a completion", stop[0]["finish_reason"] == "stop", stop)
    check("and is not part of it", whole[0]["completion"].startswith(stop[0]["completion"] + "there was"), stop)
    code, err = generate(model, [text[0], {"prompt_tokens": [1] * 512}])
    check("too long a prompt", code == 2 and f'{path("in.jsonl")}:2: prompt 2 has 512 tokens' in err, err)

    sampled = ["--temperature", "0.9", "--top-p", "0.9", "--max-new-tokens", "20"]
    first = generate(model, text, *sampled, "--seed", 5)
    check("a seed repeats", first == generate(model, text, *sampled, "--seed", 5, "--batch-size", 1), first)
    check("another seed differs", first != generate(model, text, *sampled, "--seed", 6), first)
    check("bf16 runs", len(generate(model, text, "--dtype", "bf16", "--max-new-tokens", 5)) == 2)
    check("no prompts, no rows", generate(model, []) == [])

    os.remove(os.path.join(model, "tokenizer.model"))
    ids_only = generate(model, [rows[0]], "--max-new-tokens", 10)
    check("ids need no tokenizer", ids_only[0]["tokens"] == ids[:10] and ids_only[0]["completion"] is None, ids_only)
    code, err = generate(model, text)
    check("text does", code == 2 and "tokenizer.model: no such file" in err, err)


bad_input()
stories()
finish()
