"""Trains one tiny model from sequences: `python -m temporal_husky_trainer.tiny.train --help`.

Progress is one JSON object a line on standard output. The last checkpoint in the output folder is resumed from, with the same
batches as an undisturbed run.
"""

import argparse
import json
import os
import time
from dataclasses import asdict
from pathlib import Path

import torch
from torch.nn import functional as F

from .data import Mixture, collate, read_lines
from .model import TinyConfig, TinyModel, initialise
from .tokenizer import load

# Steps between two reports, and between two measurements of the loss for their moving average.
REPORT_STEPS = 50
MEASURE_STEPS = 5
# How often each module's sequences are drawn while the base is trained.
BASE_SHARES = {
    "action": 0.40,
    "code": 0.22,
    "query": 0.05,
    "search-rewrite": 0.12,
    "code-rewrite": 0.05,
    "math": 0.10,
    "commonsense": 0.06,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a tiny expert.")
    parser.add_argument("--sequences", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder of tokenizer.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tokens", type=int, required=True, help="tokens in all, padding included")
    parser.add_argument("--minutes", type=float, default=0, help="end after so many minutes if that comes first; 0: tokens alone decide")
    parser.add_argument("--init", type=Path, help="folder of a model to start from; otherwise random weights")
    parser.add_argument("--share", action="append", default=[], metavar="MODULE=SHARE", help="instead of the base's shares")
    parser.add_argument("--copying", type=float, default=0.06, help="share of copying practice after the beginning")
    parser.add_argument("--copying-first", type=float, default=0.5, help="and at the beginning")
    parser.add_argument("--copying-until", type=int, default=1_000_000, help="tokens until when it falls to --copying")
    parser.add_argument("--decay", type=float, default=0.4, help="share of the tokens over which rates fall to nothing")
    parser.add_argument("--lr", type=float, default=2e-3, help="AdamW, for embeddings and norms")
    parser.add_argument("--muon", type=float, default=0.012, help="Muon, for matrices")
    parser.add_argument("--batch", type=int, default=2048, help="tokens a step")
    parser.add_argument("--warmup", type=int, default=60, help="steps")
    parser.add_argument("--context-weight", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint-seconds", type=float, default=120)
    parser.add_argument("--hidden", type=int, default=192)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--random-start", action="store_true", help="without planted copying heads")
    train(parser.parse_args())


def train(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    tokenizer = load(args.tokenizer)
    if args.init:
        model = load_model(args.init).train()
    else:
        config = TinyConfig(
            tokenizer.get_vocab_size(),
            hidden=args.hidden,
            layers=args.layers,
            heads=args.hidden // 48,
            inter=args.hidden * 8 // 3 // 32 * 32,
        )
        model = TinyModel(config)
        initialise(model, args.seed, planted=not args.random_start)
    shares = dict(pair.split("=") for pair in args.share)
    shares = {name: float(share) for name, share in shares.items()} or BASE_SHARES
    mixture = Mixture(read_lines(args.sequences), shares, tokenizer, args.seed)
    optimizers = make_optimizers(model, args)
    state = {"step": 0, "tokens": 0, "seconds": 0.0}
    resume(args.out, model, optimizers, state)

    def copying() -> float:
        early = max(0.0, 1 - state["tokens"] / max(1, args.copying_until))
        return args.copying + (args.copying_first - args.copying) * early

    batches = mixture.batches(args.batch, copying)
    replay = state["step"]
    tokens_then, state["tokens"] = state["tokens"], 0
    for _ in range(replay):
        state["tokens"] += sum_padded(next(batches))
    state["tokens"] = tokens_then
    began = saved = time.monotonic()
    seconds_before, tokens_before = state["seconds"], state["tokens"]
    average = None
    while (done := progress(state, args)) < 1:
        rate = min(1.0, (state["step"] + 1) / args.warmup) * min(1.0, max(0.02, (1 - done) / max(1e-9, args.decay)))
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["base"] * rate
        ids, weights = collate(next(batches), args.context_weight)
        reported = (state["step"] + 1) % REPORT_STEPS == 0
        measured = step(model, optimizers, ids, weights, measure=state["step"] % MEASURE_STEPS == 0 or reported)
        state["step"] += 1
        state["tokens"] += ids.numel()
        if measured:
            average = measured if average is None else tuple(0.85 * a + 0.15 * b for a, b in zip(average, measured))
        now = time.monotonic()
        state["seconds"] = seconds_before + now - began
        if reported:
            speed = (state["tokens"] - tokens_before) / (now - began)
            report(
                event="progress",
                **state,
                of=args.tokens,
                loss=round(average[0], 4),
                accuracy=round(average[1], 4),
                tokens_per_second=round(speed),
                rate=round(rate, 4),
            )
        if now - saved > args.checkpoint_seconds:
            save(args.out, model, optimizers, state, args)
            saved = now
    save(args.out, model, optimizers, state, args)
    report(event="done", **state, loss=round(average[0], 4) if average else None, out=args.out.name)


def progress(state: dict, args: argparse.Namespace) -> float:
    """From 0 to 1, by tokens or by the clock, whichever is further."""
    by_clock = state["seconds"] / 60 / args.minutes if args.minutes else 0.0
    return max(by_clock, state["tokens"] / args.tokens)


def step(model: TinyModel, optimizers, ids: torch.Tensor, weights: torch.Tensor, measure: bool = True) -> tuple[float, float] | None:
    """One update; if wanted, the loss and the share of target tokens predicted right, which cost a twentieth of it."""
    shown = weights[:, 1:]
    chosen = shown > 0
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model.logits(model.hidden_states(ids[:, :-1])[chosen])
    expected, weight = ids[:, 1:][chosen], shown[chosen]
    losses = F.cross_entropy(logits.float(), expected, reduction="none")
    loss = (losses * weight).sum() / weight.sum()
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in optimizers:
        optimizer.step()
    if not measure:
        return None
    targets = weight == 1
    right = (logits.detach().argmax(-1) == expected)[targets].float().mean().item()
    return losses.detach()[targets].mean().item(), right


def make_optimizers(model: TinyModel, args: argparse.Namespace) -> list[torch.optim.Optimizer]:
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and name != "embed.weight"]
    rest = [p for name, p in model.named_parameters() if p.ndim != 2 or name == "embed.weight"]
    optimizers: list[torch.optim.Optimizer] = [
        torch.optim.Muon(matrices, lr=args.muon, weight_decay=0.01, momentum=0.95, nesterov=True, ns_steps=4),
        torch.optim.AdamW(rest, lr=args.lr, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.0, fused=True),
    ]
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["base"] = group["lr"]
    return optimizers


def sum_padded(batch) -> int:
    return len(batch) * max(len(ids) for ids, _ in batch)


def save(out: Path, model: TinyModel, optimizers, state: dict, args: argparse.Namespace) -> None:
    settings = {key: str(value) if isinstance(value, Path) else value for key, value in vars(args).items()}
    partial = out / "checkpoint.partial"
    torch.save(
        {
            "config": asdict(model.c),
            "model": model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in optimizers],
            "state": state,
            "settings": settings,
        },
        partial,
    )
    os.replace(partial, out / "checkpoint.pt")


def resume(out: Path, model: TinyModel, optimizers, state: dict) -> None:
    path = out / "checkpoint.pt"
    if not path.exists():
        return
    found = torch.load(path, weights_only=True)
    model.load_state_dict(found["model"])
    for optimizer, values in zip(optimizers, found["optimizers"]):
        optimizer.load_state_dict(values)
    state.update(found["state"])
    report(event="resumed", **state)


def load_model(folder: Path) -> TinyModel:
    found = torch.load(folder / "checkpoint.pt", weights_only=True)
    model = TinyModel(TinyConfig(**found["config"]))
    model.load_state_dict(found["model"])
    return model.eval()


def report(**fields) -> None:
    print(json.dumps(fields), flush=True)


if __name__ == "__main__":
    main()
