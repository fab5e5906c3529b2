"""Checkpoints: trained weights and the optimizer's state. One that carries the mark `whole` was written to its end."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from ..protocol import emit, kind_of
from .adapter_gguf import write_adapter_gguf

#: Written last.
WHOLE = "whole"
#: Older ones are removed.
KEPT = 3


def save(torch: Any, folder: Path, step: int, weights: dict[str, Any], optimizer: Any) -> None:
    from safetensors.torch import save_file

    path = folder / f"checkpoint-{step}"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    save_file({name: value.detach().cpu().contiguous() for name, value in weights.items()}, path / "weights.safetensors")
    torch.save(optimizer.state_dict(), path / "optimizer.pt")
    (path / "step.json").write_text(json.dumps({"step": step}))
    for file in path.iterdir():
        with open(file, "rb") as written:
            os.fsync(written.fileno())
    (path / WHOLE).touch()
    for old in sorted(whole(folder))[:-KEPT]:
        shutil.rmtree(folder / f"checkpoint-{old}", ignore_errors=True)


def load(torch: Any, folder: Path, weights: dict[str, Any], optimizer: Any) -> int:
    """Puts the newest checkpoint that can be read into place. Returns its step, 0 without one."""
    from safetensors.torch import load_file

    for path in folder.glob("checkpoint-*"):
        if not (path / WHOLE).exists():
            shutil.rmtree(path, ignore_errors=True)
    for step in sorted(whole(folder), reverse=True):
        path = folder / f"checkpoint-{step}"
        try:
            saved = load_file(path / "weights.safetensors")
            if {name: value.shape for name, value in saved.items()} != {name: value.shape for name, value in weights.items()}:
                raise ValueError("it holds other weights")
            optimizer.load_state_dict(torch.load(path / "optimizer.pt", weights_only=True, map_location="cpu"))
        except Exception as error:  # a disk that was full or failed leaves anything
            if kind_of(error) == "out-of-memory":
                raise
            reason = " ".join(str(error).split())[:200]
            emit("notice", text=f"checkpoint-{step} cannot be read ({reason}), so the run goes on from the one before it.")
            shutil.rmtree(path, ignore_errors=True)
            continue
        with torch.no_grad():
            for name, value in weights.items():
                value.copy_(saved[name])
        return step
    return 0


def whole(folder: Path) -> list[int]:
    return [int(path.name.rsplit("-", 1)[1]) for path in folder.glob("checkpoint-*") if (path / WHOLE).exists()]


def save_model(torch: Any, model: Any, tokenizer: Any, folder: Path, base: str, half: bool) -> None:
    """An adapter in 16-bit floats, for PEFT and as GGUF, without the base's tokenizer; or a whole model with it. The folder appears when it is whole."""
    partial = Path(f"{folder}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    if hasattr(model, "peft_config"):
        from peft import get_peft_model_state_dict
        from safetensors.torch import save_file

        tensors = {name: value.detach().cpu().half().contiguous() for name, value in get_peft_model_state_dict(model).items()}
        save_file(tensors, partial / "adapter_model.safetensors", metadata={"format": "pt"})
        config = model.peft_config["default"]
        config.inference_mode, config.base_model_name_or_path = True, base
        config.save_pretrained(partial)
        written = write_adapter_gguf(tensors, model.get_base_model().config, float(config.lora_alpha), folder.parent.name, partial)
        if not written:
            emit("notice", text="The adapter has no GGUF file: llama.cpp's convert_lora_to_gguf.py may know this architecture.")
    else:
        (model.to(torch.bfloat16) if half else model).save_pretrained(partial)
        tokenizer.save_pretrained(partial)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def hash_weights(folder: Path) -> str:
    """sha256 over names and values of all tensors, whatever the file's metadata."""
    from safetensors import safe_open

    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt") as tensors:
            for name in sorted(tensors.keys()):
                digest.update(name.encode())
                digest.update(tensors.get_tensor(name).contiguous().flatten().view(dtype=_byte()).numpy().tobytes())
    return digest.hexdigest()


def _byte() -> Any:
    import torch

    return torch.uint8
