"""How a trainer talks with the activity that runs it: one JSON object a line on standard output.

Events: `start`, `progress`, `checkpoint`, `dropped`, `notice`, `done`, `error`. Logs go to standard error. Standard input carries nothing:
when it ends, the worker has died, and so does the trainer, at once; its checkpoints hold what is to be kept.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Exit codes; the error event says more.
FAILED = 1
ORPHANED = 143

#: The oldest Python that runs the trainers.
OLDEST = (3, 11)

#: What libraries say where they give an error no type, in lower case.
SAID = {
    "out-of-memory": ("out of memory", "allocate memory", "cublas_status_alloc_failed"),
    "disk-full": ("no space left", "file write failed", "disk quota exceeded", "unexpected pos"),
    "device-missing": (
        "no kernel image is available",
        "driver on your system is too old",
        "driver version is insufficient",
        "no nvidia driver",
        "devices are busy or unavailable",
        "not compiled with cuda",
    ),
}

#: Seconds to wait for an earlier trainer of the same folder to end.
LOCK_WAIT = 60


class TrainerError(Exception):
    """A failure with a kind that the activity knows.

    Kinds: out-of-memory, diverged, device-missing, disk-full, base-missing, base-untrainable, data-invalid, setting-invalid,
    package-missing, failed.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


_events = sys.stdout
_lock = threading.Lock()


def claim_stdout() -> None:
    """Keeps standard output for events: what libraries print goes to standard error."""
    global _events
    _events = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr


def emit(event: str, **fields: Any) -> None:
    with _lock:
        _events.write(json.dumps({"event": event, **fields}, allow_nan=False) + "\n")
        _events.flush()


def die_with_parent() -> None:
    """Ends this process when standard input does."""

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        os._exit(ORPHANED)

    threading.Thread(target=watch, daemon=True).start()


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Only one trainer writes into a folder; the lock goes when its process does."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        for _ in range(LOCK_WAIT * 10):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.1)
        else:
            raise TrainerError("failed", f"Another trainer has been writing into {folder.name} for {LOCK_WAIT} s.")
        yield


def kind_of(error: BaseException) -> str:
    """The kind of an exception, by type or, where libraries give no type, by text."""
    if isinstance(error, TrainerError):
        return error.kind
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return "out-of-memory"
    if isinstance(error, ImportError):
        return "package-missing"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk-full"
    text = str(error).lower()
    return next((kind for kind, said in SAID.items() if any(words in text for words in said)), "failed")


def check_python(version: tuple[int, ...]) -> None:
    if version[:2] < OLDEST:
        raise TrainerError(
            "package-missing",
            f"This Python is {'.'.join(map(str, version))}, and the trainers need {'.'.join(map(str, OLDEST))} or later. "
            "Name another one in HUSKY_TRAINER_PYTHON, or in HUSKY_PYTHON for trainer/setup.mjs.",
        )


def run(main: Any) -> None:
    """Runs a trainer's `main(job)` with the job file named on the command line."""
    claim_stdout()
    die_with_parent()
    try:
        check_python(sys.version_info[:3])
        job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
        with exclusive(Path(job["out"])):
            main(job)
    except BaseException as error:  # noqa: BLE001 every end is reported
        if isinstance(error, SystemExit | KeyboardInterrupt):
            raise
        import traceback

        traceback.print_exc()
        emit("error", kind=kind_of(error), message=" ".join(str(error).split())[:2000])
        sys.exit(FAILED)
