"""Greedy output of a checkpoint, as a reference for what runs the exported file.

Reads JSON lines `{ "prompt", "maxTokens" }` from standard input and writes `{ "prompt": [ids], "output": [ids], "text" }` for each.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from .tokenizer import END, load
from .train import load_model


def main() -> None:
    parser = argparse.ArgumentParser(description="Greedy output of a tiny expert.")
    parser.add_argument("--model", type=Path, required=True, help="folder of checkpoint.pt")
    parser.add_argument("--tokenizer", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model, tokenizer = load_model(args.model), load(args.tokenizer)
    end = tokenizer.token_to_id(END)
    for line in sys.stdin:
        request = json.loads(line)
        prompt = tokenizer.encode(request["prompt"]).ids
        output = greedy(model, prompt, request["maxTokens"], end)
        print(json.dumps({"prompt": prompt, "output": output, "text": tokenizer.decode(output, skip_special_tokens=False)}))


@torch.inference_mode()
def greedy(model, prompt: list[int], limit: int, end: int) -> list[int]:
    output: list[int] = []
    while len(output) < limit:
        states = model.hidden_states(torch.tensor([prompt + output]))
        token = int(model.logits(states[0, -1]).argmax())
        if token == end:
            break
        output.append(token)
    return output


if __name__ == "__main__":
    main()
