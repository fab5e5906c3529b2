"""One step: gradients of all its rows, added up over micro-batches, and checked before they touch a weight.

The loss is the mean over the learnt tokens of the step's rows, however they are cut into micro-batches: when memory runs out, they are cut
smaller and the step is done again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..protocol import TrainerError, emit, kind_of
from .attention import EAGER, Attention
from .batches import collate, micro_batches
from .losses import Losses
from .rows import Row

#: The gradient is cut to this length, as transformers' own trainer does.
LONGEST_GRADIENT = 1.0
#: Trained weights beyond this are a sign of steps that were too large.
HUGE_WEIGHT = 1e4


class OutOfMemory(Exception):
    """A row by itself does not fit beside what else holds the device's memory."""


class Stepper:
    def __init__(
        self, torch: Any, model: Any, losses: Losses, attention: Attention, out: Path, *, device: str, precision: str, tokens: int, seed: int
    ) -> None:
        self.torch, self.model, self.losses, self.attention, self.out = torch, model, losses, attention, out
        self.device, self.precision, self.tokens, self.seed = device, precision, tokens, seed
        self.recomputes = False
        self.weights = {name: value for name, value in model.named_parameters() if value.requires_grad}

    def gradients(self, step: int, rows: Sequence[Row]) -> tuple[float, float]:
        """Loss and length of the gradient of a step, both finite; the gradients lie at the weights, cut to their longest.

        Raises OutOfMemory, or TrainerError `diverged` that names what was not finite.
        """
        loss, norm = self.in_memory(step, rows)
        if not (math.isfinite(loss) and math.isfinite(norm)) and self.attention.name != EAGER:
            fused = self.attention.name
            found = self.suspects(step, rows, loss)
            self.attention.use(EAGER)
            loss, norm = self.in_memory(step, rows)
            if math.isfinite(loss) and math.isfinite(norm):
                emit(
                    "notice",
                    text=f"At step {step + 1} attention {fused} gave {found}. With {EAGER} the same rows are finite, so {EAGER} is used from here on.",
                )
            else:
                self.attention.use(fused)
        if not (math.isfinite(loss) and math.isfinite(norm)):
            raise TrainerError("diverged", self.diagnosis(step, rows, loss))
        return loss, norm

    def in_memory(self, step: int, rows: Sequence[Row]) -> tuple[float, float]:
        """Cuts the micro-batches smaller until they fit."""
        while True:
            try:
                return self.once(step, rows)
            except Exception as error:
                if kind_of(error) != "out-of-memory":
                    raise
                reason = str(error).split("\n", 1)[0][:200]
            # The exception is gone here, and with it what its frames held.
            self.model.zero_grad(set_to_none=True)
            if self.device == "cuda":
                self.torch.cuda.empty_cache()
            if not self.smaller(rows):
                raise OutOfMemory(reason)

    def smaller(self, rows: Sequence[Row]) -> bool:
        """Halves the micro-batches; then keeps less for the backward pass; False when neither is left."""
        if len(micro_batches(rows, self.tokens)) < len(rows):
            widest = max(sum(map(len, batch)) for batch in micro_batches(rows, self.tokens))
            self.tokens = min(self.tokens, widest) // 2
            emit("notice", text=f"The device's memory ran out; micro-batches now hold {self.tokens} tokens, and the steps as many rows as before.")
            return True
        if not self.recomputes:
            self.recompute()
            emit("notice", text="The device's memory ran out with one row at a time; activations are now computed twice instead of kept (gradient checkpointing).")
            return True
        return False

    def recompute(self) -> None:
        """Gradient checkpointing: slower by a third, for a fraction of the memory."""
        base = self.losses.base
        enable = getattr(base, "activation_checkpointing_enable", None) or base.gradient_checkpointing_enable
        enable({"use_reentrant": False})
        self.recomputes = True

    def once(self, step: int, rows: Sequence[Row]) -> tuple[float, float]:
        self.model.zero_grad(set_to_none=True)
        learnt = sum(len(row.target) for row in rows)
        total = self.torch.zeros((), device=self.device)
        for number, batch in enumerate(micro_batches(rows, self.tokens)):
            total += self.backward(step, number, batch, learnt)
        norm = self.torch.nn.utils.clip_grad_norm_(list(self.weights.values()), LONGEST_GRADIENT)
        loss, length = self.torch.stack([total, norm.to(total)]).tolist()
        return loss, length

    def backward(self, step: int, number: int, batch: Sequence[Row], learnt: int) -> Any:
        # Dropout depends on the place in the run alone, so a run that goes on drops what an undisturbed one would.
        self.torch.manual_seed((self.seed * 1_000_003 + step) * 1_009 + number)
        ids, labels = collate(self.torch, batch, self.device)
        with self.torch.autocast(self.device, dtype=self.torch.bfloat16, enabled=self.precision == "bfloat16"):
            loss = self.losses(ids, labels) / learnt
        loss.backward()
        return loss.detach()

    def suspects(self, step: int, rows: Sequence[Row], loss: float) -> str:
        """What is not finite, in words: the loss or the gradient, of which weights, by which rows."""
        bad = [name for name, value in self.weights.items() if value.grad is not None and not bool(value.grad.isfinite().all())]
        lines = []
        for row in rows:
            self.model.zero_grad(set_to_none=True)
            try:
                alone = float(self.backward(step, 0, [row], len(row.target)))
            except Exception as error:
                if kind_of(error) != "out-of-memory":
                    raise
                continue
            if not math.isfinite(alone) or any(value.grad is not None and not bool(value.grad.isfinite().all()) for value in self.weights.values()):
                lines.append(row.line)
        self.model.zero_grad(set_to_none=True)
        what = f"a loss of {loss}" if not math.isfinite(loss) else f"a gradient that is not finite for a loss of {loss:.4g}"
        where = f" in {bad[0]}{f' and {len(bad) - 1} more of {len(self.weights)} weights' if len(bad) > 1 else ''}" if bad else ""
        rows_text = f"lines {', '.join(map(str, lines[:10]))}{' and more' if len(lines) > 10 else ''} by themselves" if lines else "no row by itself, only together"
        self.dump(step, rows, lines, bad, loss)
        return f"{what}{where} ({rows_text})"

    def diagnosis(self, step: int, rows: Sequence[Row], loss: float) -> str:
        with self.torch.no_grad():
            largest = max(float(value.abs().max()) for value in self.weights.values())
        found = self.suspects(step, rows, loss)
        if not math.isfinite(largest) or largest > HUGE_WEIGHT:
            advice = f"The trained weights have grown to {largest:.3g}, so the steps before were too large: lower learningRate."
        elif math.isfinite(loss):
            advice = "The loss is finite, so a lower learning rate will not help: try --set precision=float32, and look at the rows."
        else:
            advice = "The weights are finite: look at the rows, and try --set precision=float32."
        return f"Step {step + 1} gives {found}, with attention {self.attention.name} in {self.precision}. {advice} The step's rows are listed in diverged.json of the module's folder."

    def dump(self, step: int, rows: Sequence[Row], lines: list[int], bad: list[str], loss: float) -> None:
        record = {
            "step": step + 1,
            "loss": loss if math.isfinite(loss) else str(loss),
            "attention": self.attention.name,
            "precision": self.precision,
            "weights": bad,
            "linesByThemselves": lines,
            "rows": [{"line": row.line, "id": row.id, "promptTokens": len(row.prompt), "learntTokens": len(row.target)} for row in rows],
        }
        (self.out / "diverged.json").write_text(json.dumps(record, indent=2) + "\n")

