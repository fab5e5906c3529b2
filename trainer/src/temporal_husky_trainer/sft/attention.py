"""Which attention computes the gradients. PyTorch's fused attention has given gradients that are not numbers for finite losses (bf16, rows
padded on the right, one H100), so it is compared with attention spelled out before the first step, and left when a gradient turns bad."""

from __future__ import annotations

from typing import Any

from ..protocol import TrainerError, emit

FUSED, EAGER = "sdpa", "eager"
#: Gradients may differ by so much of their length; bf16 rounds to three digits.
TOLERANCE = {"float32": 0.01, "bfloat16": 0.15}


class Attention:
    """The attention of a model, which can be changed while it is trained."""

    def __init__(self, torch: Any, model: Any) -> None:
        self.torch = torch
        self.base = model.get_base_model() if hasattr(model, "get_base_model") else model
        if torch.cuda.is_available() and hasattr(torch.backends.cuda, "enable_cudnn_sdp"):
            torch.backends.cuda.enable_cudnn_sdp(False)  # its backward pass is the newest of the fused ones, and the least trusted
        self.name = str(self.base.config._attn_implementation)

    def use(self, name: str) -> None:
        try:
            self.base.set_attn_implementation(name)
        except (ValueError, ImportError, OSError) as error:
            raise TrainerError("setting-invalid", f"This model has no attention {name}: {error}") from error
        self.name = name

    def choose(self, wanted: str, gradient: Any, precision: str) -> None:
        """`wanted` is `auto` or the name of an attention; `gradient()` gives the gradient of one batch as one vector."""
        if wanted != "auto":
            self.use(wanted)
            return
        self.use(FUSED)
        fused = gradient()
        self.use(EAGER)
        eager = gradient()
        distance = float((fused - eager).norm() / eager.norm().clamp_min(1e-12))
        if distance <= TOLERANCE[precision]:
            self.use(FUSED)
            return
        emit(
            "notice",
            text=f"Attention {FUSED} gives another gradient than {EAGER} on this machine (they differ by {distance:.3g} of its length), "
            f"so {EAGER} is used. It is slower; --set attention={FUSED} insists.",
        )
