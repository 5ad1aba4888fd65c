#!/usr/bin/env python3
"""ifstop score and ifstop compare as other programs call them: score_test.py IFSTOP."""
import json
import os
import subprocess
import sys
import tempfile

IFSTOP = sys.argv[1]
ANSWER = {"prompt": "What is the capital of France?", "response": "The capital of France is Paris."}
RUNS_ON = {"prompt": "What is the capital of France?", "response": "The capital of France is Paris, été.\nUser: And of Spain?"}
NEXT = {"prompt": "What is the capital of France?", "response": "\nWhat is the capital of Spain?\nWhat is the capital of Italy?"}
TASTE = {"prompt": "Tea or coffee?", "kind": "preference",
         "response": "It depends on your taste. Some people prefer tea, others prefer coffee."}
checks = 0


def check(what, ok, seen=""):
    global checks
    checks += 1
    if not ok:
        sys.exit(f"FAILED: {what}\n{seen}")


def ifstop(*args, text=""):
    data = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run([IFSTOP, *args], input=data, capture_output=True)
    return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")


def lines(*rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def rows_out(*rows):
    code, out, err = ifstop("score", "-", "--out", "-", text=lines(*rows))
    check("score - --out - works", code == 0, err)
    return [json.loads(line) for line in out.splitlines()]


def test_rows():
    answer, runs_on, following = rows_out({**ANSWER, "mine": [1, {"a": None}]}, RUNS_ON, NEXT)
    check("unknown keys are kept", answer["mine"] == [1, {"a": None}], answer)
    check("an answer is answer-like and strict", answer["answer_like"] and answer["strict"] and not answer["run_on"], answer)
    check("no run-on, no position", answer["run_on_position"] is None, answer)
    check("the answer before another turn is answer-like, not strict", runs_on["answer_like"] and not runs_on["strict"], runs_on)
    check("the position counts code points", runs_on["run_on_position"] == RUNS_ON["response"].index("User:"), runs_on)
    check("run-on lowers the strict probability", runs_on["strict_probability"] < runs_on["answer_probability"], runs_on)
    check("the next question is no answer", not following["answer_like"] and not following["strict"], following)


def test_generator_stopped_at_a_turn():
    (row,) = rows_out({**ANSWER, "finish_reason": "turn"})
    check("a generator that stopped at a new turn says run-on", row["run_on"] and row["run_on_position"] == len(ANSWER["response"]), row)


def test_kinds():
    text = lines({**ANSWER, "kind": "full", "model": "m"}, {**NEXT, "kind": "partial", "model": "m"}, {**TASTE, "model": "m"})
    code, out, err = ifstop("score", "-", "--json", text=text)
    m = json.loads(out)
    check("a model's name and rows", m["model"] == "m" and m["rows"] == 3, out)
    check("preference rows count for objecqa alone", m["ifs"]["trials"] == 2 and m["objecqa"]["trials"] == 1, out)
    check("full and partial apart", m["ifs_full"]["successes"] == 1 and m["ifs_partial"]["successes"] == 0, out)
    check("every score has its interval", all(m["ifs"][k] is not None for k in ("value", "low", "high")), out)
    check("nothing is said of how rows ended", m["eos"]["value"] is None, out)
    check("the judge says who it is", set(m["judge"]) >= {"name", "version", "auc", "sensitivity", "specificity"}, out)
    code, out, err = ifstop("score", "-", "--json", text=lines({**ANSWER, "kind": "tuned"}, {**NEXT, "kind": "tuned"}))
    m = json.loads(out)
    check("without kinds no partial and full", m["ifs_full"]["trials"] is None and m["ifs"]["trials"] == 2, out)
    check("unknown kinds are mentioned once", err.count("tuned") == 1, err)


def test_models_and_order():
    text = lines({**ANSWER, "model": "b"}, {**NEXT, "model": "a"}, {**ANSWER, "model": "b"})
    _, out, _ = ifstop("score", "-", "--json", text=text)
    models = [json.loads(line) for line in out.splitlines()]
    check("a model an object, in order of first appearance", [m["model"] for m in models] == ["b", "a"], out)


def test_bad_input():
    good = lines(ANSWER)
    bad = [
        (good + "{\n", ":2: not valid JSON"),
        (good + '{"prompt": "x"}\n', ':2: no "response" and no "completion"'),
        (good + '{"response": "x"}\n', ':2: no "prompt"'),
        (good + '{"prompt": 1, "response": "x"}\n', ':2: "prompt" is not a text'),
        (good + "\n[1]\n", ":3: not a JSON object"),
        (good + '{"prompt": "x", "response": "y", "finish_reason": "tired"}\n', ':2: finish_reason "tired" is none of'),
        (good.encode() + b'{"prompt": "x", "response": "\xff"}\n', ":2: not valid JSON"),
        (good + '{"prompt": "x", "response": "\\ud800"}\n', ":2: not valid JSON"),
        (good + '{"prompt": "x", "response": "y", "z": ' + "[" * 100000 + "]" * 100000 + "}\n", ":2: nested deeper than 100 levels"),
        (good + '{"prompt": "x", "response": "y", "z": 1e999}\n', ":2: not valid JSON"),
        ("", "no rows in it"),
        ("\n\n", "no rows in it"),
    ]
    for text, message in bad:
        code, out, err = ifstop("score", "-", text=text)
        check(f"exit code 2 for {message}", code == 2, err)
        check(f"says {message}", message in err, err)
        check("nothing is printed as if all were well", out == "", out)
    code, out, err = ifstop("score", "-", "--json", "--skip-bad", text=bad[0][0])
    check("--skip-bad goes on", code == 0 and json.loads(out)["rows"] == 1, err)
    check("--skip-bad counts", "skipped 1 bad row" in err, err)
    code, _, err = ifstop("score", "-", "--skip-bad", text="{\n")
    check("only bad rows are an error", code == 2 and "all rows are bad" in err, err)
    code, _, err = ifstop("score", "/no/such/file.jsonl")
    check("a missing file is named", code == 2 and "/no/such/file.jsonl" in err, err)


def test_files(folder):
    a, b, out = (os.path.join(folder, name) for name in ("a.jsonl", "b.jsonl", "out.jsonl"))
    with open(a, "w") as file:
        file.write("\ufeff" + lines(ANSWER, TASTE, {"prompt": "only in a", "response": "x"}))
    with open(b, "w") as file:
        file.write(lines(NEXT, TASTE))
    code, table, err = ifstop("score", a, b, "--out", out)
    check("two files, a table, and rows", code == 0 and len(open(out).readlines()) == 5, err)
    check("models without a name are called after their files", "\na " in table and "\nb " in table, table)
    code, text, err = ifstop("score", a, "/no/such/file", "--out", out + "2")
    check("no half-written rows after an error", code == 2 and not os.path.exists(out + "2"), err)
    code, text, err = ifstop("compare", a, b, "--json")
    c = json.loads(text)
    check("joined on the prompt", c["pairs"] == 2 and c["only_in_a"] == 1 and c["only_in_b"] == 0, text)
    check("difference is B minus A", c["scores"]["ifs"]["difference"] == -1, text)
    check("equal is equal", c["scores"]["objecqa"]["difference"] == 0 and c["scores"]["objecqa"]["p"] == 1, text)
    code, _, err = ifstop("compare", a, "-", text=lines({"prompt": "another", "response": "x"}))
    check("nothing in common is an error", code == 2 and "nothing to compare" in err, err)
    weights = os.path.join(folder, "weights.bin")
    for content, message in ((b"IFSJUDGE", "ends too early"), (b"hello there", "is no file of judge weights")):
        with open(weights, "wb") as file:
            file.write(content)
        code, _, err = ifstop("score", a, "--weights", weights)
        check("damaged weights are named", code == 2 and weights in err and message in err, err)


test_rows()
test_generator_stopped_at_a_turn()
test_kinds()
test_models_and_order()
test_bad_input()
with tempfile.TemporaryDirectory() as temporary:
    test_files(temporary)
print(f"{checks} checks passed")
