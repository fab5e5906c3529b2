"""The loss of a micro-batch, with logits only where something is learnt: of 850 tokens of a prompt and 12 of a completion, 12."""

from __future__ import annotations

from typing import Any

#: Positions whose logits are in memory at a time.
CHUNK = 4096


class Losses:
    """Sums of cross entropy over the labelled tokens of a batch."""

    def __init__(self, torch: Any, model: Any) -> None:
        self.torch, self.model = torch, model
        self.base = model.get_base_model() if hasattr(model, "get_base_model") else model
        self.head = self.base.get_output_embeddings()
        self.decoder = getattr(self.base, self.base.base_model_prefix, None)
        #: Whether the head alone gives the model's logits; :meth:`confirm` finds out.
        self.short = self.head is not None and self.decoder is not None

    def confirm(self, ids: Any, labels: Any) -> None:
        """Models that scale or bound their logits after the head are asked for all of them instead."""
        if not self.short:
            return
        with self.torch.no_grad():
            short = float(self(ids, labels))
            self.short = False
            whole = float(self(ids, labels))
        self.short = abs(short - whole) <= 0.02 * abs(whole) + 1e-6

    def __call__(self, ids: Any, labels: Any) -> Any:
        known = labels[:, 1:] != -100
        wanted = labels[:, 1:][known]
        if not self.short:
            logits = self.model(input_ids=ids, use_cache=False).logits
            return self.cross_entropy(logits[:, :-1][known], wanted)
        hidden = self.decoder(input_ids=ids, use_cache=False).last_hidden_state[:, :-1][known]
        if len(wanted) <= CHUNK or not self.torch.is_grad_enabled():
            return self.of_hidden(hidden, wanted)
        from torch.utils.checkpoint import checkpoint

        parts = zip(hidden.split(CHUNK), wanted.split(CHUNK), strict=True)
        return sum(checkpoint(self.of_hidden, *part, use_reentrant=False) for part in parts)

    def of_hidden(self, hidden: Any, wanted: Any) -> Any:
        return self.cross_entropy(self.head(hidden), wanted)

    def cross_entropy(self, logits: Any, wanted: Any) -> Any:
        return self.torch.nn.functional.cross_entropy(logits.float(), wanted, reduction="sum")
