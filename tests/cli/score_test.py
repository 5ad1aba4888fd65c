#!/usr/bin/env python3
"""ifstop score and ifstop compare as other programs call them: score_test.py IFSTOP."""
import http.server
import json
import os
import tempfile
import threading

from calling import check, finish, ifstop

ANSWER = {"prompt": "What is the capital of France?", "response": "The capital of France is Paris."}
RUNS_ON = {"prompt": "What is the capital of France?", "response": "The capital of France is Paris, été.\nUser: And of Spain?"}
NEXT = {"prompt": "What is the capital of France?", "response": "\nWhat is the capital of Spain?\nWhat is the capital of Italy?"}
TASTE = {"prompt": "Tea or coffee?", "kind": "preference",
         "response": "It depends on your taste. Some people prefer tea, others prefer coffee."}


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


def interval(text, score="ifs"):
    code, out, err = ifstop("score", "-", "--json", text=text)
    check("scored", code == 0, err)
    return [json.loads(out)[score][key] for key in ("low", "high")]


def test_groups():
    """Fragments and their instructions tell less than as many prompts without relation."""
    full = [f"What is the capital of country number {i}, please?" for i in range(40)]
    good = {"response": "The capital of that country is Paris."}
    bad = {"response": NEXT["response"]}
    answers = [good if i % 2 else bad for i in range(40)]
    alone = lines(*({"prompt": p + s, **a} for p, a in zip(full, answers) for s in ("", " And why?")))
    low, high = interval(alone)
    begins = lines(*({"prompt": p, "kind": k, **a} for f, a in zip(full, answers) for p, k in ((f, "full"), (f[:-9], "partial"))))
    named = lines(*({"prompt": f"{i} {k}", "id": f"{k}{i}", "parent": f"f{i}" if k == "p" else None, **a}
                    for i, a in enumerate(answers) for k in "fp"))
    numbered = lines(*({"prompt": f"{i} {k}", "id": 2 * i + k, "parent": 2 * i if k else None, **a}
                       for i, a in enumerate(answers) for k in (0, 1)))
    again = lines(*({"prompt": p, **a} for p, a in zip(full, answers) for _ in range(2)))
    for what, text in (("the beginning of another prompt", begins), ("parent", named), ("parents by number", numbered), ("the same prompt", again)):
        wide = interval(text)
        check(f"groups by {what} widen the interval", (wide[1] - wide[0]) > 1.3 * (high - low), (wide, low, high))
    models = "".join(lines({**json.loads(row), "model": m}) for m in "ab" for row in alone.splitlines())
    code, out, _ = ifstop("score", "-", "--json", text=models)
    check("models do not share groups", [json.loads(line)["ifs"]["low"] for line in out.splitlines()] == [low, low], out)


def test_correction():
    code, out, err = ifstop("score", "-", "--json", text=lines(ANSWER, NEXT))
    m = json.loads(out)
    corrected, judge = m["ifs_corrected"], m["judge"]
    known = judge["positives"] and judge["sensitivity"] + judge["specificity"] - 1 >= 0.6
    check("corrected for the judge's errors, or the reason why not",
          (corrected["value"] is not None and corrected["low"] <= corrected["value"] <= corrected["high"] and corrected["refused"] is None)
          if known else (corrected["value"] is None and "judge" in corrected["refused"]), out)


def test_templates():
    wrapped = {**ANSWER, "prompt": "### Instruction:\n" + ANSWER["prompt"] + "\n\n### Response:"}
    err = ifstop("score", "-", text=lines(wrapped, wrapped, ANSWER))[2]
    check("a template around prompts is mentioned", "2 of 3 prompts have a template around them" in err, err)
    check("one of many is not", "template" not in ifstop("score", "-", text=lines(wrapped, ANSWER, ANSWER))[2])


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
        (good + '{"instruction": "x", "output": "y"}\n', ':2: no "prompt" (its keys: instruction, output)'),
        (good + "{}\n", ':2: no "prompt" (its keys: none)'),
        (good + '{"prompt": " ", "response": "x"}\n', ':2: "prompt" is empty'),
        (good + '{"prompt": "' + "x" * (33 << 20) + '"}\n', ":2: longer than 32 MiB"),
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
    everything = b"".join(text if isinstance(text, bytes) else text.encode() for text, _ in bad)
    code, out, err = ifstop("score", "-", "--json", "--skip-bad", text=everything)
    check("all of it at once, counted", code == 0 and json.loads(out)["rows"] == 14 and "skipped 14 bad rows" in err, err)
    code, out, err = ifstop("score", "-", "--json", text=lines({**ANSWER, "response": "word " * 200000}, {**ANSWER, "response": ""}))
    check("a megabyte and nothing at all are responses", code == 0 and json.loads(out)["rows"] == 2, err)
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
    check("nothing else is left", sorted(os.listdir(folder)) == ["a.jsonl", "b.jsonl", "out.jsonl"], os.listdir(folder))
    code, text, err = ifstop("score", a, "--out", "/dev/null")
    check("a device is written to, not replaced", code == 0 and not os.path.isfile("/dev/null"), err)
    code, text, err = ifstop("score", a, "--out", folder)
    check("a folder is no file", code == 2 and "is a folder" in err, err)
    code, text, err = ifstop("score", a, "--json", "--out", "-")
    check("two things on one output are refused", code == 2 and "give --out a file" in err, err)
    code, text, err = ifstop("score", folder)
    check("nor can a folder be read", code == 2 and "Is a directory" in err, err)
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


def test_compare_groups(folder):
    a, b = os.path.join(folder, "ca.jsonl"), os.path.join(folder, "cb.jsonl")
    full = [f"What is the capital of country number {i}, please?" for i in range(40)]

    def write(path, better, cut):
        with open(path, "w") as file:
            for i, prompt in enumerate(full):
                for text, kind in ((prompt, "full"), (prompt[:-9] if cut else prompt + "!", "partial")):
                    file.write(lines({"prompt": text, "kind": kind, "model": "m", "response": ANSWER["response"] if i < better else NEXT["response"]}))

    def compared(cut):
        write(a, 10, cut), write(b, 16, cut)
        return json.loads(ifstop("compare", a, b, "--json")[1])["scores"]["ifs"]

    alone, grouped = compared(False), compared(True)
    check("the same difference", alone["difference"] == grouped["difference"] == 0.15, (alone, grouped))
    check("known less exactly where pairs move together", grouped["low"] < alone["low"] and grouped["p"] > 10 * alone["p"], (alone, grouped))
    check("6 of 6 groups one way", abs(grouped["p"] - 1 / 64) < 1e-9, grouped)
    check("and of 12", abs(alone["p"] - 1 / 4096) < 1e-9, alone)
    check("each side's interval too", grouped["a"]["low"] < alone["a"]["low"], (alone, grouped))
    with open(a, "a") as file:
        file.write(lines({**ANSWER, "model": "n"}))
    check("several models in a file are mentioned", "of several models (m, n)" in ifstop("compare", a, b)[2])


def test_server(folder):
    """Objectivity by a chat model behind a local server, where the build has libcurl."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, self.headers.get("Authorization"), body["model"]))
            verdict = "subjective" if "depends" in body["messages"][-1]["content"] else "objective"  # against all sense
            reply = json.dumps({"choices": [{"message": {"content": verdict}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        args = ["score", "-", "--json", "--server", f"http://127.0.0.1:{server.server_port}/v1", "--server-model", "m"]
        code, out, err = ifstop(*args, text=lines(ANSWER, TASTE))
        if "without libcurl" in err:
            server.shutdown()
            print("skipped: no libcurl")
            return
        check("the server judges", code == 0 and json.loads(out)["objecqa"]["value"] == 0, err)
        check("and is named", json.loads(out)["objectivity_judge"]["name"] == "server m", out)
        check("it is asked about preference rows alone", asked == [("/v1/chat/completions", None, "m")], asked)
        os.environ["IFSTOP_TEST_KEY"] = "k"
        cache = ["--server-cache", os.path.join(folder, "verdicts.jsonl"), "--server-key-env", "IFSTOP_TEST_KEY"]
        for _ in range(2):
            code, out, err = ifstop(*args, *cache, text=lines(TASTE))
        check("its verdicts are kept", len(asked) == 2 and asked[1][1] == "Bearer k", asked)
        server.shutdown()
    code, out, err = ifstop(*args, text=lines(TASTE))
    check("a server that is gone is named", code == 2 and args[4] in err and "Is the address right" in err and out == "", err)
    code, out, err = ifstop(*args[:-2], text=lines(TASTE))
    check("which model must be said", code == 2 and "model is empty" in err, err)


test_rows()
test_generator_stopped_at_a_turn()
test_kinds()
test_groups()
test_correction()
test_templates()
test_models_and_order()
test_bad_input()
with tempfile.TemporaryDirectory() as temporary:
    test_files(temporary)
    test_compare_groups(temporary)
    test_server(temporary)
finish()
