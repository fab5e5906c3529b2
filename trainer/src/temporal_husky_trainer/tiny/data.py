"""Sequences as token ids, and batches of them.

A sequence file holds one JSON object a line: `module` and `parts`, texts that alternate between context and target,
beginning with context. Only targets are trained on (with a small weight on the rest, `context_weight`).
"""

import json
import random
from collections import defaultdict
from pathlib import Path

import torch
from tokenizers import Tokenizer

from .tokenizer import SPECIAL

Sequence = tuple[list[int], list[bool]]


def read_sequences(path: Path, tokenizer: Tokenizer) -> dict[str, list[Sequence]]:
    """By module, in the order of the file."""
    found: dict[str, list[Sequence]] = defaultdict(list)
    with path.open(encoding="utf8") as file:
        while lines := [json.loads(line) for line in file.readlines(8_000_000)]:
            flat = [part for line in lines for part in line["parts"]]
            encoded = iter(tokenizer.encode_batch(flat))
            for line in lines:
                ids: list[int] = []
                target: list[bool] = []
                for at, _ in enumerate(line["parts"]):
                    piece = next(encoded).ids
                    ids += piece
                    target += [at % 2 == 1] * len(piece)
                found[line["module"]].append((ids, target))
    return found


class Mixture:
    """Endless: each module's sequences in turn, in proportion to its share; copying practice beside them."""

    def __init__(self, sequences: dict[str, list[Sequence]], shares: dict[str, float], vocab: int, seed: int):
        self.random = random.Random(seed)
        self.sequences = {name: sequences[name] for name, share in shares.items() if share > 0 and sequences.get(name)}
        self.names = list(self.sequences)
        self.shares = [shares[name] for name in self.names]
        self.vocab = vocab
        self.places = {name: 0 for name in self.names}

    def next(self, copying: float) -> Sequence:
        if self.random.random() < copying:
            return copying_practice(self.random, self.vocab)
        name = self.random.choices(self.names, self.shares)[0]
        items = self.sequences[name]
        place = self.places[name]
        if place % len(items) == 0:
            self.random.shuffle(items)
        self.places[name] = place + 1
        return items[place % len(items)]

    def batches(self, tokens: int, copying):
        """Lists of sequences of like length, about `tokens` with padding; `copying()` is asked for each pool."""
        while True:
            pool = [self.next(copying()) for _ in range(256)]
            pool.sort(key=lambda item: len(item[0]))
            batches: list[list[Sequence]] = [[]]
            for item in pool:
                if batches[-1] and len(item[0]) * (len(batches[-1]) + 1) > tokens:
                    batches.append([])
                batches[-1].append(item)
            self.random.shuffle(batches)
            yield from batches


def collate(batch: list[Sequence], context_weight: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and loss weights, padded on the right (pad is id 0)."""
    length = max(len(ids) for ids, _ in batch)
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    weights = torch.zeros(len(batch), length)
    for row, (tokens, target) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        weights[row, : len(tokens)] = torch.tensor([1.0 if is_target else context_weight for is_target in target])
    return ids, weights


def copying_practice(rng: random.Random, vocab: int) -> Sequence:
    """Names of one to four random tokens with numbers or names behind them, then asked again in another order: so that every
    token of the vocabulary has been copied, also those of names that no question is about."""
    first = len(SPECIAL)
    word = lambda: rng.randrange(first, vocab)
    several = lambda low, high: [word() for _ in range(rng.randint(low, high))]
    ids: list[int] = []
    target: list[bool] = []

    def put(tokens: list[int], is_target: bool) -> None:
        ids.extend(tokens)
        target.extend([is_target] * len(tokens))

    frame, ending = several(1, 3), several(1, 2)
    facts = [(several(1, 4), several(1, 7)) for _ in range(rng.randint(2, 5))]
    for name, value in facts:
        put(name + frame + value + ending, False)
    for _ in range(2):
        rng.shuffle(facts)
        for name, value in facts:
            put(name + frame, False)
            put(value + ending, True)
            if rng.random() < 0.3:
                put(value + ending, True)
    return ids, target
