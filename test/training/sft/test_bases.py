"""Bases, settings and checkpoints as people have them: downloads that are not whole, folders of something else, values of other programs."""

from __future__ import annotations

import json
import shutil
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import setting
import torch
from temporal_husky_trainer.protocol import TrainerError
from temporal_husky_trainer.sft import training
from temporal_husky_trainer.sft.base import check_base, find_base, load_base
from temporal_husky_trainer.sft.job import check_settings

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 988097824\n"


def torn(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])


def with_config(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, **changes}))

    return change


class Bases(unittest.TestCase):
    def refused(self, kind: str, said: str, change: Callable[[Path], object]) -> None:
        folder = Path(tempfile.mkdtemp()) / "base"
        shutil.copytree(setting.base(), folder)
        change(folder)
        self.check(kind, said, folder)

    def check(self, kind: str, said: str, base: Path) -> None:
        setting.record_events()
        with self.assertRaisesRegex(TrainerError, said) as caught:
            check_base(str(base))
            load_base(torch, find_base(str(base)), torch.float32)
        self.assertEqual(caught.exception.kind, kind)

    def test_a_download_that_is_not_whole_is_told_with_its_file(self) -> None:
        for name in ("model.safetensors", "tokenizer.json", "config.json"):
            self.refused("base-missing", f"{name} is a pointer of Git LFS", lambda folder, name=name: (folder / name).write_text(POINTER))
        self.refused("base-missing", "config.json is no JSON", lambda folder: (folder / "config.json").write_text('{"a":'))
        self.refused("base-missing", "a file of weights is torn .* download it again", torn)
        self.refused("base-missing", "a file of weights is torn", lambda folder: (folder / "model.safetensors").write_text("<!doctype html>"))
        self.refused("base-missing", "cannot be loaded", lambda folder: (folder / "model.safetensors").unlink())
        self.refused("base-missing", "cannot be loaded", lambda folder: (folder / "tokenizer.json").unlink())

    def test_weights_that_would_be_random_are_refused(self) -> None:
        self.refused("base-untrainable", r"\d+ weights of .* are not in its files, such as model.layers.*random", with_config(num_hidden_layers=3))
        self.refused("base-missing", "weights have other sizes than its config.json says", with_config(vocab_size=50))

    def test_a_model_that_needs_code_of_its_own_is_refused_without_a_question(self) -> None:
        own = with_config(model_type="mine", auto_map={"AutoConfig": "mine.Config", "AutoModelForCausalLM": "mine.Model"})
        self.refused("base-untrainable", "needs program code of its own, which is not run", own)

    def test_a_folder_of_something_else_is_told_with_what_it_holds(self) -> None:
        folder = Path(tempfile.mkdtemp())
        shutil.copytree(setting.base(), folder / "expert" / "model")
        self.check("base-missing", "has no config.json. .*/expert/model has one", folder / "expert")
        shutil.copytree(setting.base(), folder / "models--a--b" / "snapshots" / "0f")
        self.check("base-missing", "/snapshots/0f has one", folder / "models--a--b")
        (folder / "adapter").mkdir()
        (folder / "adapter" / "adapter_config.json").write_text('{"base_model_name_or_path": "owner/model"}')
        self.check("base-missing", "It is an adapter over owner/model", folder / "adapter")
        (folder / "files").mkdir()
        (folder / "files" / "m.gguf").write_bytes(b"GGUF")
        self.check("base-missing", "Name its file .*/m.gguf", folder / "files")
        (folder / "m-00001-of-00002.gguf").write_bytes(b"GGUF")
        self.check("base-untrainable", "a part of a model: join the parts", folder / "m-00001-of-00002.gguf")
        (folder / "pointer.gguf").write_text(POINTER)
        self.check("base-missing", "a pointer of Git LFS", folder / "pointer.gguf")


class Settings(unittest.TestCase):
    def test_values_of_other_programs_are_refused_by_name(self) -> None:
        settings = setting.job()["settings"]
        wrong = {
            "maxSteps": (-1, "0 or more"),
            "warmupShare": (3, "a share from 0 to below 1, such as 0.03 for 3 %"),
            "loraDropout": (1, "a share"),
            "batchSize": (2.5, "a whole number"),
            "loraRank": (0, "more than 0"),
            "seed": (-1, "0 or more"),
            "threads": (1.5, "a whole number"),
            "learningRate": (None, "a number"),
            "weightDecay": (-0.1, "0 or more"),
            "precision": ("bf16", "one of auto, float32, bfloat16"),
        }
        for name, (value, said) in wrong.items():
            with self.subTest(name), self.assertRaisesRegex(TrainerError, f"Setting {name} is .*; it must be {said}"):
                check_settings({**settings, name: value})
        check_settings({**settings, "epochs": 0.5, "maxSteps": 0, "warmupShare": 0})


class Checkpoints(unittest.TestCase):
    def test_a_checkpoint_that_cannot_be_read_is_left_for_the_one_before_it(self) -> None:
        calm = setting.run(setting.job(maxSteps=6))
        job = setting.job(maxSteps=6)
        setting.run(job)
        checkpoints = Path(job["out"]) / "checkpoints"
        self.assertTrue((checkpoints / "checkpoint-4" / "whole").exists())
        for step in (4, 6):
            (checkpoints / f"checkpoint-{step}" / "optimizer.pt").write_bytes(b"\0" * 100)
        again = setting.run(job)
        self.assertIn("checkpoint-4 cannot be read", setting.notices())
        self.assertEqual(next(event["step"] for event in setting.events if event["event"] == "start"), 2)
        self.assertEqual(again["weights"], calm["weights"])

    def test_slow_steps_are_kept_before_there_are_many(self) -> None:
        with mock.patch.object(training, "CHECKPOINT_SECONDS", 0):
            setting.run(setting.job(checkpointSteps=1000))
        kept = [event["step"] for event in setting.events if event["event"] == "checkpoint"]
        self.assertEqual([kept[0], kept[-1]], [1, 4])

    def test_without_any_that_can_be_read_training_begins_anew(self) -> None:
        job = setting.job()
        calm = setting.run(job)
        for file in Path(job["out"]).glob("checkpoints/*/weights.safetensors"):
            file.write_bytes(file.read_bytes()[:50])
        self.assertEqual(setting.run(job)["weights"], calm["weights"])
        self.assertEqual(next(event["step"] for event in setting.events if event["event"] == "start"), 0)


if __name__ == "__main__":
    unittest.main()
