"""The base model: found and checked in seconds, before anything large is loaded. GGUF files are dequantised once."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from ..protocol import TrainerError, emit

#: What a folder with weights of any format holds.
CONFIG = "config.json"


def check_base(base: str) -> None:
    """What a look at the disk tells, before PyTorch is loaded.

    Raises TrainerError `base-missing` or `base-untrainable`.
    """
    path = Path(base)
    if base.endswith(".gguf"):
        if not path.is_file():
            raise TrainerError("base-missing", f"There is no GGUF file at {base}.")
        return
    if path.is_dir():
        if not (path / CONFIG).is_file():
            raise TrainerError("base-missing", f"The folder {base} holds no model: it has no {CONFIG}.")
        check_trainable(base, json.loads((path / CONFIG).read_text(encoding="utf-8")))
        return
    if path.exists() or base.startswith((".", "/")) or base.count("/") > 1:
        raise TrainerError("base-missing", f"There is no base model at {base}.")


def find_base(base: str) -> str:
    """The folder or the name that transformers loads; a GGUF file becomes the folder of its dequantised weights."""
    if base.endswith(".gguf"):
        return str(dequantised(Path(base)))
    if Path(base).is_dir():
        return base
    from transformers import AutoConfig

    try:
        check_trainable(base, AutoConfig.from_pretrained(base).to_dict())
    except (OSError, ValueError) as error:
        raise TrainerError("base-missing", f"The base model {base} cannot be loaded: {error}") from error
    return base


def check_trainable(base: str, config: dict[str, Any]) -> None:
    quantised = config.get("quantization_config")
    if quantised:
        method = quantised.get("quant_method", "unknown") if isinstance(quantised, dict) else "unknown"
        raise TrainerError(
            "base-untrainable",
            f"The base model {base} is stored quantised ({method}), and quantised weights cannot be trained. "
            "Name its original weights, or a GGUF file, which the trainer dequantises.",
        )


def load_base(torch: Any, folder: str, dtype: Any) -> tuple[Any, Any]:
    """Model (on the CPU) and tokenizer."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
    except (OSError, ValueError, KeyError) as error:
        raise TrainerError("base-missing", f"The base model {folder} cannot be loaded: {error}") from error
    if tokenizer.eos_token_id is None:
        raise TrainerError("base-untrainable", f"The tokenizer of {folder} names no end-of-sequence token.")
    model.config.use_cache = False
    return model, tokenizer


def cache_folder() -> Path:
    """Folder of dequantised bases. HUSKY_BASES names another."""
    named = os.environ.get("HUSKY_BASES")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "temporal-husky" / "bases"


def dequantised(file: Path) -> Path:
    """The folder of a GGUF file's weights in 16-bit floats, made once for each content; trainers side by side make it once."""
    folder = cache_folder() / sha256(file)[:24]
    if (folder / CONFIG).exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / CONFIG).exists():
            emit("notice", text=f"{file.name} is dequantised once, into {folder}.")
            write_dequantised(file, folder)
    return folder


def write_dequantised(file: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    partial = Path(f"{folder}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
        model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float16, **unpacked())
    except ImportError as error:
        raise TrainerError("package-missing", f"GGUF files as bases need the Python package gguf: {error}") from error
    except Exception as error:  # transformers raises ValueError, KeyError, TypeError and its own for what it does not know
        raise TrainerError("base-untrainable", f"transformers cannot read {file.name} as weights: {error}") from error
    if not all(value.is_floating_point() for value in model.state_dict().values()):
        raise TrainerError("base-untrainable", f"transformers {transformers_version()} leaves the weights of {file.name} packed.")
    # What is saved are plain weights; a mark of quantisation would forbid to train them.
    model.hf_quantizer = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.save_pretrained(partial)
    tokenizer.save_pretrained(partial)
    partial.rename(folder)


def unpacked() -> dict[str, Any]:
    """Versions of transformers that can keep weights packed are told not to."""
    import transformers

    config = getattr(transformers, "GgufConfig", None)
    return {} if config is None else {"quantization_config": config(dequantize=True)}


def transformers_version() -> str:
    import transformers

    return transformers.__version__


def sha256(file: Path) -> str:
    with open(file, "rb") as bytes_:
        return hashlib.file_digest(bytes_, "sha256").hexdigest()
