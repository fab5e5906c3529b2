"""Training of one module from its rows to its weights; goes on from the last whole checkpoint. On a CPU it then ends with the weights of an
undisturbed run."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

from ..protocol import emit, kind_of
from . import checkpoints
from .attention import Attention
from .base import architectures, load_base
from .batches import Plan, collate, micro_batches
from .fitting import check_tokens, end_answers, longest, tell_part, untrained_ends
from .losses import Losses
from .rows import Row, read_rows
from .speed import Speed, Work, peak_of
from .step import Stepper

#: Tokens of a micro-batch where `deviceTokens` is 0.
DEVICE_TOKENS = {"cuda": 16_384, "cpu": 2_048}
#: Seconds after which steps are kept even if there were few of them, unless writing takes more than a fiftieth of the time.
CHECKPOINT_SECONDS = 600
#: Bytes of a weight that is trained in full: itself, its gradient and Adam's two moments, in 32-bit floats.
FULL_BYTES = 16


def train(torch: Any, job: dict[str, Any], folder: str, device: str, precision: str) -> dict[str, Any]:
    """Fields of the event `done`. Raises OutOfMemory where the device's memory does not hold the module."""
    settings, out, data = job["settings"], Path(job["out"]), Path(job["data"])
    torch.manual_seed(settings["seed"])
    torch.set_float32_matmul_precision("high")
    full = settings["method"] == "full"
    model, tokenizer = load_base(torch, folder, torch.bfloat16 if precision == "bfloat16" and not full else torch.float32)
    limit = longest(model, settings["maxTokens"])
    rows = read_rows(data / "train.jsonl", tokenizer, limit)
    dev_file = data / "dev.jsonl"
    dev = read_rows(dev_file, tokenizer, limit) if dev_file.exists() and dev_file.stat().st_size else []
    check_tokens(model, tokenizer, [*rows, *dev])
    end_answers(model, tokenizer, rows, full)
    if not full:
        untrained_ends(torch, model, tokenizer, rows)
        tell_part(architectures(folder), model)
    if full and device == "cuda":
        model = fit_full(torch, model)
    model = model.to(device) if full else with_adapter(model, settings).to(device)

    losses, attention = Losses(torch, model), Attention(torch, model)
    tokens = settings["deviceTokens"] or DEVICE_TOKENS[device]
    stepper = Stepper(
        torch, model, losses, attention, out, device=device, precision=precision, tokens=tokens, seed=settings["seed"]
    )
    if settings["gradientCheckpointing"]:
        stepper.recompute()
    optimizer = torch.optim.AdamW(
        list(stepper.weights.values()), lr=settings["learningRate"], weight_decay=settings["weightDecay"], fused=device == "cuda"
    )
    plan = Plan(rows, settings["batchSize"], settings["epochs"], settings["maxSteps"], settings["seed"])
    first = checkpoints.load(torch, out / "checkpoints", stepper.weights, optimizer)
    choose_attention(torch, stepper, rows, settings["attention"])
    emit("start", step=first, steps=plan.steps, examples=len(rows), device=device, attention=attention.name, precision=precision)

    name = torch.cuda.get_device_name() if device == "cuda" else "cpu"
    speed = Speed(Work(model, full), peak_of(name) if precision == "bfloat16" else None)
    loss = math.nan
    saved, cost = time.monotonic(), 0.0
    model.train()
    for step in range(first, plan.steps):
        batch = plan.rows_of(step)
        loss, norm = stepper.gradients(step, batch)
        for group in optimizer.param_groups:
            group["lr"] = settings["learningRate"] * rate(step, plan.steps, settings["schedule"], settings["warmupShare"])
        optimizer.step()
        speed.add(batch)
        done = step + 1
        if done % settings["logSteps"] == 0 or done == plan.steps:
            rates = speed.report()
            left = (plan.steps - done) * speed.all_seconds / (done - first)
            emit("progress", step=done, steps=plan.steps, loss=loss, gradientNorm=norm, secondsLeft=round(left, 1), **rates)
        now = time.monotonic()
        # After the last step, too: what follows may run out of memory or disk.
        if done % settings["checkpointSteps"] == 0 or done == plan.steps or now - saved > max(CHECKPOINT_SECONDS, 50 * cost):
            checkpoints.save(torch, out / "checkpoints", done, stepper.weights, optimizer)
            saved = time.monotonic()
            cost = saved - now
            emit("checkpoint", step=done)

    dev_loss = held_out(torch, stepper, dev) if dev else None
    memory = round(torch.cuda.max_memory_allocated() / 2**30, 2) if device == "cuda" else None
    checkpoints.save_model(torch, model, tokenizer, out / "model", job["base"], half=precision == "bfloat16")
    return {
        "steps": plan.steps,
        "loss": loss if math.isfinite(loss) else None,
        "devLoss": dev_loss,
        "examples": len(rows),
        "weights": checkpoints.hash_weights(out / "model"),
        "attention": attention.name,
        "memoryGiB": memory,
        **speed.total(),
    }


def with_adapter(model: Any, settings: dict[str, Any]) -> Any:
    from peft import LoraConfig, get_peft_model

    stacked = sum(value.numel() for value in model.parameters() if value.dim() == 3)
    if stacked > 0.1 * model.num_parameters():
        emit(
            "notice",
            text=f"{stacked / model.num_parameters():.0%} of this base's weights are experts of a mixture, which LoRA leaves as they are: it trains what lies "
            "beside them. --set method=full trains all.",
        )
    return get_peft_model(
        model,
        LoraConfig(
            r=settings["loraRank"],
            lora_alpha=settings["loraAlpha"],
            lora_dropout=settings["loraDropout"],
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        ),
    )


def fit_full(torch: Any, model: Any) -> Any:
    """32-bit weights where they fit with what training adds; else 16-bit ones, in which small steps may be lost."""
    free, _ = torch.cuda.mem_get_info()
    count = sum(value.numel() for value in model.parameters())
    if FULL_BYTES * count <= 0.8 * free:
        return model
    emit(
        "notice",
        text=f"{count / 1e9:.1f} billion weights do not fit {free / 2**30:.0f} GiB in 32-bit floats; they are trained in bf16, which loses small steps. LoRA does not (--preset lora).",
    )
    return model.to(torch.bfloat16)


def choose_attention(torch: Any, stepper: Stepper, rows: list[Row], wanted: str) -> None:
    """By the gradient of two rows of different lengths, of which the shorter one is filled up. Confirms how losses are computed, too."""
    by_length = sorted(rows, key=lambda row: (len(row), row.line))
    pair = [by_length[0], by_length[len(by_length) // 2]]
    learnt = sum(len(row.target) for row in pair)
    stepper.model.eval()
    with torch.autocast(stepper.device, dtype=torch.bfloat16, enabled=stepper.precision == "bfloat16"):
        stepper.losses.confirm(*collate(torch, pair[:1], stepper.device))

    def gradient() -> Any:
        stepper.model.zero_grad(set_to_none=True)
        stepper.backward(0, 0, pair, learnt)
        return torch.cat([value.grad.flatten().float() for value in stepper.weights.values() if value.grad is not None])

    stepper.attention.choose(wanted, gradient, stepper.precision)
    stepper.model.zero_grad(set_to_none=True)


def rate(step: int, steps: int, schedule: str, warmup_share: float) -> float:
    """Share of the learning rate at a step, which counts from 0."""
    warmup = math.ceil(warmup_share * steps)
    if step < warmup:
        return (step + 1) / (warmup + 1)
    along = (step - warmup) / max(1, steps - warmup)
    if schedule == "constant":
        return 1.0
    return 0.5 * (1 + math.cos(math.pi * along)) if schedule == "cosine" else 1 - along


def held_out(torch: Any, stepper: Stepper, rows: list[Row]) -> float | None:
    """Mean loss of a token of rows that were not trained on; None if it is not finite, or the memory does not hold one row."""
    stepper.model.eval()
    tokens = min(stepper.tokens, 8192)
    while True:
        try:
            loss = summed_loss(torch, stepper, micro_batches(rows, tokens)) / sum(len(row.target) for row in rows)
            return loss if math.isfinite(loss) else None
        except Exception as error:
            if kind_of(error) != "out-of-memory":
                raise
        if stepper.device == "cuda":
            torch.cuda.empty_cache()
        if len(micro_batches(rows, tokens)) == len(rows):
            emit("notice", text="The loss of the rows held out is not known: the memory did not hold one of them beside the model.")
            return None
        tokens //= 2


def summed_loss(torch: Any, stepper: Stepper, batches: list[list[Row]]) -> float:
    with torch.no_grad(), torch.autocast(stepper.device, dtype=torch.bfloat16, enabled=stepper.precision == "bfloat16"):
        return sum(float(stepper.losses(*collate(torch, batch, stepper.device))) for batch in batches)
