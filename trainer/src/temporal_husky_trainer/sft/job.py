"""The job: settings, device and packages, checked before anything is loaded."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
from pathlib import Path
from typing import Any

from ..protocol import TrainerError

PACKAGES = ("torch", "transformers", "peft", "safetensors", "tokenizers")
LOCK = Path(__file__).parents[3] / "requirements-sft.lock"
CHOICES = {
    "method": ("full", "lora"),
    "schedule": ("linear", "cosine", "constant"),
    "precision": ("auto", "float32", "bfloat16"),
}
POSITIVE = ("epochs", "batchSize", "learningRate", "maxTokens", "logSteps", "checkpointSteps", "loraRank", "loraAlpha")
WHOLE = ("batchSize", "maxTokens", "logSteps", "checkpointSteps", "loraRank", "maxSteps", "deviceTokens", "seed", "threads")
#: 0 has a meaning of its own, such as no bound; other programs use -1 for that.
FROM_ZERO = ("maxSteps", "deviceTokens", "seed", "threads", "weightDecay", "warmupShare", "loraDropout")
SHARES = ("warmupShare", "loraDropout")


def check_packages(packages: tuple[str, ...] = PACKAGES) -> None:
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        raise TrainerError(
            "package-missing",
            f"This Python lacks {', '.join(missing)}. Make the trainer's environment with: node trainer/setup.mjs sft; "
            "or name a Python that has them in HUSKY_TRAINER_PYTHON.",
        )


def other_versions(lock: Path = LOCK) -> str:
    """Names packages of other versions than the lock's, with which tokens and losses were tested; empty if there are none."""
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(), re.MULTILINE)) if lock.exists() else {}
    installed = {name: importlib.metadata.version(name) for name in PACKAGES if name in locked}
    others = [f"{name} {version} ({locked[name]})" for name, version in installed.items() if version.split("+")[0] != locked[name]]
    return f"Other versions than those of {lock.name}: {', '.join(others)}." if others else ""


def check_settings(settings: dict[str, Any]) -> None:
    for name, choices in CHOICES.items():
        if settings[name] not in choices:
            raise TrainerError("setting-invalid", f"Setting {name} is {settings[name]!r}; it must be one of {', '.join(choices)}.")
    for name in dict.fromkeys((*POSITIVE, *FROM_ZERO)):
        wrong = why_wrong(name, settings[name])
        if wrong:
            raise TrainerError("setting-invalid", f"Setting {name} is {settings[name]}; it must be {wrong}.")


def why_wrong(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "a number"
    if name in WHOLE and int(value) != value:
        return "a whole number"
    if name in SHARES and not 0 <= value < 1:
        return "a share from 0 to below 1, such as 0.03 for 3 %"
    if name in POSITIVE and value <= 0:
        return "more than 0"
    return "0 or more" if value < 0 else ""


def choose_device(torch: Any, wanted: str) -> str:
    if wanted not in ("auto", "cpu", "cuda"):
        raise TrainerError("device-missing", f"There is no device {wanted}.")
    if wanted == "cpu":
        return "cpu"
    if torch.cuda.is_available():
        return "cuda"
    if wanted == "cuda":
        built = torch.version.cuda or "none"
        raise TrainerError("device-missing", f"PyTorch {torch.__version__} (built for CUDA {built}) finds no CUDA device on this machine.")
    return "cpu"


def choose_precision(torch: Any, wanted: str, device: str) -> str:
    if wanted != "auto":
        return wanted
    # GPUs before Ampere compute bf16 by way of 32-bit floats: PyTorch calls that supported, and it is slower than these floats are.
    return "bfloat16" if device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
