"""Fine-tunes one module with TRL's SFTTrainer: full or LoRA, loss on the completion alone.

Usage: python -m temporal_husky_trainer.sft JOB.json (docs/training.md describes the job). Goes on from the last whole checkpoint
in the job's folder; where the device is deterministic it then ends with the weights of an undisturbed run.
"""

from __future__ import annotations

import hashlib
import math
import os
import shutil
import time
from pathlib import Path
from typing import Any

from .protocol import TrainerError, emit, run

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

#: Written last into a checkpoint: one without it was torn by a kill.
WHOLE = "whole"


def main(job: dict[str, Any]) -> None:
    import torch

    settings = job["settings"]
    device = choose_device(torch, job["device"])
    out = Path(job["out"])
    if settings.get("threads"):
        torch.set_num_threads(settings["threads"])

    from transformers import set_seed

    set_seed(settings["seed"])
    model, tokenizer = load_base(torch, job["base"], device)
    train = load_examples(Path(job["data"]) / "train.jsonl", tokenizer, settings["maxTokens"])
    dev_path = Path(job["data"]) / "dev.jsonl"
    dev = load_examples(dev_path, tokenizer, settings["maxTokens"]) if dev_path.exists() and dev_path.stat().st_size else None

    trainer = build_trainer(model, tokenizer, train, dev, out, device, settings)
    checkpoint = last_whole_checkpoint(out / "checkpoints")
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    evaluation = trainer.evaluate() if dev is not None else {}

    final = out / "model"
    partial = out / "model.partial"
    shutil.rmtree(partial, ignore_errors=True)
    trainer.save_model(str(partial))
    tokenizer.save_pretrained(str(partial))
    shutil.rmtree(final, ignore_errors=True)
    partial.rename(final)
    state = trainer.state
    losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
    emit(
        "done",
        steps=state.global_step,
        loss=losses[-1] if losses else None,
        devLoss=evaluation.get("eval_loss"),
        examples=len(train),
        weights=hash_weights(final),
    )


def choose_device(torch: Any, wanted: str) -> str:
    if wanted == "cuda" and not torch.cuda.is_available():
        raise TrainerError("device-missing", "This machine offers PyTorch no CUDA device.")
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted not in ("cpu", "cuda"):
        raise TrainerError("device-missing", f"There is no device {wanted}.")
    return wanted


def load_base(torch: Any, base: str, device: str) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    local = Path(base).exists()
    if not local and (base.startswith((".", "/")) or base.count("/") > 1):
        raise TrainerError("base-missing", f"There is no base model at {base}.")
    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    try:
        tokenizer = AutoTokenizer.from_pretrained(base)
        model = AutoModelForCausalLM.from_pretrained(base, dtype=dtype)
    except (OSError, ValueError) as error:
        raise TrainerError("base-missing", f"The base model {base} cannot be loaded: {error}") from error
    if tokenizer.eos_token is None:
        raise TrainerError("base-missing", f"The tokenizer of {base} names no end-of-sequence token.")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model, tokenizer


def load_examples(path: Path, tokenizer: Any, max_tokens: int) -> Any:
    """Prompt and completion of each line; those over the limit are dropped and counted, never cut."""
    from datasets import load_dataset

    if not path.exists() or path.stat().st_size == 0:
        raise TrainerError("data-invalid", f"The training set {path.parent.name}/{path.name} is empty.")
    try:
        data = load_dataset("json", data_files=str(path), split="train", cache_dir=str(path.parent / ".cache"))
        data = data.select_columns(["prompt", "completion"])
    except Exception as error:
        raise TrainerError("data-invalid", f"{path.parent.name}/{path.name} is not a training set: {error}") from error

    def length(example: dict[str, Any]) -> int:
        if isinstance(example["prompt"], str):
            return len(tokenizer(example["prompt"] + example["completion"]).input_ids) + 1
        return len(tokenizer.apply_chat_template(example["prompt"] + example["completion"], tokenize=True))

    before = len(data)
    data = data.filter(lambda example: length(example) <= max_tokens, keep_in_memory=True, load_from_cache_file=False)
    if len(data) < before:
        emit("dropped", count=before - len(data), of=before, maxTokens=max_tokens, file=path.name)
    if len(data) == 0:
        raise TrainerError("data-invalid", f"All {before} examples of {path.name} are longer than {max_tokens} tokens.")
    return data


def build_trainer(
    model: Any, tokenizer: Any, train: Any, dev: Any, out: Path, device: str, settings: dict[str, Any]
) -> Any:
    from trl import SFTConfig, SFTTrainer

    lora = settings["method"] == "lora"
    arguments = SFTConfig(
        output_dir=str(out / "checkpoints"),
        num_train_epochs=settings["epochs"],
        max_steps=settings.get("maxSteps") or -1,
        per_device_train_batch_size=settings["batchSize"],
        per_device_eval_batch_size=settings["batchSize"],
        gradient_accumulation_steps=settings["gradientAccumulation"],
        learning_rate=settings["learningRate"],
        lr_scheduler_type=settings["schedule"],
        warmup_steps=settings["warmupShare"],
        weight_decay=settings["weightDecay"],
        max_length=settings["maxTokens"],
        completion_only_loss=True,
        seed=settings["seed"],
        data_seed=settings["seed"],
        bf16=device == "cuda",
        use_cpu=device == "cpu",
        gradient_checkpointing=bool(settings["gradientCheckpointing"]),
        logging_steps=settings["logSteps"],
        logging_nan_inf_filter=False,
        save_strategy="steps",
        save_steps=settings["checkpointSteps"],
        save_total_limit=3,
        eval_strategy="no",
        report_to=[],
        disable_tqdm=True,
        dataloader_num_workers=0,
        dataloader_pin_memory=device == "cuda",
    )
    peft_config = None
    if lora:
        from peft import LoraConfig

        peft_config = LoraConfig(
            r=settings["loraRank"],
            lora_alpha=settings["loraAlpha"],
            lora_dropout=settings["loraDropout"],
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        )
    trainer = SFTTrainer(
        model=model,
        args=arguments,
        train_dataset=train,
        eval_dataset=dev,
        processing_class=tokenizer,
        peft_config=peft_config,
    )
    trainer.add_callback(reporter(len(train), device))
    return trainer


def reporter(examples: int, device: str) -> Any:
    from transformers import TrainerCallback

    class Reporter(TrainerCallback):
        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.began, self.first, self.tokens = time.monotonic(), state.global_step, None
            emit("start", step=state.global_step, steps=state.max_steps, examples=examples, device=device)

        def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
            loss = (logs or {}).get("loss")
            if loss is None:
                return
            loss = float(loss)
            if not math.isfinite(loss) or not math.isfinite(float((logs or {}).get("grad_norm", 0.0))):
                raise TrainerError("diverged", f"The loss at step {state.global_step} is {loss}.")
            now, tokens = time.monotonic(), (logs or {}).get("num_tokens")
            if self.tokens is None:
                self.tokens, self.since = tokens, now
            rate = (tokens - self.tokens) / (now - self.since) if tokens and now > self.since and tokens > self.tokens else None
            done = max(1, state.global_step - self.first)
            emit(
                "progress",
                step=state.global_step,
                steps=state.max_steps,
                loss=loss,
                tokensPerSecond=round(rate, 1) if rate else None,
                secondsLeft=round((now - self.began) / done * (state.max_steps - state.global_step), 1),
            )

        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            sync_files(folder)
            (folder / WHOLE).touch()
            emit("checkpoint", step=state.global_step)

    return Reporter()


def sync_files(folder: Path) -> None:
    """What a checkpoint's mark vouches for must be on the disk before the mark."""
    for path in folder.rglob("*"):
        if path.is_file():
            with open(path, "rb") as file:
                os.fsync(file.fileno())


def last_whole_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that was written to its end; torn ones are removed."""
    whole: dict[int, Path] = {}
    for path in folder.glob("checkpoint-*"):
        if (path / WHOLE).exists():
            whole[int(path.name.rsplit("-", 1)[1])] = path
        else:
            shutil.rmtree(path, ignore_errors=True)
    return whole[max(whole)] if whole else None


def hash_weights(folder: Path) -> str:
    """sha256 over names and values of all tensors, whatever the file's metadata."""
    from safetensors.numpy import load_file

    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        try:
            tensors = load_file(path)
        except (TypeError, KeyError):  # bfloat16 is unknown to numpy
            digest.update(path.read_bytes())
            continue
        for name in sorted(tensors):
            digest.update(name.encode())
            digest.update(tensors[name].tobytes())
    return digest.hexdigest()


if __name__ == "__main__":
    run(main)
