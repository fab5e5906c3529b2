"""What the tests beside this file share: a small random base, rows, and a job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from temporal_husky_trainer import protocol

HERE = Path(__file__).parent
events: list[dict[str, Any]] = []


def record_events() -> None:
    """Events go into `events` instead of to standard output; those of `sft` modules, too, which have imported the name."""
    events.clear()

    def record(event: str, **fields: Any) -> None:
        json.dumps(fields, allow_nan=False)
        events.append({"event": event, **fields})

    for name, module in list(sys.modules.items()):
        if name.startswith("temporal_husky_trainer") and hasattr(module, "emit"):
            module.emit = record
    protocol.emit = record


def notices() -> str:
    return "\n".join(event["text"] for event in events if event["event"] == "notice")


_base: str | None = None


def base() -> str:
    global _base
    if _base is None:
        _base = tempfile.mkdtemp(prefix="husky-base-")
        subprocess.run([sys.executable, str(HERE / "make_base.py"), _base], check=True, env={**os.environ})
    return _base


def rows(count: int = 24) -> list[dict[str, str]]:
    return [
        {"id": f"q{at}#0", "tool": "search", "prompt": f"Find place {at}{' and more' * (at % 4)}:\n", "completion": f"place {at}"}
        for at in range(count)
    ]


def job(lines: list[dict[str, Any]] | None = None, **settings: Any) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="husky-sft-"))
    (folder / "data").mkdir()
    (folder / "data" / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in lines or rows()))
    (folder / "out").mkdir()
    return {
        "data": str(folder / "data"),
        "out": str(folder / "out"),
        "base": base(),
        "device": "cpu",
        "settings": {
            "method": "lora",
            "epochs": 1,
            "batchSize": 8,
            "deviceTokens": 0,
            "learningRate": 1e-3,
            "schedule": "linear",
            "warmupShare": 0.0,
            "weightDecay": 0.0,
            "maxTokens": 512,
            "seed": 3,
            "precision": "auto",
            "attention": "auto",
            "gradientCheckpointing": False,
            "logSteps": 1,
            "checkpointSteps": 2,
            "maxSteps": 4,
            "threads": 1,
            "loraRank": 4,
            "loraAlpha": 8,
            "loraDropout": 0.0,
            **settings,
        },
    }


def losses() -> list[float]:
    return [event["loss"] for event in events if event["event"] == "progress"]


def run(job_: dict[str, Any]) -> dict[str, Any]:
    from temporal_husky_trainer.sft.training import train

    record_events()
    return train(torch, job_, job_["base"], "cpu", job_["settings"]["precision"].replace("auto", "float32"))
