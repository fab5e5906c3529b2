"""From a training set (`husky extract --style compact`) to sequences as the tiny trainer reads them.

A row is one prompt and its completion. The action generator's prompt for a step begins with its prompt, completion and output of the
step before, so the rows of one trajectory are joined into one sequence, of which every completion is a target.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer

from ..protocol import TrainerError
from .tokenizer import END, SPECIAL

MODULES = ("action", "code", "math", "query", "commonsense", "code-rewrite", "search-rewrite")


def training_sets(folder: Path) -> dict[str, Path]:
    """The modules of a training set that have rows, in a fixed order."""
    paths = {module: folder / module / "train.jsonl" for module in MODULES}
    return {module: path for module, path in paths.items() if path.exists() and path.stat().st_size > 0}


def check_style(folder: Path) -> None:
    manifest = folder / "manifest.json"
    style = json.loads(manifest.read_text(encoding="utf8")).get("style") if manifest.exists() else None
    if style != "compact":
        raise TrainerError("data-invalid", f"The tiny back end trains on style compact, and this set has {style}; use husky extract --style compact.")


def sequences(path: Path) -> Iterator[list[str]]:
    """Texts that alternate between context and target, one list a sequence."""
    parts: list[str] = []
    shown = ""
    for prompt, completion in read_rows(path):
        target = completion + END
        if parts and prompt.startswith(shown):
            parts += [prompt[len(shown) :], target]
        else:
            if parts:
                yield parts
            parts = [prompt, target]
        shown = prompt + target
    if parts:
        yield parts


def read_rows(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf8") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
                prompt, completion = row["prompt"], row["completion"]
            except (ValueError, KeyError, TypeError) as error:
                raise TrainerError("data-invalid", f"{path.parent.name}/{path.name} line {number} is no row of a training set.") from error
            if not isinstance(prompt, str) or not isinstance(completion, str):
                raise TrainerError("data-invalid", "The tiny back end reads format prompt-completion; extract with it.")
            yield prompt, completion


def write_sequences(sets: dict[str, Path], out: Path) -> None:
    """All modules' sequences in one file, as data.py reads them; sorted, since synthesis ends questions in no fixed order."""
    partial = out.with_suffix(".partial")
    with partial.open("w", encoding="utf8") as file:
        for module, path in sets.items():
            lines = ({"module": module, "parts": parts} for parts in sequences(path))
            for text in sorted(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines):
                file.write(text + "\n")
    partial.replace(out)


def drop_long(path: Path, out: Path, tokenizer: Tokenizer, longest: int) -> int:
    """Copies the sequences that fit into the model's context. Returns how many do not."""
    dropped = 0
    partial = out.with_suffix(".partial")
    with path.open(encoding="utf8") as lines, partial.open("w", encoding="utf8") as file:
        for line in lines:
            # A token has one byte or more, so that only a long text can be too long.
            if len(line.encode()) > longest and sum(len(tokenizer.encode(part).ids) for part in json.loads(line)["parts"]) > longest:
                dropped += 1
            else:
                file.write(line)
    partial.replace(out)
    return dropped


def sample_texts(path: Path, limit: int) -> Iterator[str]:
    """Texts from the whole file, at most `limit`, special tokens left out."""
    with path.open(encoding="utf8") as file:
        stride = -(-sum(1 for _ in file) // limit)
        file.seek(0)
        for at, line in enumerate(file):
            if at % stride:
                continue
            text = "".join(json.loads(line)["parts"])
            for special in SPECIAL:
                text = text.replace(special, "\n")
            yield text
