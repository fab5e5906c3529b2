"""Trainers that don't fit a GPU together take turns. Each holds a shared lock of the GPU while it trains; one that ran out of memory gives
its memory back and waits until it holds the lock alone. The lock goes with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path
from typing import Any

from ..protocol import emit


class Turns:
    """@param name of the GPU, the same for all its trainers"""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        path = (folder or Path(tempfile.gettempdir())) / f"husky-train-{os.getuid()}-{name}.lock"
        self.file: Any = open(path, "w")  # noqa: SIM115 held for the life of the process
        self.alone = False

    def together(self) -> None:
        self.take(fcntl.LOCK_SH, "Another module has the GPU to itself; this one waits for its turn.")

    def take_alone(self) -> None:
        """Call it with no memory held: the lock is given up before it is asked for."""
        fcntl.flock(self.file, fcntl.LOCK_UN)
        self.take(fcntl.LOCK_EX, "The memory does not hold this module beside the others; it waits until they are done.")
        self.alone = True

    def take(self, kind: int, why: str) -> None:
        try:
            fcntl.flock(self.file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            emit("notice", text=why)
            fcntl.flock(self.file, kind)
