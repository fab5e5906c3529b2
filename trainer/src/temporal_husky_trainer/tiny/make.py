"""Makes a set of experts by a plan: tokenizer, training runs one after another, GGUF files and their manifest.

Usage: python -m temporal_husky_trainer.tiny.make PLAN.json --data FOLDER --work FOLDER --out FOLDER

`--data` holds sequences.jsonl (`husky atlas-qa --sequences`). A run that is finished is not repeated, one that was interrupted goes
on from its checkpoint. Progress is one JSON object a line on standard output.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from .export import export
from .tokenizer import texts_of, train_tokenizer
from .train import load_model, report

TOKENIZER_LINES = 60_000


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a set of experts by a plan.")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    make(parser.parse_args())


def make(args: argparse.Namespace) -> None:
    plan = json.loads(args.plan.read_text(encoding="utf8"))
    sequences = args.data / "sequences.jsonl"
    args.work.mkdir(parents=True, exist_ok=True)
    args.out.mkdir(parents=True, exist_ok=True)
    vocabulary = args.work / "tokenizer.json"
    if not vocabulary.exists():
        train_tokenizer(texts_of(sequences, TOKENIZER_LINES), plan["vocabulary"]).save(str(vocabulary))
    for run in plan["runs"]:
        if not (args.work / run["name"] / "done").exists():
            train_run(run, plan["seed"], sequences, args)
            (args.work / run["name"] / "done").touch()
    for name in sorted(set(plan["experts"].values())):
        file = args.out / f"{name}.gguf"
        export(load_model(args.work / name), json.loads(vocabulary.read_text(encoding="utf8")), file, f"husky-{name}", plan["type"])
        report(event="exported", file=file.name, bytes=file.stat().st_size)
    manifest = {"style": "compact", "models": {expert: f"{name}.gguf" for expert, name in plan["experts"].items()}}
    (args.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf8")


def train_run(run: dict, seed: int, sequences: Path, args: argparse.Namespace) -> None:
    """In a process of its own, so that each run begins with fresh memory."""
    report(event="run", name=run["name"])
    options = {
        "--sequences": sequences,
        "--tokenizer": args.work,
        "--out": args.work / run["name"],
        "--tokens": run["tokens"],
        "--decay": run["decay"],
        "--seed": seed,
        "--threads": args.threads,
    }
    for optional in ("hidden", "layers", "copying", "lr", "muon", "minutes"):
        if optional in run:
            options[f"--{optional}"] = run[optional]
    if "init" in run:
        options["--init"] = args.work / run["init"]
        options.setdefault("--copying-first", 0.06)
    command = [sys.executable, "-m", "temporal_husky_trainer.tiny.train"]
    command += [str(word) for pair in options.items() for word in pair]
    for name, share in run["shares"].items():
        command += ["--share", f"{name}={share}"]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
