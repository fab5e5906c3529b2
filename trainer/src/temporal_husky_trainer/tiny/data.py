"""Sequences as token ids, and batches of them.

A sequence file holds one JSON object a line: `module` and `parts`, texts that alternate between context and target,
beginning with context. Only targets are trained on (with a small weight on the rest, `context_weight`).
"""

import json
import random
import re
from collections import defaultdict
from pathlib import Path

import torch
from tokenizers import Tokenizer

from .tokenizer import SPECIAL

# Sequence files have the module first in each line.
MODULE = re.compile(r'\{"module":"([^"]+)"')

Sequence = tuple[list[int], list[bool]]


def read_lines(path: Path) -> dict[str, list[str]]:
    """Lines by module, in the order of the file; they are parsed and encoded when drawn, so that training begins at once."""
    found: dict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf8") as file:
        for line in file:
            found[MODULE.match(line)[1]].append(line)
    return found


def encode(line: str, tokenizer: Tokenizer) -> Sequence:
    ids: list[int] = []
    target: list[bool] = []
    for at, part in enumerate(json.loads(line)["parts"]):
        piece = tokenizer.encode(part).ids
        ids += piece
        target += [at % 2 == 1] * len(piece)
    return ids, target


class Mixture:
    """Endless: each module's sequences in turn, in proportion to its share; copying practice beside them."""

    def __init__(self, lines: dict[str, list[str]], shares: dict[str, float], tokenizer: Tokenizer, seed: int):
        self.random = random.Random(seed)
        self.tokenizer = tokenizer
        self.lines = {name: lines[name] for name, share in shares.items() if share > 0 and lines.get(name)}
        self.names = list(self.lines)
        self.shares = [shares[name] for name in self.names]
        self.vocab = tokenizer.get_vocab_size()
        self.places = {name: 0 for name in self.names}

    def next(self, copying: float) -> Sequence:
        if self.random.random() < copying:
            return copying_practice(self.random, self.vocab)
        name = self.random.choices(self.names, self.shares)[0]
        items = self.lines[name]
        place = self.places[name]
        if place % len(items) == 0:
            self.random.shuffle(items)
        self.places[name] = place + 1
        return encode(items[place % len(items)], self.tokenizer)

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
    """Ids and loss weights, padded on the right (pad is id 0).

    One context token in eight is learnt, with eight times the weight: the softmax over the vocabulary is most of what a context
    token costs beyond the layers.
    """
    length = max(len(ids) for ids, _ in batch)
    context = (8 * context_weight, *[0.0] * 7)
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    weights = torch.zeros(len(batch), length)
    for row, (tokens, target) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        turn = row + sum(tokens)
        weights[row, : len(tokens)] = torch.tensor([1.0 if is_target else context[(turn + at) % 8] for at, is_target in enumerate(target)])
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
