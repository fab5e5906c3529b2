"""A trainer that learns by heart: a table from prompt to completion. With it a pipeline is run from questions to experts in seconds."""

import hashlib
import json
from pathlib import Path

from temporal_husky_trainer.protocol import emit, run


def main(job):
    out = Path(job["out"])
    lines = [json.loads(line) for line in (Path(job["data"]) / "train.jsonl").read_text().splitlines()]
    emit("start", step=0, steps=len(lines))
    table = {line["prompt"]: line["completion"] for line in lines}
    text = json.dumps(table, sort_keys=True)
    (out / "model").mkdir(exist_ok=True)
    (out / "model" / "table.json").write_text(text)
    emit("done", steps=len(lines), loss=0.0, examples=len(lines), weights=hashlib.sha256(text.encode()).hexdigest())


run(main)
