#!/usr/bin/env python3
"""ifstop prompts as other programs call it: prompts_test.py IFSTOP."""
import json
import os
import re
import tempfile

from calling import check, finish, ifstop

FOLDER = tempfile.mkdtemp()


def prompts(*args):
    return ifstop("prompts", *args)


def path(name, text=None):
    full = os.path.join(FOLDER, name)
    if text is not None:
        with open(full, "w") as file:
            file.write(text)
    return full


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


def builtin():
    code, out, err = prompts()
    table = rows(out)
    kinds = [row["kind"] for row in table]
    check("the built-in set", code == 0 and kinds.count("full") == kinds.count("partial") >= 200 and kinds.count("preference") >= 200, err)
    texts = {row["id"]: row["prompt"] for row in table}
    check("every fragment begins its instruction", all(texts[r["parent"]].startswith(r["prompt"]) for r in table if r["kind"] == "partial"))
    check("name, version and hash are said", re.search(r"ifstop-prompts\+ifstop-objecqa \d.*, hash [0-9a-f]{16}\n", err), err)
    code, out, _ = prompts("--kind", "preference")
    check("one kind", {row["kind"] for row in rows(out)} == {"preference"})
    code, out, _ = prompts("--subset", "30")
    check("a balanced sample", len(rows(out)) == 30 and 8 <= sum(row["kind"] == "full" for row in rows(out)) <= 12, out)
    code, _, err2 = prompts("--out", path("set.tsv"))
    check("a table", code == 0 and open(path("set.tsv")).readline() == "name\tifstop-prompts+ifstop-objecqa\n")
    check("the same hash", err2 == err, err2)
    for args, text in ((["--kind", "base"], 'kind "base" is none of'), (["--rest", "x"], "--rest needs --from")):
        code, _, err = prompts(*args)
        check(f"{args} is refused", code == 2 and text in err, err)


def own_data():
    data = [{"instruction": f"Tell me in a few words what the number {i} means to you.", "output": str(i)} for i in range(60)]
    data[7]["input"] = "Think of cats."
    data += [{"messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Write a poem about the sea."}]},
             {"conversations": [{"from": "human", "value": "Name all the planets, please."}]}, dict(data[3])]
    lines = path("data.jsonl", "".join(json.dumps(row) + "\n" for row in data))
    array = path("array.json", json.dumps(data, indent=1))
    code, out, err = prompts("--from", lines, "--instructions", "20", "--rest", path("rest.jsonl"))
    cut, rest = rows(out), rows(open(path("rest.jsonl")).read())
    check("20 instructions and their fragments", code == 0 and len(cut) == 40 and " data cut: 20 full, 20 partial" in " " + err.split("ifstop:")[1], err)
    asked = {row["prompt"] for row in cut}
    check("no row of the rest is asked", len(rest) >= 42 and not any(row.get("instruction") in asked for row in rest), len(rest))
    check("rows of the rest are as they were", all(row in data for row in rest))
    check("again the same", prompts("--from", lines, "--instructions", "20")[1] == out)
    check("an array is the same data", prompts("--from", array, "--instructions", "20")[1] == out)
    check("another seed is not", prompts("--from", lines, "--instructions", "20", "--seed", "1")[1] != out)
    everything = {row["prompt"] for row in rows(prompts("--from", lines, "--instructions", "0", "--style", "character")[1])}
    check("inputs and conversations are asked too",
          {"Write a poem about the sea.", "Name all the planets, please.", data[7]["instruction"] + "\n\nThink of cats."} <= everything)
    for text, message in (("{}\n", ':1: no "instruction", no "prompt", and no turn of a user'), ("[1]", ":1: row 1: not a JSON object"),
                          ('[{"prompt": "x"}', ":1: the array does not end"), ("", "none of 0 instructions")):
        code, out, err = prompts("--from", path("bad", text))
        check(f"says {message}", code == 2 and message in err and out == "", err)
    check("a style that is none", "is none of word, phrase" in prompts("--from", lines, "--style", "x")[2])
    check("a file that is not there", "/no/such: cannot read" in prompts("--from", "/no/such")[2])


builtin()
own_data()
finish()
