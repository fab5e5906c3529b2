"""Merges a LoRA adapter into its base: `python -m temporal_husky_trainer.sft_merge --base B --adapter A --out FOLDER`."""

from __future__ import annotations

import argparse

from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description="Merge a LoRA adapter into its base.")
    parser.add_argument("--base", required=True)
    parser.add_argument("--adapter", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(args.base), args.adapter).merge_and_unload()
    model.save_pretrained(args.out)
    AutoTokenizer.from_pretrained(args.adapter).save_pretrained(args.out)


if __name__ == "__main__":
    main()
