"""Tokens a second of plain TRL on the rows that `husky train` is given: SFTTrainer, LoRA of rank 8, bf16 on a GPU.

    python3 benchmarks/training/trl_speed.py BASE_FOLDER TRAIN.jsonl STEPS TOKENS_A_STEP packing|nopack

BASE_FOLDER is what the trainer dequantised (~/.cache/temporal-husky/bases). Needs trl and datasets. The first 20 steps are left out.
"""

import json
import sys
import time
import uuid

import datasets.fingerprint
import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import SFTConfig, SFTTrainer

# Its hashes pickle whole libraries, which fails with some versions; nothing here is cached.
datasets.fingerprint.Hasher.hash = classmethod(lambda cls, value: uuid.uuid4().hex[:16])

LENGTH = 2048


class Clock(TrainerCallback):
    def __init__(self):
        self.marks = []

    def on_log(self, args, state, control, logs=None, **kwargs):
        if logs and "num_tokens" in logs:
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            self.marks.append((state.global_step, time.monotonic(), float(logs["num_tokens"]), logs))


def main(base: str, path: str, steps: int, tokens_a_step: int, mode: str) -> None:
    on_cpu = not torch.cuda.is_available()
    with open(path, encoding="utf-8") as lines:
        rows = [{name: row[name] for name in ("prompt", "completion")} for row in map(json.loads, lines)]
    model = AutoModelForCausalLM.from_pretrained(
        base, dtype=torch.float32 if on_cpu else torch.bfloat16, attn_implementation="sdpa"
    )
    clock = Clock()
    trainer = SFTTrainer(
        model=model,
        processing_class=AutoTokenizer.from_pretrained(base),
        train_dataset=Dataset.from_list(rows),
        callbacks=[clock],
        peft_config=LoraConfig(
            r=8, lora_alpha=16, lora_dropout=0.05, target_modules="all-linear", task_type="CAUSAL_LM"
        ),
        args=SFTConfig(
            output_dir="/tmp/trl-speed",
            max_length=LENGTH,
            packing=mode == "packing",
            completion_only_loss=True,
            bf16=not on_cpu,
            use_cpu=on_cpu,
            per_device_train_batch_size=max(1, tokens_a_step // LENGTH) if mode == "packing" else 32,
            max_steps=steps,
            learning_rate=4e-4,
            logging_steps=1,
            save_strategy="no",
            report_to=[],
            seed=1,
            gradient_checkpointing=False,
        ),
    )
    trainer.train()
    marks = clock.marks
    (first, began, before, _), (last, ended, after, logs) = marks[min(20, len(marks) // 3)], marks[-1]
    print(
        json.dumps(
            {
                "trl": mode,
                "steps": last - first,
                "tokensPerSecond": round((after - before) / (ended - began), 1),
                "tokensAStep": round((after - before) / (last - first)),
                "loss": logs.get("loss"),
                "gradNorm": logs.get("grad_norm"),
                "memoryGiB": None if on_cpu else round(torch.cuda.max_memory_allocated() / 2**30, 2),
            }
        )
    )


if __name__ == "__main__":
    base, path, steps, tokens_a_step, mode = sys.argv[1:6]
    main(base, path, int(steps), int(tokens_a_step), mode)
