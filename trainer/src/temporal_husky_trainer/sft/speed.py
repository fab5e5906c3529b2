"""How fast a training is: tokens a second, and on a known GPU the share of its peak."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from .rows import Row

#: Dense bf16 operations a second, by a part of the device's name; the makers' figures. The first that matches holds.
PEAKS = {
    "B200": 2250e12,
    "GH200": 989e12,
    "H200": 989e12,
    "H100 PCIe": 756e12,
    "H100": 989e12,
    "A100": 312e12,
    "L40S": 362e12,
    "L4": 121e12,
    "A10": 125e12,
    "RTX 4090": 165e12,
}


def peak_of(device_name: str) -> float | None:
    return next((peak for part, peak in PEAKS.items() if part in device_name), None)


class Work:
    """Operations that a batch's tokens take: twice the weights forward, twice for the gradient of what goes in, and twice for that of
    weights which are trained; attention by the rows' lengths; the head where something is learnt. Padding and recomputing don't count."""

    def __init__(self, model: Any, full: bool) -> None:
        base = model.get_base_model() if hasattr(model, "get_base_model") else model
        head, embeddings = base.get_output_embeddings(), base.get_input_embeddings()
        outside = {id(module.weight) for module in (head, embeddings) if module is not None}
        self.weights = sum(p.numel() for p in model.parameters() if p.dim() == 2 and id(p) not in outside)
        self.head = head.weight.numel() if head is not None else 0
        text = base.config.get_text_config() if hasattr(base.config, "get_text_config") else base.config
        self.attention = getattr(text, "num_hidden_layers", 0) * getattr(text, "hidden_size", 0)
        self.passes = 6 if full else 4

    def of(self, rows: Sequence[Row]) -> float:
        tokens, learnt = sum(map(len, rows)), sum(len(row.target) for row in rows)
        squares = sum(len(row) ** 2 for row in rows)
        return self.passes * (self.weights * tokens + self.head * learnt) + 6 * self.attention * squares


class Speed:
    """Counts from one report to the next."""

    def __init__(self, work: Work, peak: float | None, clock: Any = time.monotonic) -> None:
        self.work, self.peak, self.clock = work, peak, clock
        self.began = clock()
        self.tokens = self.operations = 0.0
        self.all_tokens = self.all_operations = self.all_seconds = 0.0

    def add(self, rows: Sequence[Row]) -> None:
        self.tokens += sum(map(len, rows))
        self.operations += self.work.of(rows)

    def report(self) -> dict[str, float | None]:
        """Since the report before."""
        now = self.clock()
        seconds = max(now - self.began, 1e-9)
        self.all_tokens, self.all_operations = self.all_tokens + self.tokens, self.all_operations + self.operations
        self.all_seconds += seconds
        values = self.rates(self.tokens, self.operations, seconds)
        self.began, self.tokens, self.operations = now, 0.0, 0.0
        return values

    def total(self) -> dict[str, float | None]:
        return self.rates(self.all_tokens, self.all_operations, max(self.all_seconds, 1e-9))

    def rates(self, tokens: float, operations: float, seconds: float) -> dict[str, float | None]:
        share = round(operations / seconds / self.peak, 4) if self.peak else None
        return {"tokensPerSecond": round(tokens / seconds, 1), "shareOfPeak": share}
