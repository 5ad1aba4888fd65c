#!/usr/bin/env python3
"""Writes hugging_face_patience.tsv: where Hugging Face's own EarlyStoppingCallback stops on given values.

Needs transformers (made with 5.23.0):  python3 tests/stop/hugging_face_patience.py > tests/stop/hugging_face_patience.tsv
Columns: greater_is_better, patience, threshold, index of the evaluation that stops (-1: none), values.
"""
import random
from types import SimpleNamespace

from transformers import EarlyStoppingCallback


def stop_index(values, greater, patience, threshold):
    callback = EarlyStoppingCallback(patience, threshold)
    args = SimpleNamespace(greater_is_better=greater, metric_for_best_model="eval_x")
    state, control = SimpleNamespace(best_metric=None), SimpleNamespace(should_training_stop=False)
    for i, value in enumerate(values):
        callback.on_evaluate(args, state, control, {"eval_x": value})
        if control.should_training_stop:
            return i
        # The Trainer takes the best after the callbacks were asked, without a threshold.
        if state.best_metric is None or (value > state.best_metric if greater else value < state.best_metric):
            state.best_metric = value
    return -1


HAND = [
    [0.20, 0.50, 0.70, 0.69, 0.71, 0.71, 0.70],
    [0.90, 0.91, 0.92, 0.93, 0.94, 0.95],  # steps of the threshold itself, with rounding errors
    [0.5, 0.505, 0.51, 0.515, 0.52, 0.525],  # creeping
    [0.5, 0.5, 0.5],
    [-0.9, -0.8, -0.85, -0.79, -0.79],
    [0.0, 0.0, 0.1, 0.0],
]

rng = random.Random(0)
cases = HAND + [[round(rng.uniform(0.8, 1.0) if i > 4 else i * 0.2, 2) for i in range(12)] for _ in range(6)]
for values in cases:
    for greater in (True, False):
        for patience, threshold in ((1, 0.0), (2, 0.0), (3, 0.01), (1, 0.05)):
            print(int(greater), patience, threshold, stop_index(values, greater, patience, threshold),
                  " ".join(map(repr, values)), sep="\t")
