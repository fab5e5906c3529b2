"""Which rows a step learns from, and how they are laid into micro-batches. Both depend on the seed alone, so a run goes on as it began."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

from .rows import Row


class Plan:
    """Steps of `batch` rows each, shuffled anew in every epoch."""

    def __init__(self, rows: Sequence[Row], batch: int, epochs: float, max_steps: int, seed: int) -> None:
        self.rows, self.batch, self.seed = rows, batch, seed
        self.per_epoch = math.ceil(len(rows) / batch)
        self.steps = max_steps or math.ceil(self.per_epoch * epochs)
        self.epoch, self.order = -1, []

    def rows_of(self, step: int) -> list[Row]:
        """Rows of a step, which counts from 0."""
        epoch, at = divmod(step, self.per_epoch)
        if epoch != self.epoch:
            self.epoch, self.order = epoch, list(range(len(self.rows)))
            random.Random(f"{self.seed} {epoch}").shuffle(self.order)
        return [self.rows[index] for index in self.order[at * self.batch : (at + 1) * self.batch]]


def micro_batches(rows: Sequence[Row], tokens: int) -> list[list[Row]]:
    """Rows of like lengths together, at most `tokens` a batch with its padding; a longer row is alone."""
    batches: list[list[Row]] = []
    for row in sorted(rows, key=lambda one: (-len(one), one.line)):
        last = batches[-1] if batches else None
        if last and (len(last) + 1) * len(last[0]) <= tokens:
            last.append(row)
        else:
            batches.append([row])
    return batches


def collate(torch: Any, rows: Sequence[Row], device: str) -> tuple[Any, Any]:
    """Token ids and labels, both rows x longest row; labels are -100 where nothing is learnt.

    Rows are filled up on the right, and no mask tells the model so: attention is causal, so no token sees what stands after it, and
    what is filled in has no label. Attention without a mask takes the kernels that do not turn NaN.
    """
    width = max(len(row) for row in rows)
    ids = torch.zeros((len(rows), width), dtype=torch.long)
    labels = torch.full((len(rows), width), -100, dtype=torch.long)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = torch.tensor(row.prompt + row.target)
        labels[at, len(row.prompt) : len(row)] = torch.tensor(row.target)
    return ids.to(device, non_blocking=True), labels.to(device, non_blocking=True)
