#!/usr/bin/env python3
"""Kills sft_llama at random moments and resumes it, and compares everything with a run that nobody disturbed.

  bench/resume.py [--program build/release/bin/sft_llama] [--config assets/miniature/demo.toml] [--kills 10] [-- --key value ...]

One run of each kind: one killed with SIGKILL (no warning), one told to go with SIGTERM (exit 75). Each is started again with
--resume_from_checkpoint true until it ends by itself, and is killed `kills` times on the way. Then its events, samples, stop
report and the weights at the stop must be those of the undisturbed run; only times may differ. Exit 1 where they do not.
"""
import argparse
import hashlib
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

TIMES = {"seconds", "seconds_eval"}


def without_times(value):
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if k not in TIMES}
    return [without_times(v) for v in value] if isinstance(value, list) else value


def outcome(run):
    """All that a run left behind, by name, without times."""
    run = pathlib.Path(run)
    events = [without_times(json.loads(line)) for line in (run / "events.jsonl").read_text().splitlines()]
    left = {f"event {i} ({e['kind']} at step {e['step']})": e for i, e in enumerate(events)}
    left["stop_report.json"] = without_times(json.loads((run / "stop_report.json").read_text()))
    for file in sorted((run / "samples").iterdir()):
        left[f"samples/{file.name}"] = file.read_text()
    last = events[-1]["step"]
    for name in ("model.safetensors", "optimizer.safetensors"):
        data = (run / "checkpoints" / f"step-{last}" / name).read_bytes()
        left[f"step-{last}/{name}"] = hashlib.sha256(data).hexdigest()
    return left


def start(options, output, resume):
    command = [options.program, "--config", options.config, "--output_dir", str(output), *options.rest]
    command += ["--resume_from_checkpoint", "true"] if resume else ["--overwrite_output_dir", "true"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(process):
    error = process.communicate()[1]
    if process.returncode != 0:
        sys.exit(f"sft_llama ended with {process.returncode}: {error}")


def events_in(output):
    file = output / "events.jsonl"
    return len(file.read_bytes().splitlines()) if file.exists() else 0


def disturbed(options, output, sign, whole_seconds, numbers):
    """Runs to the end, killed `kills` times after a random share of the undisturbed run's time."""
    shutil.rmtree(output, ignore_errors=True)
    kills = 0
    while kills < options.kills:
        process = start(options, output, resume=True)
        try:
            process.wait(timeout=numbers.uniform(0.1, 0.5) * whole_seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(sign)
        error = process.communicate()[1]
        if process.returncode == 0:  # it ended by itself: once more from the beginning
            shutil.rmtree(output)
            continue
        kills += 1
        print(f"  {signal.Signals(sign).name} {kills}: exit {process.returncode}, {events_in(output)} events", flush=True)
        if process.returncode != (75 if sign == signal.SIGTERM else -sign):
            sys.exit(f"a run told to go must leave with 75, not {process.returncode}: {error}")
    finish(start(options, output, resume=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="build/release/bin/sft_llama")
    parser.add_argument("--config", default="assets/miniature/demo.toml")
    parser.add_argument("--work", default="runs/resume", help="folder for the runs")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    parser.add_argument("rest", nargs="*", help="more options of sft_llama, after --")
    options = parser.parse_args()
    work, numbers = pathlib.Path(options.work), random.Random(options.seed)

    began = time.monotonic()
    finish(start(options, work / "whole", resume=False))
    seconds = time.monotonic() - began
    expected = outcome(work / "whole")
    print(f"undisturbed: {seconds:.0f} s, {len(expected)} things to compare", flush=True)
    failed = False
    for sign in (signal.SIGKILL, signal.SIGTERM):
        name = signal.Signals(sign).name
        disturbed(options, work / name, sign, seconds, numbers)
        found = outcome(work / name)
        differing = [k for k in {**expected, **found} if expected.get(k) != found.get(k)]
        print(f"{name}: {len(differing)} differences {differing[:5]}", flush=True)
        failed |= bool(differing)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
