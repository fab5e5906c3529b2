"""Tokens a second of the tiny back end beside a bare PyTorch loop of the same model on the same batches, paired.

    PYTHONPATH=trainer/src python benchmarks/training/trainer_speed.py SHARED_FOLDER [--tokens 40000] [--pairs 3]

SHARED_FOLDER holds sequences.jsonl and tokenizer.json (a `.tiny-*` folder beside experts that back end tiny trained). The bare loop
does what training cannot do without: batches, forward, backward, step. The back end adds rates, progress, checkpoints and resuming.
"""

import argparse
import contextlib
import io
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch

from temporal_husky_trainer.tiny import backend
from temporal_husky_trainer.tiny import train as program
from temporal_husky_trainer.tiny.data import Mixture, collate, read_lines
from temporal_husky_trainer.tiny.model import TinyConfig, TinyModel, initialise
from temporal_husky_trainer.tiny.tokenizer import load


def bare(shared: Path, tokens: int, settings: dict) -> float:
    torch.manual_seed(1)
    tokenizer = load(shared)
    model = TinyModel(TinyConfig(tokenizer.get_vocab_size(), layers=settings["layers"]))
    initialise(model, 1)
    options = argparse.Namespace(muon=0.012, lr=2e-3)
    optimizers = program.make_optimizers(model, options)
    batches = Mixture(read_lines(shared / "sequences.jsonl"), {"action": 1.0}, tokenizer, 1).batches(2048, lambda: 0.06)
    done, began = 0, time.perf_counter()
    while done < tokens:
        ids, weights = collate(next(batches), 0.02)
        program.step(model, optimizers, ids, weights)
        done += ids.numel()
    return done / (time.perf_counter() - began)


def ours(shared: Path, tokens: int, settings: dict) -> float:
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        report = backend.Report(tokens)
        report.begin(Path(folder))
        began = time.perf_counter()
        backend.train(report, shared, Path(folder), tokens, settings, {"action": 1.0}, 0.4)
        seconds = time.perf_counter() - began
        state = torch.load(Path(folder) / "checkpoint.pt", weights_only=True)["state"]
    return state["tokens"] / seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("shared", type=Path)
    parser.add_argument("--tokens", type=int, default=40_000)
    parser.add_argument("--pairs", type=int, default=3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    settings = {"seed": 1, "threads": 1, "hidden": 192, "layers": 4, "checkpointSeconds": 60}
    bare(args.shared, 4096, settings)
    pairs = [(bare(args.shared, args.tokens, settings), ours(args.shared, args.tokens, settings)) for _ in range(args.pairs)]
    ratios = [b / a for a, b in pairs]
    print(
        json.dumps(
            {
                "bareTokensPerSecond": [round(a) for a, _ in pairs],
                "backendTokensPerSecond": [round(b) for _, b in pairs],
                "medianRatio": round(statistics.median(ratios), 3),
                "load": os.getloadavg()[0],
            }
        ),
        file=sys.__stdout__,
    )


if __name__ == "__main__":
    main()
