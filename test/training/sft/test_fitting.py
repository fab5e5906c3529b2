"""Bases and rows that do not fit each other, or that other programs train wrongly without a word."""

from __future__ import annotations

import shutil
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import setting
import torch
import transformers
from temporal_husky_trainer.protocol import TrainerError
from temporal_husky_trainer.sft.base import write_dequantised
from temporal_husky_trainer.sft.job import choose_precision
from test_bases import with_config
from test_rows import CHATML, chat
from transformers import AutoTokenizer, GenerationConfig

SIZES = {"vocab_size": 258, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 1}
LLAMA = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2}


def base_of(change: Callable[[Path], None]) -> str:
    folder = Path(tempfile.mkdtemp(prefix="husky-base-")) / "base"
    shutil.copytree(setting.base(), folder)
    change(folder)
    return str(folder)


def other_model(name: str, **sizes: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        torch.manual_seed(0)
        config = getattr(transformers, f"{name}Config")(**{**SIZES, **sizes})
        getattr(transformers, transformers.AutoModelForCausalLM._model_mapping[type(config)].__name__)(config).save_pretrained(folder)

    return change


def with_tokens(*tokens: str, template: str | None = None) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        tokenizer.add_tokens(list(tokens), special_tokens=True)
        tokenizer.chat_template = template
        tokenizer.save_pretrained(folder)

    return change


def run(base: str, lines: list[dict[str, Any]] | None = None, **settings: Any) -> dict[str, Any]:
    job = setting.job(lines, **settings)
    job["base"] = base
    return {**setting.run(job), "out": job["out"]}


class Tokens(unittest.TestCase):
    def test_a_token_without_weights_is_named_with_its_row(self) -> None:
        rows = [{"id": "q7#0", "tool": "search", "prompt": "a <|call|>:\n", "completion": "b"}]
        with self.assertRaisesRegex(TrainerError, r"Row q7#0 holds the token '<\|call\|>' \(number 258\), and the weights of the base know 258") as caught:
            run(base_of(with_tokens("<|call|>")), rows)
        self.assertEqual(caught.exception.kind, "base-untrainable")

    def test_rows_longer_than_the_positions_of_a_base_are_left_out(self) -> None:
        base = base_of(other_model("GPT2", n_positions=64, n_embd=32, n_layer=2, n_head=2))
        rows = [{"id": f"{at}", "tool": "search", "prompt": prompt, "completion": "b"} for at, prompt in enumerate(["a:\n", "long " * 20])]
        self.assertEqual(run(base, rows)["examples"], 1)
        self.assertIn("The base has 64 positions", setting.notices())


class Ends(unittest.TestCase):
    """A base whose answers end with <|im_end|> in its chat template, and whose servers stop at <eos> alone, as Qwen2.5 before instruction."""

    def base(self) -> str:
        def change(folder: Path) -> None:
            with_tokens("<|im_start|>", "<|im_end|>", template=CHATML)(folder)
            other_model("Llama", **LLAMA, vocab_size=260)(folder)

        return base_of(change)

    def test_a_full_model_says_where_its_answers_end(self) -> None:
        done = run(self.base(), [chat("Question", "Answer")], method="full")
        self.assertEqual(GenerationConfig.from_pretrained(f"{done['out']}/model").eos_token_id, [1, 259])

    def test_an_adapter_cannot_and_so_it_is_told(self) -> None:
        base = self.base()
        run(base, [chat("Question", "Answer")])
        self.assertIn("end with '<|im_end|>', where servers of this base do not stop", setting.notices())
        self.assertIn("stop_token_ids: [259]", setting.notices())
        run(base)
        self.assertNotIn("do not stop", setting.notices())


class UntrainedEnds(unittest.TestCase):
    """A base whose vocabulary is longer than its tokenizer, as Qwen's are; the end of the chat template may have been trained or not."""

    def base(self, write: Callable[[Any], None]) -> str:
        def change(folder: Path) -> None:
            with_tokens("<|im_start|>", "<|im_end|>", template=CHATML)(folder)
            other_model("Llama", **LLAMA, vocab_size=280)(folder)
            model = transformers.AutoModelForCausalLM.from_pretrained(folder)
            with torch.no_grad():
                write(model.lm_head.weight)
            model.save_pretrained(folder)

        return base_of(change)

    def told(self, write: Callable[[Any], None], **settings: Any) -> str:
        run(self.base(write), [chat("Question", "Answer")], maxSteps=1, **settings)
        return setting.notices()

    @staticmethod
    def like_unused(weight: Any) -> None:
        """Unused rows, to which the end belongs, are shorter than those that training moved."""
        weight[:259] *= 5

    @staticmethod
    def like_another(weight: Any) -> None:
        weight[259] = weight[270]

    @staticmethod
    def of_nothing(weight: Any) -> None:
        weight[259] = 0

    def test_an_end_that_the_base_never_used_is_told_with_what_to_do(self) -> None:
        for write in (self.like_unused, self.like_another, self.of_nothing):
            notices = self.told(write)
            self.assertRegex(notices, r"end with '<\|im_end\|>', whose row of the output embedding the training of this base never used")
            self.assertIn("Choose the instruct model of this base", notices)

    def test_full_training_learns_it(self) -> None:
        self.assertNotIn("never used", self.told(self.like_unused, method="full"))

    def test_an_end_that_was_trained_is_not_told(self) -> None:
        def all_trained(weight: Any) -> None:
            weight[:260] *= 5

        self.assertNotIn("never used", self.told(all_trained))
        # Where used and unused rows are of one length, nothing can be said.
        self.assertNotIn("never used", self.told(lambda weight: None))


class Wholes(unittest.TestCase):
    def test_scaled_logits_are_scaled_under_any_attention(self) -> None:
        base = base_of(other_model("Granite", **LLAMA, logits_scaling=16.0, initializer_range=0.5))
        first = []
        for attention in ("auto", "sdpa", "eager"):
            run(base, attention=attention, maxSteps=1)
            first.append(setting.losses()[0])
        for loss in first:
            self.assertAlmostEqual(loss, first[0], places=4)

    def test_experts_of_a_mixture_that_lora_leaves_out_are_told(self) -> None:
        base = base_of(other_model("Mixtral", **LLAMA, num_local_experts=4, num_experts_per_tok=2))
        run(base, maxSteps=1)
        self.assertRegex(setting.notices(), r"\d+% of this base's weights are experts of a mixture, which LoRA leaves as they are")

    def test_a_base_whose_text_part_alone_is_trained_is_told(self) -> None:
        base = base_of(with_config(architectures=["LlamaForConditionalGeneration"]))
        run(base, maxSteps=1)
        self.assertIn("stored as LlamaForConditionalGeneration and its adapter is of LlamaForCausalLM", setting.notices())
        run(base, maxSteps=1, method="full")
        self.assertNotIn("is stored as", setting.notices())

    def test_bf16_that_a_gpu_only_emulates_is_not_chosen(self) -> None:
        with mock.patch.object(torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation):
            self.assertEqual(choose_precision(torch, "auto", "cuda"), "float32")
            self.assertEqual(choose_precision(torch, "bfloat16", "cuda"), "bfloat16")

    def test_memory_that_a_gguf_file_does_not_fit_is_no_fault_of_the_file(self) -> None:
        folder = Path(tempfile.mkdtemp())
        told = RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes")
        with mock.patch.object(AutoTokenizer, "from_pretrained", side_effect=told), self.assertRaisesRegex(RuntimeError, "allocate memory"):
            write_dequantised(folder / "m.gguf", folder / "out")


if __name__ == "__main__":
    unittest.main()
