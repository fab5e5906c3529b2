"""The base model: found and checked in seconds, before anything large is loaded. GGUF files are dequantised once."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from ..protocol import TrainerError, emit, kind_of

#: What a folder with weights of any format holds.
CONFIG = "config.json"
#: How a file begins whose content Git LFS has not fetched.
POINTER = b"version https://git-lfs"


def check_base(base: str) -> None:
    """What a look at the disk tells, before PyTorch is loaded.

    Raises TrainerError `base-missing` or `base-untrainable`.
    """
    path = Path(base)
    if base.endswith(".gguf"):
        if not path.is_file():
            raise TrainerError("base-missing", f"There is no GGUF file at {base}.")
        with open(path, "rb") as file:
            begins = file.read(len(POINTER))
        if begins == POINTER:
            raise TrainerError("base-missing", f"{base} is a pointer of Git LFS, not the file itself: download it again.")
        if re.search(r"-\d{5}-of-\d{5}\.gguf$", base):
            raise TrainerError("base-untrainable", f"{base} is a part of a model: join the parts first (llama-gguf-split --merge).")
        return
    if path.is_dir():
        if not (path / CONFIG).is_file():
            raise TrainerError("base-missing", f"The folder {base} holds no model: it has no {CONFIG}.{what_is_there(path)}")
        check_downloaded(path)
        try:
            config = json.loads((path / CONFIG).read_text(encoding="utf-8"))
        except ValueError as error:
            raise TrainerError("base-missing", f"{path / CONFIG} is no JSON ({error}); download it again.") from error
        check_trainable(base, config)
        return
    if path.exists() or base.startswith((".", "/")) or base.count("/") > 1:
        raise TrainerError("base-missing", f"There is no base model at {base}.")


def what_is_there(folder: Path) -> str:
    """What a folder without a model holds instead, as a hint; empty if nothing is known."""
    adapter = folder / "adapter_config.json"
    if adapter.is_file():
        name = json.loads(adapter.read_text(encoding="utf-8")).get("base_model_name_or_path")
        return f" It is an adapter over {name}: name that base, or merge the adapter into it first."
    inner = next((found.parent for found in sorted(folder.glob(f"*/{CONFIG}")) + sorted(folder.glob(f"snapshots/*/{CONFIG}"))), None)
    if inner:
        return f" {inner} has one."
    gguf = next(iter(sorted(folder.glob("*.gguf"))), None)
    return f" Name its file {gguf} instead." if gguf else ""


def check_downloaded(folder: Path) -> None:
    for file in sorted(folder.glob("*")):
        if file.is_file() and file.stat().st_size < 1024 and file.read_bytes().startswith(POINTER):
            raise TrainerError("base-missing", f"{file} is a pointer of Git LFS, not the file itself: run git lfs pull there, or download it again.")


def find_base(base: str) -> str:
    """The folder or the name that transformers loads; a GGUF file becomes the folder of its dequantised weights."""
    if base.endswith(".gguf"):
        return str(dequantised(Path(base)))
    if Path(base).is_dir():
        return base
    from transformers import AutoConfig

    try:
        check_trainable(base, AutoConfig.from_pretrained(base, trust_remote_code=False).to_dict())
    except (OSError, ValueError) as error:
        raise unloadable(base, error) from error
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
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model, found = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, trust_remote_code=False, output_loading_info=True)
    except Exception as error:  # transformers, safetensors and tokenizers raise many kinds for files that are torn or do not fit
        if kind_of(error) != "failed":
            raise
        raise unloadable(folder, error) from error
    missing = sorted(found["missing_keys"])
    if missing:
        raise TrainerError(
            "base-untrainable",
            f"{len(missing)} weights of {folder} are not in its files, such as {missing[0]}; they would be random. "
            "Download it again, or name a model that writes text.",
        )
    if tokenizer.eos_token_id is None:
        raise TrainerError("base-untrainable", f"The tokenizer of {folder} names no end-of-sequence token.")
    model.config.use_cache = False
    return model, tokenizer


def architectures(folder: str) -> list[str] | None:
    """Names of the classes as which a base is stored."""
    from transformers import AutoConfig

    return AutoConfig.from_pretrained(folder, trust_remote_code=False).architectures


def unloadable(base: str, error: Exception) -> TrainerError:
    text = " ".join(str(error).split())[:400]
    if "trust_remote_code" in text:
        return TrainerError("base-untrainable", f"The base model {base} needs program code of its own, which is not run.")
    if type(error).__name__ == "SafetensorError":
        text = f"a file of weights is torn ({text}); download it again"
    if "ignore_mismatched_sizes" in text:
        text = "its weights have other sizes than its config.json says"
    return TrainerError("base-missing", f"The base model {base} cannot be loaded: {text}")


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
        if kind_of(error) != "failed":
            raise
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
