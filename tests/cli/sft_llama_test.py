#!/usr/bin/env python3
"""sft_llama as people and programs call it: sft_llama_test.py SFT_LLAMA SOURCE_DIR. A random model of 100k weights."""
import array
import json
import pathlib
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

import calling
from calling import check

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
WORK = pathlib.Path(tempfile.mkdtemp(prefix="ifstop-sft-"))
TOKENIZER = SOURCE / "assets/miniature/small"
calling.work = WORK


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
                          ({"dtype": "int4"}, "int4"), ({"device": "abacus"}, "abacus"), ({"device": "cuda:99"}, 'device "cuda:99": '), ({"max_seq_length": 999}, "max_seq_length = 999"),
                          ({"early_stopping_rule": "hope"}, 'there is no rule "hope"'), ({"per_device_train_batch_size": 0}, "= 0: must be 1"),
                          ({"packing": "true"}, "packing = true: needs max_seq_length"),
                          ({"metric_for_best_model": "ifs, isf"}, '"isf" is no score of the prompt set prompts; there are correct, eos, ifs, '),
                          ({"metric_for_best_model": "ifs,"}, 'metric is empty'), ({"eval_steps": "2dur"}, "more than the whole run")]:
        output, _, error = sft(2, **options)
        check(f"{options} is refused by name", text in error, error)
        check("in one line: no backtrace", len(error.splitlines()) == 1, error)
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
    for text, message in [("learning_speed = 1", f'{file}:1: there is no key "learning_speed"'), ("seed = 1\nseed = 2", f'{file}:2: the key "seed" is there twice'),
                          ("seed", f'{file}:1: "seed" is not `key = value`'), ("seed =", "has no value"), ("seed = # 1", "has no value"),
                          ('template = "x', "lacks its closing quotation mark"), ('template = "x" y', "goes on after its text"),
                          ('template = "\\q"', "has a backslash"), ("template = alpaca chat", "texts need quotation marks"),
                          ("[section]", "is not `key = value`"), ("\nwarmup_steps = many", f"{file}:2: "), ("warmup_steps = many", "warmup_steps"),
                          ("\n\nsave_steps = 0", f"{file}:3: save_steps = 0"), ("weight_decay = 0\nadam_beta1 = 7", f"{file}:2: adam_beta1 = 7")]:
        file.write_text(text + "\n")
        done = subprocess.run([a for a in arguments if a not in ("--save_steps", "10")] + ["--overwrite_output_dir", "true", "--config", str(file)], capture_output=True, text=True)
        check(f"{text}: {message}", done.returncode == 2 and message in done.stderr and f"{file}:" in done.stderr, done.stderr)
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
    check("samples name their schema", all(json.loads(line)["schema_version"] == 1 for line in samples(output)["step-6.jsonl"].splitlines()))
    for name in ("config.json", "report.html", "samples/step-0.jsonl", "samples/step-24.jsonl", "checkpoints/step-24/config.json",
                 "checkpoints/step-24/model.safetensors", "checkpoints/step-24/tokenizer.model", "checkpoints/step-24/trainer_state.json"):
        check(f"{name} is there", (output / name).exists())
    config = json.loads((output / "config.json").read_text())
    check("the prompt set's hash is in config.json", len(config["prompt_set"]["hash"]) == 16)
    check("config.json is resolved", (config["device"], config["max_seq_length"], config["num_threads"]) == ("cpu", 256, 1), config)
    check("the rule with its options", config["early_stopping_rule"].startswith("saturation:") and "direction=maximize" in config["early_stopping_rule"], config)
    for rule in ("default", "patience:patience=2+guard_rail:fall=0.2"):
        once = json.loads((sft(max_steps=1, early_stopping_rule=rule)[0] / "config.json").read_text())["early_stopping_rule"]
        twice = json.loads((sft(max_steps=1, early_stopping_rule=once)[0] / "config.json").read_text())["early_stopping_rule"]
        check("a resolved rule is a rule", once == twice and "=" in once, (once, twice))
    again = sft(max_steps=1, lr_scheduler_type="linear", warmup_ratio=0.5)[0]
    config = json.loads((again / "config.json").read_text())
    check("warmup_ratio is resolved", config["warmup_steps"] == 1, config)
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


def test_epochs_as_interval():
    output = sft(max_steps=20, eval_steps="1ep")[0]  # 64 examples in batches of 8
    check("evaluated once an epoch, although max_steps is set", [e["step"] for e in events(output, "eval")] == [0, 8, 16, 20])
    output = sft(max_steps=10, per_device_train_batch_size=4, gradient_accumulation_steps=3, eval_steps="1ep")[0]
    check("the last step of an epoch may be short", [e["step"] for e in events(output, "eval")] == [0, 6, 10], events(output, "eval"))


def test_failure_on_the_way():
    def no_large_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # the weights are larger

    arguments, output = command()
    done = subprocess.run(arguments, capture_output=True, text=True, preexec_fn=no_large_files)
    check("exit 1, with the reason", done.returncode == 1 and "failed after step 10" in done.stderr and "File too large" in done.stderr, (done.returncode, done.stderr))
    end = events(output)[-1]
    check("the log has its end", (end["kind"], end["status"], end["step"]) == ("end", "failed", 10), end)
    report = json.loads((output / "stop_report.json").read_text())
    check("the stop report says why", not report["stopped"] and "File too large" in report["reason"], report)
    sft(output_dir=output, resume_from_checkpoint="true")
    check("a failed run without a checkpoint begins anew", [e["step"] for e in events(output, "train")] == list(range(1, 25)))


def test_folders_of_others():
    for name in ("checkpoints/model.ckpt", "config.json", "events.jsonl"):
        for options in ({}, {"resume_from_checkpoint": "true"}, {"overwrite_output_dir": "true"}):
            other = WORK / f"other{runs}"
            (other / name).parent.mkdir(parents=True)
            (other / name).write_text("theirs\n")
            error = sft(2, output_dir=other, **options)[2]
            check(f"{name} is refused with {options}", str(other) in error and "no run of sft_llama wrote" in error, error)
            check("and stays", [f for f in other.rglob("*") if f.is_file()] == [other / name] and (other / name).read_text() == "theirs\n")
    run = sft(max_steps=2, eval_strategy="no")[0]
    (run / "checkpoints/best").mkdir()
    (run / "checkpoints/best/model.ckpt").write_text("theirs")
    error = sft(2, output_dir=run, overwrite_output_dir="true")[2]
    check("a checkpoint of another trainer is not overwritten", "checkpoints/best" in error and (run / "checkpoints/best/model.ckpt").exists(), error)
    check("what is refused has not been touched", events(run, "end") and (run / "stop_report.json").exists())
    bad = sft(max_steps=2, eval_strategy="no")[0]
    sft(2, output_dir=bad, overwrite_output_dir="true", eval_steps="2dur")
    check("nor by an interval that has no meaning", events(bad, "end") and (bad / "checkpoints/step-2").exists())


def test_what_is_wrong_is_said_before_a_run_is_deleted():
    run = sft(max_steps=2, eval_strategy="no")[0]
    before = {file: file.read_bytes() for file in run.rglob("*") if file.is_file()}
    long = WORK / "long_prompts.jsonl"
    long.write_text(json.dumps({"id": "a", "prompt": "x"}) + "\n" + json.dumps({"id": "tale", "prompt": "word " * 400}) + "\n")
    inside = run / "checkpoints/step-2"
    for options, text in (({"prompts_file": long}, 'prompt "tale" has '), ({"dtype": "float64"}, "float32 or bfloat16"),
                          ({"device": "meta"}, "device"), ({"weight_decay": "inf"}, "weight_decay"),
                          ({"model_name_or_path": inside}, f"model_name_or_path = {inside}: it lies in output_dir"),
                          ({"resume_from_checkpoint": "true"}, "overwrite_output_dir = true and resume_from_checkpoint")):
        error = sft(2, output_dir=run, overwrite_output_dir="true", **options)[2]
        check(f"{options} is refused", text in error, error)
        check("and the run is there", {file: file.read_bytes() for file in run.rglob("*") if file.is_file()} == before)


def test_two_runs_in_one_folder():
    arguments, output = command(max_steps=100000, eval_strategy="no", save_strategy="no", num_train_epochs=1)
    first = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while first.poll() is None and not (output / "events.jsonl").exists():
        time.sleep(0.001)
    error = sft(2, output_dir=output, overwrite_output_dir="true", eval_strategy="no")[2]
    check("the second is refused", "another sft_llama is writing into it" in error, error)
    first.send_signal(signal.SIGTERM)
    first.communicate()
    check("the first was not disturbed", first.returncode == 75 and events(output)[-1]["status"] == "preempted")
    sft(output_dir=output, overwrite_output_dir="true", max_steps=1, eval_strategy="no")  # the lock went with its process


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
    output, _, error = sft(3, learning_rate=1e38, max_steps=1, eval_strategy="no", lr_scheduler_type="constant")
    check("weights that one step broke are not saved", "holds values that are not finite" in error, error)
    check("there is no checkpoint of them", not list(output.glob("checkpoints/*")))


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


def test_resume_from_an_older_checkpoint():
    whole = sft()[0]
    expected, answers = events(whole), samples(whole)
    arguments, _ = command(output_dir=whole, resume_from_checkpoint=whole / "checkpoints/step-10")
    done = subprocess.run(arguments, capture_output=True, text=True)
    check("it goes on", done.returncode == 0 and "resumed at step 10" in done.stdout, done.stderr)
    check("the same run once more", events(whole) == expected and samples(whole) == answers)
    aside = whole / "set_aside/1"
    check("and says where the undone one went", f"2 checkpoints and 3 samples after step 10 were moved to {aside}" in done.stdout, done.stdout)
    check("nothing of it is lost", sorted(f.name for f in (aside / "checkpoints").iterdir()) == ["step-20", "step-24"] and
          (aside / "samples/step-24.jsonl").exists() and '"end"' in (aside / "events.jsonl").read_text())
    _, output, _ = interrupt(signal.SIGKILL, 30, output_dir=whole, resume_from_checkpoint=str(whole / "checkpoints/step-10"), max_steps=2000)
    newest = max(int(f.name[5:]) for f in (whole / "checkpoints").iterdir() if f.name.startswith("step-"))
    check("no stale checkpoint is the newest", newest < 2000 and newest in [e["step"] for e in events(whole, "checkpoint")] + [10], newest)
    check("a run that goes on has no report of its former end", not (whole / "stop_report.json").exists())


def test_resume_in_another_folder():
    first, other = sft()[0], sft(max_steps=4)[0]
    before = events(other)
    checkpoint = first / "checkpoints/step-20"
    error = sft(2, output_dir=other, resume_from_checkpoint=checkpoint)[2]
    check("two runs are not mixed", str(checkpoint) in error and "the two would mix" in error and events(other) == before, error)
    (checkpoint / "tokenizer_config.json").write_text((checkpoint / "tokenizer_config.json").read_text() + "\n")
    fresh = sft(resume_from_checkpoint=checkpoint)[0]
    log = events(fresh)
    check("a log of its own begins there", (log[0]["kind"], log[0]["step"], log[0]["resumed_from"]) == ("start", 20, str(checkpoint)), log[0])
    check("and names no checkpoint that is not there", all((fresh / e["path"]).is_dir() for e in events(fresh, "checkpoint")) and events(fresh, "checkpoint"))
    check("the steps are the same", events(fresh, "train") == events(first, "train")[20:])
    name = "checkpoints/step-24/tokenizer_config.json"
    check("the tokenizer comes from where the weights came from", (fresh / name).read_text() != (first / name).read_text())
    taken = sft(output_dir=other, resume_from_checkpoint=checkpoint, overwrite_output_dir="true")[0]
    check("the other run goes where that is asked for", events(taken) == log)


def test_resume_with_new_options():
    patient = {"early_stopping": "on", "early_stopping_patience": 2, "metric_for_best_model": "eos", "eval_temperature": 0, "save_steps": 6}
    output = sft(**patient)[0]
    stopped = json.loads((output / "stop_report.json").read_text())["step"]
    newer = {**patient, "early_stopping_patience": 9, "output_dir": output, "resume_from_checkpoint": output / "checkpoints/step-6", "eval_steps": 4}
    check("it had stopped later than the checkpoint", stopped > 6 and newer["resume_from_checkpoint"].exists(), stopped)
    before = events(output)
    error = sft(2, **newer)[2]
    check("options that differ are named, with the key that allows it", "patience was 2, is 9" in error or "every was 6 steps, is 4 steps" in error, error)
    check("and the key is one of sft_llama's", "resume_with_new_options = true" in error and "without_options" not in error and events(output) == before, error)
    out = sft(**newer, resume_with_new_options="true")[1]
    check("a patience that was raised goes on", stopped < json.loads((output / "stop_report.json").read_text())["step"], out)


if not TOKENIZER.is_dir():
    sys.exit(f"no tokenizer at {TOKENIZER}")
tests = [test for name, test in sorted(globals().items()) if name.startswith("test_")]
for test in tests:
    test()
shutil.rmtree(WORK)
print(f"{calling.checks} checks in {len(tests)} tests passed")
