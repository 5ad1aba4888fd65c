#!/usr/bin/env python3
"""sft_llama as people and programs call it: sft_llama_test.py SFT_LLAMA SOURCE_DIR. A random model of 100k weights."""
import array
import json
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
WORK = pathlib.Path(tempfile.mkdtemp(prefix="ifstop-sft-"))
TOKENIZER = SOURCE / "assets/miniature/small"
checks = 0


def check(what, ok, seen=""):
    global checks
    checks += 1
    if not ok:
        sys.exit(f"FAILED: {what}\n{seen}\n(the files are in {WORK})")


# ---- what the runs read --------------------------------------------------------------------------------------------------

def write_model(folder, vocabulary, hidden=32, inner=48, layers=2):
    """A Hugging Face folder with random weights, written by hand: no torch for Python is needed."""
    folder.mkdir()
    shapes = {"model.embed_tokens.weight": [vocabulary, hidden], "model.norm.weight": [hidden]}
    for i in range(layers):
        p = f"model.layers.{i}."
        shapes |= {p + f"self_attn.{n}_proj.weight": [hidden, hidden] for n in "qkvo"}
        shapes |= {p + "mlp.gate_proj.weight": [inner, hidden], p + "mlp.up_proj.weight": [inner, hidden],
                   p + "mlp.down_proj.weight": [hidden, inner], p + "input_layernorm.weight": [hidden],
                   p + "post_attention_layernorm.weight": [hidden]}
    numbers, header, data = random.Random(1), {"__metadata__": {"format": "pt"}}, b""
    for name, shape in shapes.items():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        values = [1.0] * count if len(shape) == 1 else [numbers.gauss(0, 0.08) for _ in range(count)]
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + 4 * count]}
        data += array.array("f", values).tobytes()
    text = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": vocabulary, "hidden_size": hidden,
              "intermediate_size": inner, "num_hidden_layers": layers, "num_attention_heads": 2, "num_key_value_heads": 2,
              "max_position_embeddings": 256, "rms_norm_eps": 1e-6, "tie_word_embeddings": True, "bos_token_id": 1,
              "eos_token_id": 2, "torch_dtype": "float32", "hidden_act": "silu"}
    (folder / "config.json").write_text(json.dumps(config))
    for file in TOKENIZER.glob("tokenizer*"):
        shutil.copy(file, folder)
    return folder


vocabulary = json.loads((TOKENIZER / "config.json").read_text())["vocab_size"]
MODEL = write_model(WORK / "model", vocabulary)
ROWS = WORK / "rows.json"
ROWS.write_text(json.dumps([{"instruction": f"Say the number {i}.", "input": "", "output": f"The number is {i}." + " Yes." * (i % 5)}
                            for i in range(64)], indent=1))
PROMPTS = WORK / "prompts.jsonl"
PROMPTS.write_text("".join(json.dumps(row) + "\n" for row in [
    {"id": "a", "prompt": "Say the number 70.", "kind": "full", "accepted": ["70"]},
    {"id": "b", "prompt": "Say the", "kind": "partial", "parent": "a"},
    {"id": "c", "prompt": "Say the number 80.", "kind": "full", "accepted": ["80"]},
    {"id": "d", "prompt": "Cats or dogs?", "kind": "preference"}]))
BASE = {"model_name_or_path": MODEL, "train_file": ROWS, "prompts_file": PROMPTS, "template": "paper", "max_steps": 24, "seed": 3,
        "learning_rate": 1e-3, "lr_scheduler_type": "constant", "eval_steps": 6, "eval_max_new_tokens": 8, "max_overhead": 0,
        "eval_temperature": 0.7, "early_stopping": "off", "save_steps": 10, "num_threads": 1}
runs = 0


def command(**options):
    global runs
    runs += 1
    options = {**BASE, "output_dir": WORK / f"run{runs}", **options}
    return [PROGRAM] + [part for key, value in options.items() for part in (f"--{key}", str(value))], pathlib.Path(options["output_dir"])


def sft(expected=0, **options):
    arguments, output = command(**options)
    done = subprocess.run(arguments, capture_output=True, text=True)
    check(f"exit code {expected} of {arguments[1:]}", done.returncode == expected, f"{done.returncode}: {done.stderr}{done.stdout}")
    return output, done.stdout, done.stderr


def events(output, *kinds):
    timeless = lambda event: {k: v for k, v in event.items() if k not in ("seconds", "seconds_eval")}
    rows = [timeless(json.loads(line)) for line in (output / "events.jsonl").read_text().splitlines()]
    return [row for row in rows if not kinds or row["kind"] in kinds]


def samples(output):
    return {file.name: file.read_text() for file in (output / "samples").iterdir()}


# ---- usage and bad input -------------------------------------------------------------------------------------------------

def test_usage():
    done = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True)
    check("--help lists the keys", done.returncode == 0 and "--gradient_accumulation_steps" in done.stdout, done.stdout)
    done = subprocess.run([PROGRAM], capture_output=True, text=True)
    check("a key that is needed is named", done.returncode == 2 and "model_name_or_path is missing" in done.stderr, done.stderr)
    for options, text in [({"learning_rate": "fast"}, "learning_rate"), ({"learning_rate": 0}, "learning_rate = 0: must be above 0"),
                          ({"lernrate": 1}, "lernrate"), ({"eval_strategy": "epoch"}, 'eval_strategy = "epoch": must be steps or no'),
                          ({"early_stopping": "maybe"}, 'early_stopping = "maybe": must be on or off'),
                          ({"save_steps": 0}, "save_steps = 0: must be 1 or more"), ({"template": "none"}, 'template "none" is none of'),
                          ({"eval_steps": "6 miles"}, 'interval "6 miles"'), ({"metric_for_best_model": ""}, "metric"),
                          ({"dtype": "int4"}, "int4"), ({"device": "abacus"}, "abacus"), ({"max_seq_length": 999}, "max_seq_length = 999"),
                          ({"early_stopping_rule": "hope"}, 'there is no rule "hope"'), ({"per_device_train_batch_size": 0}, "= 0: must be 1")]:
        output, _, error = sft(2, **options)
        check(f"{options} is refused by name", text in error, error)
        check("nothing is left behind", not output.exists())


def test_configuration_file():
    file = WORK / "config.toml"
    file.write_text('# a comment\nlearning-rate = 2e-3   # and another\neval_strategy = "no"\nmax-steps = 2\nseed = 5\n'
                    'template = "{instruction}\\n# \\"A\\":"\n\n')
    arguments, output = command()
    keep = [i for i, a in enumerate(arguments) if a in ("--learning_rate", "--max_steps", "--template")]
    arguments = [a for i, a in enumerate(arguments) if not any(i in (k, k + 1) for k in keep)]
    done = subprocess.run(arguments + ["--config", str(file), "--warmup-steps", "1"], capture_output=True, text=True)
    check("a file and the command line together", done.returncode == 0, done.stderr)
    config = json.loads((output / "config.json").read_text())
    check("dashes mean underscores, the command line wins", (config["learning_rate"], config["max_steps"], config["seed"], config["warmup_steps"]) == (2e-3, 2, 3, 1), config)
    check("texts may hold line ends, hashes and quotation marks", config["template"] == '{instruction}\n# "A":', config)
    for text, message in [("learning_speed = 1", 'line 1: there is no key "learning_speed"'), ("seed = 1\nseed = 2", 'line 2: the key "seed" is there twice'),
                          ("seed", 'line 1: "seed" is not `key = value`'), ("seed =", "has no value"), ("seed = # 1", "has no value"),
                          ('template = "x', "lacks its closing quotation mark"), ('template = "x" y', "goes on after its text"),
                          ('template = "\\q"', "has a backslash"), ("template = alpaca chat", "texts need quotation marks"),
                          ("[section]", "is not `key = value`"), ("warmup_steps = many", "warmup_steps")]:
        file.write_text(text + "\n")
        done = subprocess.run(arguments + ["--config", str(file)], capture_output=True, text=True)
        check(f"{text}: {message}", done.returncode == 2 and message in done.stderr, done.stderr)
    done = subprocess.run(arguments + ["--config", str(WORK / "absent.toml")], capture_output=True, text=True)
    check("a file that is not there is named", done.returncode == 2 and "absent.toml" in done.stderr, done.stderr)


def test_bad_inputs():
    bad = WORK / "bad.json"
    bad.write_text('[\n{"instruction": "a", "output": "b"},\n\n{"instruction": "a"}]')
    output, _, error = sft(2, train_file=bad)
    check("a bad row: file and line", f"{bad}:4: row 2: no \"output\"" in error, error)
    check("before the run folder is touched", not output.exists())
    _, out, _ = sft(train_file=bad, skip_bad="true", max_steps=1, eval_strategy="no")
    check("skip_bad counts", "1 bad rows left out" in out, out)
    cut = WORK / "cut"
    shutil.copytree(MODEL, cut)
    (cut / "model.safetensors").write_bytes((MODEL / "model.safetensors").read_bytes()[:-100])
    check("truncated weights: the file", "model.safetensors" in sft(2, model_name_or_path=cut)[2])
    small = WORK / "small"
    shutil.copytree(MODEL, small)
    config = json.loads((small / "config.json").read_text())
    (small / "config.json").write_text(json.dumps({**config, "vocab_size": 100}))
    error = sft(2, model_name_or_path=small)[2]
    check("a vocabulary that does not fit: both numbers", "100" in error and str(vocabulary) in error, error)
    check("a missing file is named", "absent.json" in sft(2, train_file=WORK / "absent.json")[2])
    PROMPTS_BAD = WORK / "bad_prompts.jsonl"
    PROMPTS_BAD.write_text('{"id": "a", "prompt": "x"}\n{"id": "b"}\n')
    check("bad prompts: file and line", "bad_prompts.jsonl:2" in sft(2, prompts_file=PROMPTS_BAD)[2])


# ---- what a run is -------------------------------------------------------------------------------------------------------

def test_run_folder():
    output, out, _ = sft()
    check("quiet where it is no terminal", "\r" not in out and "\033" not in out, out)
    kinds = [event["kind"] for event in events(output)]
    check("one event a step", kinds.count("train") == 24)
    check("evaluated at 0, 6, 12, 18, 24", [e["step"] for e in events(output, "eval")] == [0, 6, 12, 18, 24])
    check("right answers are scored where they are known", events(output, "eval")[0]["correct"]["trials"] == 2)
    check("a decision an evaluation", kinds.count("decision") == 5)
    check("start first, end last", kinds[0] == "start" and kinds[-1] == "end" and events(output, "end")[0]["status"] == "done")
    first = events(output, "train")[0]
    check("a train event has its keys", {"loss", "learning_rate", "grad_norm", "tokens", "examples"} <= first.keys(), first)
    report = json.loads((output / "stop_report.json").read_text())
    check("the stop report", not report["stopped"] and report["step"] == 24 and report["peers"] and report["baseline"]["ifs"]["trials"] == 3, report)
    state = json.loads((output / "trainer_state.json").read_text())
    check("trainer_state.json", state["global_step"] == 24 and state["log_history"], state)
    for name in ("config.json", "report.html", "samples/step-0.jsonl", "samples/step-24.jsonl", "checkpoints/step-24/config.json",
                 "checkpoints/step-24/model.safetensors", "checkpoints/step-24/tokenizer.model", "checkpoints/step-24/trainer_state.json"):
        check(f"{name} is there", (output / name).exists())
    check("the prompt set's hash is in config.json", len(json.loads((output / "config.json").read_text())["prompt_set"]["hash"]) == 16)
    check("a run is not overwritten unasked", "it holds a run" in sft(2, output_dir=output)[2])
    sft(output_dir=output, overwrite_output_dir="true", max_steps=2, eval_strategy="no")
    check("and is where that is asked for", not (output / "samples").exists())


def test_repeats_and_unchanged_by_the_callback():
    first, second, without = sft()[0], sft()[0], sft(eval_strategy="no")[0]
    check("the same seed twice: the same events and samples", events(first) == events(second) and samples(first) == samples(second))
    check("losses are bit by bit the same without the callback", events(first, "train") == events(without, "train"))
    check("another seed is another run", events(sft(seed=4)[0], "train") != events(first, "train"))


def test_accumulation_is_one_large_batch():
    large = sft(eval_strategy="no", max_steps=6)[0]
    small = sft(eval_strategy="no", max_steps=6, per_device_train_batch_size=2, gradient_accumulation_steps=4)[0]
    for one, other in zip(events(large, "train"), events(small, "train")):
        check("four batches of two are a batch of eight", abs(one["loss"] - other["loss"]) < 2e-5 and one["tokens"] == other["tokens"], (one, other))


def test_packing():
    output = sft(eval_strategy="no", packing="true", max_seq_length=64, num_train_epochs=1, max_steps=0)[0]
    last = events(output, "train")[-1]
    check("an epoch shows every example once", last["examples"] == 64 and last["step"] < 8, last)


def test_stopping():
    output, out, _ = sft(early_stopping="on", early_stopping_patience=1, metric_for_best_model="eos", eval_temperature=0)
    report = json.loads((output / "stop_report.json").read_text())
    check("stopped early, exit 0, with a reason", report["stopped"] and report["rule"] == "patience" and report["reason"] in " ".join(out.split()), (report, out))
    check("before the end", 0 < report["step"] < 24, report)
    check("the checkpoint of the stop is there", (output / f"checkpoints/step-{report['step']}/model.safetensors").exists())
    check("and the end says so", events(output, "end")[0]["status"] == "stopped")
    arguments, _ = command(output_dir=output, early_stopping="on", early_stopping_patience=1, metric_for_best_model="eos",
                           eval_temperature=0, resume_from_checkpoint="true")
    before = events(output)
    done = subprocess.run(arguments, capture_output=True, text=True)
    check("a run that had stopped stays stopped", done.returncode == 0 and events(output) == before, done.stderr)


def test_divergence():
    output, _, error = sft(3, learning_rate=1e30, eval_strategy="no")
    check("a sentence about the divergence", "training diverged at step" in error and "learning_rate" in error, error)
    check("the reports are there", json.loads((output / "stop_report.json").read_text())["reason"].startswith("training diverged"))


# ---- interruptions -------------------------------------------------------------------------------------------------------

def interrupt(sign, after=37, **options):
    """Sends the signal when `after` steps are in the log; after=0: as soon as there is a log, in the first evaluation."""
    arguments, output = command(**options)
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    log = output / "events.jsonl"
    while process.poll() is None and not (log.exists() and log.read_bytes().count(b'"train"') >= after):
        time.sleep(0.001)  # until then: no time is assumed
    process.send_signal(sign)
    _, error = process.communicate()
    return process.returncode, output, error


def test_resume():
    long = {"max_steps": 400, "eval_steps": 50, "save_steps": 30, "save_total_limit": 2, "lr_scheduler_type": "cosine"}
    whole = sft(**long)[0]
    check("old checkpoints go", len(list((whole / "checkpoints").iterdir())) <= 3)
    for sign, code in ((signal.SIGTERM, 75), (signal.SIGINT, 75), (signal.SIGKILL, -9)):
        returned, output, error = interrupt(sign, **long)
        check(f"exit code {code} of signal {sign}", returned == code, (returned, error))
        steps = len(events(output, "train"))
        sft(**long, output_dir=output, resume_from_checkpoint="true")
        check("the rest was still to do", steps < 400)
        check(f"after signal {sign} and a resume, the same events", events(output) == events(whole))
        check("the same samples", samples(output) == samples(whole))
        weights = "checkpoints/step-400/model.safetensors"
        check("the same weights", (output / weights).read_bytes() == (whole / weights).read_bytes())
    returned, output, error = interrupt(signal.SIGTERM, 0, **long)
    check("told to go in the first evaluation: exit 75", returned == 75, (returned, error))
    sft(**long, output_dir=output, resume_from_checkpoint="true")
    check("and it is made up for", events(output) == events(whole) and samples(output) == samples(whole))
    error = sft(2, **long, output_dir=output, resume_from_checkpoint="true", per_device_train_batch_size=4)[2]
    check("other data on resume is refused and named", "per_device_train_batch_size = 8" in error and "= 4" in error, error)
    error = sft(2, **long, output_dir=output, resume_from_checkpoint=str(WORK))[2]
    check("a folder that is no checkpoint is refused", "no training_state.json there" in error, error)


if not TOKENIZER.is_dir():
    sys.exit(f"no tokenizer at {TOKENIZER}")
tests = [test for name, test in sorted(globals().items()) if name.startswith("test_")]
for test in tests:
    test()
shutil.rmtree(WORK)
print(f"{checks} checks in {len(tests)} tests passed")
