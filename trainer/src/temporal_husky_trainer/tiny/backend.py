"""Trains one expert of a few million parameters for `husky train --backend tiny`.

Usage: python -m temporal_husky_trainer.tiny.backend JOB.json (protocol.py describes the job). All modules of a set share one
tokenizer and, those that are not named `fresh`, one base model; whichever module comes first makes them, in a folder beside the
modules. Whatever dies, the next trainer goes on from the last checkpoint, with the same batches and so with the same weights.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import json
import math
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..protocol import TrainerError, emit, run
from . import rows

#: Tokens a step.
BATCH = 2048
#: Folder of a module's last checkpoint.
CHECKPOINTS = "checkpoints"
#: Lines that the tokenizer is made from.
TOKENIZER_LINES = 60_000
#: Share of copying practice in a fine-tuning run, from its first token on, where the settings name none for the module.
COPYING = 0.06
#: Muon's rate where an expert is trained further.
FURTHER_RATE = 0.008


def main(job: dict[str, Any]) -> None:
    if job["device"] == "cuda":
        raise TrainerError("device-missing", "The tiny back end trains on the CPU.")
    settings, module, out = job["settings"], job["module"], Path(job["out"])
    folder = Path(job["data"]).parent
    rows.check_style(folder)
    sets = rows.training_sets(folder)
    earlier = Path(job["base"]) if job["base"] else None
    tokens = int(values(settings["furtherTokens" if earlier else "tokens"]).get(module, 0))
    is_fresh = module in settings["fresh"].split(",")
    base_tokens = 0 if is_fresh or earlier else int(settings["baseTokens"])
    if tokens + base_tokens == 0 and not earlier:
        raise TrainerError("setting-invalid", f"Settings tokens and baseTokens leave nothing to train {module} with.")
    shared = out.parent / f".tiny-{shared_key(settings, sets, earlier)}"
    report = Report(base_tokens + tokens)
    with locked(shared):
        prepare(shared, sets, settings, earlier)
        if base_tokens:
            report.begin(shared / "base")
            shares = {name: share for name, share in values(settings["shares"]).items() if name in sets}
            train(report, shared, shared / "base", base_tokens, settings, shares or dict.fromkeys(sets, 1.0), settings["baseDecay"])
            report.end(base_tokens)
    start = earlier_weights(earlier, module) if earlier else shared / "base"
    weights = start
    if tokens:
        weights = out / CHECKPOINTS
        report.begin(weights)
        decay = values(settings["decay"]).get(module, settings["baseDecay"])
        copying = values(settings["copying"]).get(module, COPYING)
        options = ["--copying", copying]
        if earlier or not is_fresh:
            options += ["--init", start, "--copying-first", copying]
        if earlier:
            options += ["--muon", FURTHER_RATE]
        train(report, shared, weights, tokens, settings, {module: 1.0}, decay, options)
        report.end(tokens)
    else:
        keep(weights, out / CHECKPOINTS)
    shutil.copyfile(shared / "tokenizer.json", out / "tokenizer.json")
    from .model import TinyConfig

    name = module if module in values(settings["tokens"]) else "base"
    file = export_gguf(shared, weights, out, module, name, settings["type"])
    emit(
        "done",
        steps=report.steps,
        loss=report.loss,
        devLoss=held_out_loss(shared, weights, Path(job["data"]) / "dev.jsonl"),
        examples=sum(1 for _ in sets[module].open(encoding="utf8")),
        contextTokens=TinyConfig.context,
        weights=hashlib.sha256(file.read_bytes()).hexdigest(),
    )


def earlier_weights(folder: Path, module: str) -> Path:
    """Checkpoint of a module in a folder of experts that this back end trained before.

    A module that had no expert of its own there begins with the commonsense reasoner's weights, which are the base's.
    """
    for name in (module, "commonsense"):
        if (folder / name / CHECKPOINTS / "checkpoint.pt").exists():
            return folder / name / CHECKPOINTS
    raise TrainerError("base-missing", f"{folder} has no expert for {module} that the tiny back end can train further.")


def keep(weights: Path, folder: Path) -> None:
    """Weights that were made elsewhere, for those who train this module further."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(weights / "checkpoint.pt", folder / "checkpoint.partial")
    (folder / "checkpoint.partial").replace(folder / "checkpoint.pt")


def values(text: str) -> dict[str, float]:
    """`code=0.4,math=0.1` as numbers by name."""
    try:
        return {name: float(value) for name, value in (pair.split("=") for pair in text.split(",") if pair)}
    except ValueError as error:
        raise TrainerError("setting-invalid", f"A setting of the tiny back end must be module=number,...: {text}") from error


def shared_key(settings: dict[str, Any], sets: dict[str, Path], earlier: Path | None) -> str:
    """Names what decides tokenizer and base, so that those of other data or settings are not gone on with."""
    chosen = {name: settings[name] for name in ("vocabulary", "hidden", "layers", "seed", "shares", "baseTokens", "baseDecay")}
    digest = hashlib.sha256(json.dumps(chosen, sort_keys=True).encode())
    if earlier:
        digest.update(tokenizer_of(earlier).read_bytes())
    for module, path in sets.items():
        digest.update(module.encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Modules that train side by side make what they share once; the others wait. The lock goes when its process does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def tokenizer_of(folder: Path) -> Path:
    """All experts of a folder were made with the same one."""
    found = sorted(folder.glob("*/tokenizer.json"))
    if not found:
        raise TrainerError("base-missing", f"{folder} is no folder of experts that the tiny back end has trained.")
    return found[0]


def prepare(shared: Path, sets: dict[str, Path], settings: dict[str, Any], earlier: Path | None) -> None:
    """Sequences and tokenizer, the sequences last: where they are, all is there."""
    from .model import TinyConfig
    from .tokenizer import load, train_tokenizer

    if (shared / "sequences.jsonl").exists():
        return
    rows.write_sequences(sets, shared / "all.jsonl")
    if earlier:
        shutil.copyfile(tokenizer_of(earlier), shared / "tokenizer.json")
    else:
        texts = rows.sample_texts(shared / "all.jsonl", TOKENIZER_LINES)
        train_tokenizer(texts, settings["vocabulary"]).save(str(shared / "tokenizer.json"))
    longest = TinyConfig.context
    dropped = rows.drop_long(shared / "all.jsonl", shared / "sequences.jsonl", load(shared), longest)
    (shared / "all.jsonl").unlink()
    if dropped:
        emit("dropped", count=dropped, maxTokens=longest, file="train.jsonl")
    if (shared / "sequences.jsonl").stat().st_size == 0:
        raise TrainerError("data-invalid", f"All examples are longer than {longest} tokens.")


class Report(io.TextIOBase):
    """Reads what train.py prints, a JSON object a line, and tells the activity in the terms of protocol.py."""

    def __init__(self, tokens: int) -> None:
        self.steps = math.ceil(tokens / BATCH)
        self.loss: float | None = None
        self._done = 0
        self._text = ""
        self._checkpoint: Path | None = None
        self._saved = 0

    def begin(self, folder: Path) -> None:
        """A run whose checkpoint is in the folder."""
        self._checkpoint = folder / "checkpoint.pt"
        self._saved = self._time()
        emit("start", step=self._step(0), steps=self.steps)

    def end(self, tokens: int) -> None:
        self._look(tokens)
        self._done += tokens

    def write(self, text: str) -> int:
        *lines, self._text = (self._text + text).split("\n")
        for line in lines:
            if line.startswith("{"):
                self._read(json.loads(line))
        return len(text)

    def _read(self, event: dict[str, Any]) -> None:
        loss = event.get("loss")
        if loss is not None:
            if not math.isfinite(loss):
                raise TrainerError("diverged", f"The loss at step {event['step']} is {loss}.")
            self.loss = loss
        if event["event"] == "progress":
            rate = event["tokens_per_second"]
            left = self.steps * BATCH - self._done - event["tokens"]
            seconds = round(max(0, left) / rate, 1) if rate else None
            emit("progress", step=self._step(event["tokens"]), steps=self.steps, loss=loss, tokensPerSecond=rate, secondsLeft=seconds)
        self._look(event["tokens"])

    def _look(self, tokens: int) -> None:
        if self._time() > self._saved:
            self._saved = self._time()
            emit("checkpoint", step=self._step(tokens))

    def _time(self) -> int:
        return self._checkpoint.stat().st_mtime_ns if self._checkpoint and self._checkpoint.exists() else 0

    def _step(self, tokens: int) -> int:
        return min(self.steps, (self._done + tokens) // BATCH)


def train(
    report: Report,
    shared: Path,
    out: Path,
    tokens: int,
    settings: dict[str, Any],
    shares: dict[str, float],
    decay: float,
    options: list[Any] | None = None,
) -> None:
    """Runs train.py in this process by its command line."""
    from . import train as program

    arguments: list[Any] = [
        "--sequences",
        shared / "sequences.jsonl",
        "--tokenizer",
        shared,
        "--out",
        out,
        "--tokens",
        tokens,
        "--decay",
        decay,
        "--seed",
        settings["seed"],
        "--threads",
        settings["threads"],
        "--hidden",
        settings["hidden"],
        "--layers",
        settings["layers"],
        "--checkpoint-seconds",
        settings["checkpointSeconds"],
        *(options or []),
    ]
    for name, share in shares.items():
        arguments += ["--share", f"{name}={share}"]
    before = sys.argv
    sys.argv = ["train", *map(str, arguments)]
    try:
        with contextlib.redirect_stdout(report):
            program.main()
    finally:
        sys.argv = before


def export_gguf(shared: Path, weights: Path, out: Path, module: str, name: str, kind: str) -> Path:
    """The name is written into the file; experts that are the base are the same file, byte for byte."""
    from .export import export
    from .train import load_model

    vocabulary = json.loads((shared / "tokenizer.json").read_text(encoding="utf8"))
    final = out / "model"
    final.mkdir(exist_ok=True)
    partial, file = final / "expert.partial", final / f"{module}.gguf"
    export(load_model(weights), vocabulary, partial, f"husky-{name}", kind)
    partial.replace(file)
    return file


def held_out_loss(shared: Path, weights: Path, dev: Path) -> float | None:
    """Mean loss of a target token, over the sequences of `dev.jsonl` that fit."""
    if not dev.exists() or dev.stat().st_size == 0:
        return None
    import torch
    from torch.nn import functional as F

    from .data import collate, encode
    from .tokenizer import load
    from .train import load_model

    model, tokenizer = load_model(weights), load(shared)
    total, count = 0.0, 0
    with torch.inference_mode():
        for parts in rows.sequences(dev):
            sequence = encode(json.dumps({"parts": parts}), tokenizer)
            if len(sequence[0]) > model.c.context:
                continue
            ids, chosen = collate([sequence], 0.0)
            logits = model.logits(model.hidden_states(ids[:, :-1])[chosen[:, 1:] > 0])
            total += F.cross_entropy(logits, ids[:, 1:][chosen[:, 1:] > 0], reduction="sum").item()
            count += int((chosen[:, 1:] > 0).sum())
    return total / count if count else None


if __name__ == "__main__":
    run(main)
