"""What a trained expert writes: its completion, and then it ends by itself, also where its end token is the pad token (R03)."""

from __future__ import annotations

import shutil
import tempfile
import unittest
from pathlib import Path

import setting
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

COMPLETIONS = {"Next:\n": "go", "Then:\n": "stop here"}


def base_without_pad() -> str:
    folder = Path(tempfile.mkdtemp(prefix="husky-base-")) / "base"
    shutil.copytree(setting.base(), folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.pad_token = tokenizer.eos_token
    tokenizer.save_pretrained(folder)
    return str(folder)


class Ends(unittest.TestCase):
    def test_a_trained_expert_ends_after_its_completion(self) -> None:
        lines = [{"id": f"{at}", "tool": "search", "prompt": prompt, "completion": text} for at in range(4) for prompt, text in COMPLETIONS.items()]
        job = setting.job(lines, method="full", learningRate=1e-2, epochs=1000, maxSteps=120, checkpointSteps=1000)
        job["base"] = base_without_pad()
        setting.run(job)
        tokenizer = AutoTokenizer.from_pretrained(f"{job['out']}/model")
        model = AutoModelForCausalLM.from_pretrained(f"{job['out']}/model")
        for prompt, text in COMPLETIONS.items():
            ids = torch.tensor([tokenizer(prompt).input_ids])
            written = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=300, do_sample=False)[0, ids.shape[1] :]
            self.assertEqual(tokenizer.decode(written), f"{text}<eos>")


if __name__ == "__main__":
    unittest.main()
