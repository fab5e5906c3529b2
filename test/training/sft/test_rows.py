"""What is learnt of a row: its completion and one end token, after the prompt's tokens as a server shows them (R01, R02, R03)."""

from __future__ import annotations

import json
import os
import tempfile
import unittest
from importlib.metadata import version
from pathlib import Path

import setting
from temporal_husky_trainer.sft.job import other_versions
from temporal_husky_trainer.protocol import TrainerError
from temporal_husky_trainer.sft.rows import Row, RowTokens, read_rows
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

REAL = Path(os.environ.get("HUSKY_REAL_MODELS", "/nowhere"))
CHATML = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
THINKING = CHATML.replace("assistant\n{% endif", "assistant\n<think>\n\n</think>\n\n{% endif")
OPEN_THINKING = CHATML.replace("assistant\n{% endif", "assistant\n<think>\n{% endif")


def bytes_tokenizer(merges: list[tuple[str, str]] = (), template: str | None = None, pad: str | None = "<pad>"):  # type: ignore[no-untyped-def]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = ["<pad>", "<eos>", "<|im_start|>", "<|im_end|>", *letters, *["".join(pair) for pair in merges]]
    tokenizer = Tokenizer(models.BPE({word: at for at, word in enumerate(words)}, list(merges)))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<eos>", pad_token=pad, additional_special_tokens=["<|im_start|>", "<|im_end|>"])
    fast.chat_template = template
    return fast


def blank_tokenizer():  # type: ignore[no-untyped-def]
    """Puts a blank before every text, as the tokenizer of Llama 2 does."""
    letters = sorted({*"▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789[]:.\n "})
    tokenizer = Tokenizer(models.BPE({"<eos>": 0, **{letter: at + 1 for at, letter in enumerate(letters)}}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<eos>", pad_token="<eos>")


def rows_of(tokenizer, *rows: dict[str, object], max_tokens: int = 512) -> list[Row]:  # type: ignore[no-untyped-def]
    setting.record_events()
    path = Path(tempfile.mkdtemp()) / "train.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_rows(path, tokenizer, max_tokens)


def chat(prompt: str, completion: str) -> dict[str, object]:
    return {"prompt": [{"role": "user", "content": prompt}], "completion": [{"role": "assistant", "content": completion}]}


class Versions(unittest.TestCase):
    def test_a_version_outside_the_lock_is_named(self) -> None:
        lock = Path(tempfile.mkdtemp()) / "requirements.lock"
        lock.write_text(f"tokenizers=={version('tokenizers')} \\\n    --hash=sha256:0\ntransformers==4.0.0 \\\n")
        self.assertEqual(other_versions(lock), f"Other versions than those of requirements.lock: transformers {version('transformers')} (4.0.0).")
        self.assertEqual(other_versions(lock.with_name("absent")), "")


class Borders(unittest.TestCase):
    def test_a_border_that_does_not_merge_gives_the_tokens_of_the_whole(self) -> None:
        tokenizer = bytes_tokenizer()
        [row] = rows_of(tokenizer, {"prompt": "Next:\n", "completion": "[search] Find it."})
        self.assertEqual([*row.prompt, *row.target], [*tokenizer("Next:\n[search] Find it.").input_ids, tokenizer.eos_token_id])
        self.assertEqual(setting.notices(), "")

    def test_a_border_that_merges_is_counted_and_the_prompt_stays_what_a_server_shows(self) -> None:
        tokenizer = bytes_tokenizer([(":", "[")])
        [row, _] = rows_of(tokenizer, {"prompt": "Next:", "completion": "[search] x"}, {"prompt": "Next:\n", "completion": "[search] x"})
        self.assertEqual(list(row.prompt), tokenizer("Next:").input_ids)
        self.assertEqual(tokenizer.decode(row.target), "[search] x<eos>")
        self.assertIn("merges the end of the prompt with the beginning of the completion in 1 of 2 rows", setting.notices())

    def test_a_tokenizer_that_puts_a_blank_before_a_text_puts_none_before_a_completion(self) -> None:
        tokenizer = blank_tokenizer()
        [row] = rows_of(tokenizer, {"prompt": "Next:\n", "completion": "[search] x"})
        self.assertEqual([*row.prompt, *row.target[:-1]], tokenizer("Next:\n[search] x").input_ids)
        self.assertEqual(row.target[0], tokenizer.convert_tokens_to_ids("["))

    def test_a_row_whose_target_reads_otherwise_than_its_completion_is_refused(self) -> None:
        with self.assertRaisesRegex(TrainerError, "Line 1 of .* the tokens to be learnt read as"):
            rows_of(blank_tokenizer(), {"prompt": "Next:\n", "completion": "Zoë & co"})


class Ends(unittest.TestCase):
    def test_every_row_learns_its_end_token_once_also_where_it_is_the_pad_token(self) -> None:
        tokenizer = bytes_tokenizer(pad="<eos>")
        rows = rows_of(tokenizer, {"prompt": "a:\n", "completion": "b"}, {"prompt": "a:\n", "completion": "longer"}, {"prompt": "a:\n", "completion": "b<eos>"})
        self.assertEqual([tokenizer.decode(row.target) for row in rows], ["b<eos>", "longer<eos>", "b<eos>"])

    def test_labels_hold_the_end_token_of_a_shorter_row_and_nothing_after_it(self) -> None:
        import torch
        from temporal_husky_trainer.sft.batches import collate

        tokenizer = bytes_tokenizer(pad="<eos>")
        rows = rows_of(tokenizer, {"prompt": "a:\n", "completion": "b"}, {"prompt": "a:\n", "completion": "longer"})
        _, labels = collate(torch, rows, "cpu")
        self.assertEqual([tokenizer.decode([id_ for id_ in line if id_ != -100]) for line in labels.tolist()], ["b<eos>", "longer<eos>"])
        self.assertEqual(labels[0].tolist().count(tokenizer.eos_token_id), 1)

    def test_the_limit_counts_the_end_token_and_nothing_is_cut(self) -> None:
        tokenizer = bytes_tokenizer()
        fits, over = {"prompt": "ab", "completion": "cdefg"}, {"prompt": "ab", "completion": "cdefgh"}
        self.assertEqual([len(row) for row in rows_of(tokenizer, fits, over, max_tokens=8)], [8])
        self.assertEqual(setting.events[-1], {"event": "dropped", "count": 1, "of": 2, "maxTokens": 8, "file": "train.jsonl"})


class Templates(unittest.TestCase):
    def test_a_conversation_ends_with_the_end_of_the_turn(self) -> None:
        tokenizer = bytes_tokenizer(template=CHATML)
        [row] = rows_of(tokenizer, chat("Question", "Answer"))
        self.assertEqual(tokenizer.decode(row.prompt), "<|im_start|>user\nQuestion<|im_end|>\n<|im_start|>assistant\n")
        self.assertEqual(tokenizer.decode(row.target), "Answer<|im_end|>")

    def test_a_block_of_reasoning_that_the_template_adds_stays_in_the_prompt(self) -> None:
        tokenizer = bytes_tokenizer(template=THINKING)
        [row] = rows_of(tokenizer, chat("Question", "Answer"))
        self.assertTrue(tokenizer.decode(row.prompt).endswith("assistant\n<think>\n\n</think>\n\n"))
        self.assertEqual(tokenizer.decode(row.target), "Answer<|im_end|>")

    def test_a_template_that_leaves_reasoning_open_is_refused(self) -> None:
        with self.assertRaisesRegex(TrainerError, "opens a block of reasoning"):
            rows_of(bytes_tokenizer(template=OPEN_THINKING), chat("Question", "Answer"))

    def test_a_base_without_template_is_refused_for_conversations(self) -> None:
        with self.assertRaisesRegex(TrainerError, "no chat template"):
            rows_of(bytes_tokenizer(), chat("Question", "Answer"))


@unittest.skipUnless(list(REAL.glob("*.gguf")), "HUSKY_REAL_MODELS names no folder with GGUF files")
class RealVocabularies(unittest.TestCase):
    def test_rows_of_both_forms_learn_their_completion_and_end(self) -> None:
        for name in ("smollm2-135m", "qwen-0.5b", "gemma3-270m"):
            path = REAL / f"{name}.gguf"
            if not path.exists():
                continue
            with self.subTest(name):
                tokenizer = AutoTokenizer.from_pretrained(REAL, gguf_file=path.name)
                tokens = RowTokens(tokenizer)
                for completion in ("[search] Find the area of Texas.", "const a = 1;\n  console.log(a);", "The area is 268,596 km²."):
                    row, merged = tokens.row(1, "a", "Plan the next step.\nQuestion: How large is Texas?\nNext:\n", completion)
                    self.assertFalse(merged)
                    self.assertEqual(row.target[-1], tokenizer.eos_token_id)
                _, label_merged = tokens.row(1, "a", "Next step or final answer:", "[search] Find the area of Texas.")
                self.assertEqual(label_merged, name != "smollm2-135m")
                if tokenizer.chat_template:
                    row, _ = tokens.row(1, "a", [{"role": "user", "content": "How large?"}], [{"role": "assistant", "content": "Large."}])
                    self.assertEqual(tokenizer.decode(row.target), "Large.<|im_end|>")


if __name__ == "__main__":
    unittest.main()
