"""A Llama-architecture model small enough to train on a CPU.

What is unusual: only the first pairs of each head are rotated by position (GGUF's `rope_freqs.weight` tells llama.cpp the same),
so that the others compare content alone; and the weights begin with the circuit that copies (see `plant_copying`).
"""

import math
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F

# Radians a position for the rotated pairs of every head; the remaining pairs are not rotated.
ROTATED = (1.0, 0.5, 0.25, 0.12, 0.05, 0.02)
# Stands for "not rotated" where a format wants a frequency: a full turn takes 10^11 tokens.
UNROTATED = 1e-10


@dataclass
class TinyConfig:
    vocab: int
    hidden: int = 192
    layers: int = 4
    heads: int = 6
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

    def forward(self, x, rope, past=None, mask=None):
        b, t, _ = x.shape
        y = self.attn_norm(x)
        split = lambda z: z.view(b, t, self.c.heads, self.c.head_dim)
        q, k = rotate(split(self.q(y)), rope), rotate(split(self.k(y)), rope)
        q, k, v = q.transpose(1, 2), k.transpose(1, 2), split(self.v(y)).transpose(1, 2)
        if past is not None:
            k, v = past.add(k, v)
        z = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None)
        x = x + self.o(z.transpose(1, 2).reshape(b, t, -1))
        y = self.ffn_norm(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Cache:
    """Keys and values of one layer, for decoding."""

    def __init__(self):
        self.k = self.v = None

    def add(self, k, v):
        self.k = k if self.k is None else torch.cat([self.k, k], 2)
        self.v = v if self.v is None else torch.cat([self.v, v], 2)
        return self.k, self.v


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

    def hidden_states(self, ids, positions=None, past=None, mask=None):
        if positions is None:
            cos, sin = self.cos[: ids.shape[1], None], self.sin[: ids.shape[1], None]
        else:
            cos, sin = self.cos[positions][:, :, None], self.sin[positions][:, :, None]
        x = self.embed(ids)
        for i, block in enumerate(self.blocks):
            x = block(x, (cos, sin), past[i] if past else None, mask)
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
        normal(b.o.weight, c.hidden**-0.5 * 0.25)
        normal(b.down.weight, c.inter**-0.5 * 0.25)
    if planted:
        plant_copying(model, g)


def plant_copying(model: TinyModel, g: torch.Generator) -> None:
    """Begins with two kinds of heads that training otherwise spends millions of tokens to find (Olsson et al. 2022, induction heads):
    in layer 0, heads that attend to the token before and write a projection of it; in layer 1, heads that look for the place whose
    token before equals the current token, and write the token found there into the output direction.
    Nothing about the data is in these weights: the projections are random.
    """
    c = model.c
    d, h, n = c.head_dim, c.hidden, len(ROTATED)
    constant = 0.16  # one coordinate is the same for every token: what position-only heads read
    model.embed.weight.data[:, 0] = constant
    rms = math.sqrt(0.05**2 + constant**2 / h)
    lift = rms / constant
    first, second = model.blocks[0], model.blocks[1]
    orthogonal = torch.linalg.qr(torch.randn(h - 1, h - 1, generator=g))[0]
    previous = 2
    for i in range(previous):
        rows = slice(i * d, (i + 1) * d)
        first.q.weight.data[rows] = 0
        first.k.weight.data[rows] = 0
        for p, f in enumerate(ROTATED[:4]):
            first.k.weight.data[i * d + 2 * p, 0] = 6.5 * lift
            first.q.weight.data[i * d + 2 * p, 0] = 6.5 * lift * math.cos(f)
            first.q.weight.data[i * d + 2 * p + 1, 0] = -6.5 * lift * math.sin(f)
        first.v.weight.data[rows] = 0
        first.v.weight.data[rows, 1:] = orthogonal[rows]
        first.o.weight.data[:, rows] = 0
        # written apart from where it was read, so that the two can be told apart
        first.o.weight.data[1:, rows] = orthogonal[previous * d + i * d : previous * d + (i + 1) * d].T * 0.05
    content = d - 2 * n
    for i in range(4):
        rows = slice(i * d + 2 * n, (i + 1) * d)
        picked = torch.arange(i * content, (i + 1) * content) % (previous * d)
        for w, base in ((second.q, 0), (second.k, previous * d)):
            w.weight.data[i * d : (i + 1) * d] = 0
            w.weight.data[rows, 1:] = orthogonal[picked + base] * 1.9
        values = slice(i * d, (i + 1) * d)
        second.v.weight.data[values] = 0
        second.v.weight.data[values, 1:] = orthogonal[values]
        second.o.weight.data[:, values] = 0
        second.o.weight.data[1:, values] = orthogonal[values].T * 0.1
