"""A Llama-architecture model small enough to train on a CPU.

What is unusual: only the first pairs of each head are rotated by position (GGUF's `rope_freqs.weight` tells llama.cpp the same),
so that the others compare content alone; and the weights begin with the circuit that copies (see `plant_copying`).
"""

import math
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F

from ..protocol import TrainerError

# Radians a position for the rotated pairs of every head; the remaining pairs are not rotated.
ROTATED = (1.0, 0.45, 0.2, 0.09, 0.04, 0.018)
# Stands for "not rotated" where a format wants a frequency: a full turn takes 10^11 tokens.
UNROTATED = 1e-10
# Of planted comparisons: a token that is the same adds about eight to an attention score.
SHARPNESS = 2.2


@dataclass
class TinyConfig:
    vocab: int
    hidden: int = 192
    layers: int = 4
    heads: int = 4
    inter: int = 512
    context: int = 1024
    eps: float = 1e-5

    @property
    def head_dim(self) -> int:
        return self.hidden // self.heads

    def frequencies(self) -> list[float]:
        return [*ROTATED, *[UNROTATED] * (self.head_dim // 2 - len(ROTATED))]

    def as_dict(self) -> dict:
        return asdict(self)


class Norm(nn.Module):
    def __init__(self, size: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.eps)


class Block(nn.Module):
    def __init__(self, c: TinyConfig):
        super().__init__()
        self.c = c
        self.attn_norm = Norm(c.hidden, c.eps)
        self.q, self.k, self.v, self.o = (nn.Linear(c.hidden, c.hidden, bias=False) for _ in range(4))
        self.ffn_norm = Norm(c.hidden, c.eps)
        self.gate = nn.Linear(c.hidden, c.inter, bias=False)
        self.up = nn.Linear(c.hidden, c.inter, bias=False)
        self.down = nn.Linear(c.inter, c.hidden, bias=False)

    def forward(self, x, rope, mask):
        b, t, _ = x.shape
        y = self.attn_norm(x)
        split = lambda z: z.view(b, t, self.c.heads, self.c.head_dim)
        q, k = rotate(split(self.q(y)), rope), rotate(split(self.k(y)), rope)
        q, k, v = q.transpose(1, 2), k.transpose(1, 2), split(self.v(y)).transpose(1, 2)
        # Spelled out: for sequences as short as these, the backward pass of PyTorch's fused attention takes several times as long.
        scores = (q * self.c.head_dim**-0.5) @ k.transpose(2, 3) + mask
        z = scores.softmax(-1).to(v.dtype) @ v
        x = x + self.o(z.transpose(1, 2).reshape(b, t, -1))
        y = self.ffn_norm(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


def rotate(x: torch.Tensor, rope) -> torch.Tensor:
    """Rotates neighbouring pairs (llama.cpp's own order, so q and k need no permutation in the export)."""
    cos, sin = rope
    n = 2 * len(ROTATED)
    head, rest = x[..., :n], x[..., n:]
    a, b = head[..., 0::2], head[..., 1::2]
    turned = torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)
    return torch.cat((turned.to(x.dtype), rest), -1)


class TinyModel(nn.Module):
    def __init__(self, c: TinyConfig):
        super().__init__()
        self.c = c
        self.embed = nn.Embedding(c.vocab, c.hidden)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.layers))
        self.norm = Norm(c.hidden, c.eps)
        angles = torch.arange(c.context)[:, None] * torch.tensor(ROTATED)[None]
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def hidden_states(self, ids: torch.Tensor) -> torch.Tensor:
        """Of every position; sequences are padded on the right, where nothing looks at them."""
        length = ids.shape[1]
        rope = self.cos[:length, None], self.sin[:length, None]
        mask = torch.full((length, length), -torch.inf).triu(1)
        x = self.embed(ids)
        for block in self.blocks:
            x = block(x, rope, mask)
        return self.norm(x)

    def logits(self, states):
        return F.linear(states, self.embed.weight)

    def parameter_count(self) -> int:
        return sum(p.numel() for p in self.parameters())


def initialise(model: TinyModel, seed: int, planted: bool = True) -> None:
    """Random weights; with `planted` the first layers begin with attention that copies."""
    g = torch.Generator().manual_seed(seed)
    c = model.c
    normal = lambda p, std: p.data.copy_(torch.randn(p.shape, generator=g) * std)
    normal(model.embed.weight, 0.05)
    for b in model.blocks:
        for w in (b.q, b.k, b.v, b.gate, b.up):
            normal(w.weight, c.hidden**-0.5 * 0.7)
        normal(b.o.weight, c.hidden**-0.5 * 0.1)
        normal(b.down.weight, c.inter**-0.5 * 0.1)
    if planted:
        plant_copying(model, g)


def plant_copying(model: TinyModel, g: torch.Generator) -> None:
    """Begins with two kinds of heads that training otherwise spends millions of tokens to find (Olsson et al. 2022, induction heads).

    In layer 0, three heads attend to the tokens one, two and three places back, and write a projection of each into a part of
    the residual stream of its own. In layer 1, three heads look for the place whose three tokens before equal the current token
    and the two before it, and write the token found there where the output reads it. Nothing about the data is in these weights:
    the directions are random.
    """
    c = model.c
    d, h, rotated = c.head_dim, c.hidden, 2 * len(ROTATED)
    looked = 3  # tokens compared
    part = (d - rotated) // looked  # dimensions of one compared token in one head
    seen = looked * part  # dimensions of a token that are compared, over the heads of layer 1
    if c.heads < looked or c.layers < 2 or seen * (1 + looked) >= h:
        raise TrainerError("setting-invalid", f"A model of {c.heads} heads, {c.layers} layers and width {h} is too small to plant copying heads in; raise setting hidden or layers.")
    directions = torch.linalg.qr(torch.randn(h - 1, h - 1, generator=g))[0]
    written = [directions[seen * (1 + i) : seen * (2 + i)] for i in range(looked)]
    free = torch.cat([directions[:seen], directions[seen * (1 + looked) :]])
    shown, constant, std = directions[:seen], 0.16, 0.05
    # Tokens live where nothing is written; one coordinate, the same for all, is what heads that look at positions alone read.
    model.embed.weight.data[:, 1:] = torch.randn(c.vocab, len(free), generator=g) @ free * std
    model.embed.weight.data[:, 0] = constant
    rms = math.sqrt((constant**2 + len(free) * std**2) / h)
    first, second = model.blocks[0], model.blocks[1]
    for i in range(looked):
        rows = slice(i * d, (i + 1) * d)
        for w in (first.q, first.k, first.v, second.q, second.k, second.v):
            w.weight.data[rows] = 0
        for w in (first.o, second.o):
            w.weight.data[:, rows] = 0
        for pair, f in enumerate(ROTATED[:5]):
            turn = f * (i + 1)
            first.k.weight.data[i * d + 2 * pair, 0] = 7 * rms / constant
            first.q.weight.data[i * d + 2 * pair, 0] = 7 * rms / constant * math.cos(turn)
            first.q.weight.data[i * d + 2 * pair + 1, 0] = -7 * rms / constant * math.sin(turn)
        first.v.weight.data[i * d : i * d + seen, 1:] = shown
        first.o.weight.data[1:, i * d : i * d + seen] = written[i].T * 0.06 * rms / std
        some = slice(i * part, (i + 1) * part)
        for token in range(looked):
            place = i * d + rotated + token * part
            now = shown if token == 0 else written[token - 1]
            second.q.weight.data[place : place + part, 1:] = now[some] * SHARPNESS
            second.k.weight.data[place : place + part, 1:] = written[token][some] * SHARPNESS
        share = free[i::looked]
        second.v.weight.data[i * d : i * d + len(share), 1:] = share
        second.o.weight.data[1:, i * d : i * d + len(share)] = share.T * 0.3
    model.norm.weight.data.fill_(1.5)
