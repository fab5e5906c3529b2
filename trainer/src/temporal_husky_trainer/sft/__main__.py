"""python -m temporal_husky_trainer.sft JOB.json; docs/training.md describes the job."""

from __future__ import annotations

import gc
import os
from typing import Any

from ..protocol import TrainerError, emit, kind_of, run
from .base import check_base, find_base
from .job import check_packages, check_settings, choose_device, choose_precision, other_versions

os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# Rows of every length come by: memory that is cut to fit one must be able to grow for the next.
os.environ.setdefault("PYTORCH_CUDA_ALLOC_CONF", "expandable_segments:True")


def main(job: dict[str, Any]) -> None:
    settings = job["settings"]
    check_packages()
    if others := other_versions():
        emit("notice", text=others)
    check_settings(settings)
    check_base(job["base"])
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    device = choose_device(torch, job["device"])
    if settings["threads"]:
        torch.set_num_threads(settings["threads"])
    folder = find_base(job["base"])
    turns = gpu_turns(torch) if device == "cuda" else None
    if turns:
        turns.together()
    emit("done", **in_turn(torch, job, folder, device, choose_precision(torch, settings["precision"], device), turns))


def gpu_turns(torch: Any) -> Any:
    from .turns import Turns

    properties = torch.cuda.get_device_properties(torch.cuda.current_device())
    return Turns(str(getattr(properties, "uuid", properties.name)).replace(" ", "-"))


def in_turn(torch: Any, job: dict[str, Any], folder: str, device: str, precision: str, turns: Any) -> dict[str, Any]:
    """Trains; where the memory does not hold the module beside others, once more when it holds the device alone."""
    from .training import train

    while True:
        try:
            return train(torch, job, folder, device, precision)
        except Exception as error:
            if not ran_out(error):
                raise
            reason = str(error)
        gc.collect()
        if device == "cuda":
            torch.cuda.empty_cache()
        if turns is None or turns.alone:
            raise TrainerError("out-of-memory", f"{reason} {memory_of(torch, device)}".strip())
        turns.take_alone()


def ran_out(error: Exception) -> bool:
    return type(error).__name__ == "OutOfMemory" or kind_of(error) == "out-of-memory"


def memory_of(torch: Any, device: str) -> str:
    if device != "cuda":
        return "One row at a time does not fit this machine's memory."
    free, total = torch.cuda.mem_get_info()
    held = total - free - torch.cuda.memory_reserved()
    return (
        f"One row at a time does not fit: the GPU has {total / 2**30:.0f} GiB, of which other programs hold {held / 2**30:.1f} GiB "
        "(a model server frees its part when it ends)."
    )


if __name__ == "__main__":
    run(main)
