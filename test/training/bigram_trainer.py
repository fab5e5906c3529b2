"""A real trainer without libraries: a table of character bigrams, by stochastic gradient descent. Deterministic, with checkpoints.

The job's `settings.mode` makes it fail in the ways that real trainers do.
"""

import hashlib
import json
import math
import os
import random
import time
from pathlib import Path

from temporal_husky_trainer.protocol import TrainerError, emit, run

SIZE = 64


def main(job):
    settings, out = job["settings"], Path(job["out"])
    (out / "pid").write_text(str(os.getpid()))
    mode = settings.get("mode", "train")
    if mode == "crash":
        raise SystemExit(9)
    if mode == "disk-full":
        raise OSError(28, "No space left on device")
    if mode != "train":
        raise TrainerError(mode, f"This is what {mode} looks like")
    lines = [json.loads(line) for line in (Path(job["data"]) / "train.jsonl").read_text().splitlines()]
    texts = [line["prompt"] + line["completion"] for line in lines]
    weights = [[0.0] * SIZE for _ in range(SIZE)]
    chance, first, saved = random.Random(settings["seed"]), 0, out / "checkpoints" / "checkpoint.json"
    if saved.exists():
        state = json.loads(saved.read_text())
        weights, first = state["weights"], state["step"]
        chance.setstate(tuple(tuple(part) if isinstance(part, list) else part for part in state["chance"]))
    emit("start", step=first, steps=settings["steps"])
    loss = 0.0
    for step in range(first + 1, settings["steps"] + 1):
        text = chance.choice(texts)
        loss = 0.0
        for a, b in zip(text, text[1:]):
            row, target = weights[ord(a) % SIZE], ord(b) % SIZE
            total = sum(math.exp(value) for value in row)
            loss -= row[target] - math.log(total)
            for at in range(SIZE):
                row[at] -= 0.1 * (math.exp(row[at]) / total - (at == target))
        loss /= len(text)
        emit("progress", step=step, steps=settings["steps"], loss=loss, tokensPerSecond=None, secondsLeft=None)
        if step % 5 == 0:
            partial = saved.with_suffix(".partial")
            saved.parent.mkdir(exist_ok=True)
            partial.write_text(json.dumps({"weights": weights, "step": step, "chance": chance.getstate()}))
            partial.rename(saved)
            emit("checkpoint", step=step)
        time.sleep(settings["pause"])
        # Waits to be killed, unless it has gone on from a checkpoint.
        if first == 0 and step == settings.get("hold"):
            time.sleep(3600)
    (out / "model").mkdir(exist_ok=True)
    text = json.dumps(weights)
    (out / "model" / "weights.json").write_text(text)
    emit("done", steps=settings["steps"], loss=loss, weights=hashlib.sha256(text.encode()).hexdigest())


run(main)
