"""What only a GPU shows, faked: memory that runs out, attention whose gradients are not numbers."""

from __future__ import annotations

import fcntl
import json
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

import setting
import torch
from temporal_husky_trainer.protocol import TrainerError
from temporal_husky_trainer.sft import __main__ as program
from temporal_husky_trainer.sft import losses as losses_module
from temporal_husky_trainer.sft import step as step_module
from temporal_husky_trainer.sft.turns import Turns

whole_loss = losses_module.Losses.__call__
fused = torch.nn.functional.scaled_dot_product_attention


class Memory(unittest.TestCase):
    def test_micro_batches_shrink_and_the_weights_are_those_of_a_run_with_room(self) -> None:
        calm = setting.run(setting.job())
        calm_losses = setting.losses()

        def tight(self: losses_module.Losses, ids: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            if torch.is_grad_enabled() and ids.numel() > 150 and len(ids) > 2:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
            return whole_loss(self, ids, labels)

        with mock.patch.object(losses_module.Losses, "__call__", tight):
            done = setting.run(setting.job())
        self.assertIn("micro-batches now hold", setting.notices())
        self.assertEqual(done["steps"], calm["steps"])
        for one, other in zip(setting.losses(), calm_losses, strict=True):
            self.assertAlmostEqual(one, other, places=4)

    def test_one_row_that_does_not_fit_is_computed_with_less_kept(self) -> None:
        def tight(self: losses_module.Losses, ids: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            if self.model.training and not any(getattr(m, "gradient_checkpointing", False) for m in self.model.modules()):
                raise torch.OutOfMemoryError("CUDA out of memory.")
            return whole_loss(self, ids, labels)

        with mock.patch.object(losses_module.Losses, "__call__", tight):
            setting.run(setting.job())
        self.assertIn("gradient checkpointing", setting.notices())

    def test_a_module_that_does_not_fit_beside_another_waits_until_it_is_done(self) -> None:
        folder = Path(tempfile.mkdtemp())
        other, own = Turns("gpu", folder), Turns("gpu", folder)
        other.together()
        own.together()

        def tight(self: losses_module.Losses, ids: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            if not own.alone:
                raise torch.OutOfMemoryError("CUDA out of memory.")
            return whole_loss(self, ids, labels)

        def finish_other() -> None:
            while "it waits until they are done" not in setting.notices():
                time.sleep(0.01)
            fcntl.flock(other.file, fcntl.LOCK_UN)

        job = setting.job()
        setting.record_events()
        threading.Thread(target=finish_other).start()
        with mock.patch.object(losses_module.Losses, "__call__", tight):
            done = program.in_turn(torch, job, job["base"], "cpu", "float32", own)
        self.assertEqual(done["steps"], 4)
        self.assertIn("it waits until they are done", setting.notices())

    def test_what_does_not_fit_alone_is_a_failure(self) -> None:
        own = Turns("gpu", Path(tempfile.mkdtemp()))
        own.together()
        job = setting.job()
        setting.record_events()
        with mock.patch.object(losses_module.Losses, "__call__", side_effect=torch.OutOfMemoryError("CUDA out of memory.")):
            with self.assertRaises(TrainerError) as caught:
                program.in_turn(torch, job, job["base"], "cpu", "float32", own)
        self.assertEqual(caught.exception.kind, "out-of-memory")
        self.assertIn("One row at a time does not fit", str(caught.exception))

    def test_rows_held_out_that_do_not_fit_cost_their_loss_and_not_the_training(self) -> None:
        def tight(limit: int) -> object:
            def loss(self: losses_module.Losses, ids: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
                if not torch.is_grad_enabled() and len(ids) > limit:
                    raise torch.OutOfMemoryError("CUDA out of memory.")
                return whole_loss(self, ids, labels)

            return loss

        for limit, said in ((4, ""), (0, "loss of the rows held out is not known")):
            job = setting.job()
            data = Path(job["data"])
            (data / "dev.jsonl").write_bytes((data / "train.jsonl").read_bytes())
            with mock.patch.object(losses_module.Losses, "__call__", tight(limit)), mock.patch.object(losses_module.Losses, "confirm"):
                done = setting.run(job)
            self.assertEqual(done["devLoss"] is None, limit == 0)
            self.assertIn(said, setting.notices())
            self.assertTrue((Path(job["out"]) / "model" / "adapter_model.safetensors").exists())
            self.assertTrue((Path(job["out"]) / "checkpoints" / "checkpoint-4" / "whole").exists())


class Poison(torch.autograd.Function):
    """Passes values on, and a gradient that is not a number back."""

    @staticmethod
    def forward(_context, value):  # type: ignore[no-untyped-def]
        return value.clone()

    @staticmethod
    def backward(_context, gradient):  # type: ignore[no-untyped-def]
        return gradient * float("nan")


class Gradients(unittest.TestCase):
    def test_attention_whose_gradient_turns_bad_is_left_and_the_weights_stay_whole(self) -> None:
        calls = {"count": 0}

        def poisoned(*args: object, **kwargs: object) -> torch.Tensor:
            calls["count"] += 1
            result = fused(*args, **kwargs)
            return Poison.apply(result) if calls["count"] > 12 and torch.is_grad_enabled() else result

        with mock.patch("torch.nn.functional.scaled_dot_product_attention", poisoned):
            done = setting.run(setting.job())
        self.assertEqual(done["attention"], "eager")
        self.assertRegex(setting.notices(), r"At step \d attention sdpa gave a gradient that is not finite for a loss of [\d.]+ in \S+lora")
        setting.run(setting.job(attention="eager"))
        self.assertEqual(len(setting.losses()), 4)

    def test_attention_that_computes_another_gradient_is_found_before_the_first_step(self) -> None:
        def wrong(*args: object, **kwargs: object) -> torch.Tensor:
            return fused(*args, **kwargs) * 1.5

        with mock.patch("torch.nn.functional.scaled_dot_product_attention", wrong):
            done = setting.run(setting.job())
        self.assertEqual(done["attention"], "eager")
        self.assertIn("gives another gradient than eager", setting.notices())

    def test_a_gradient_that_stays_bad_is_named_with_weights_rows_and_advice(self) -> None:
        bad_line = 5
        backward = step_module.Stepper.backward

        def poisoned(self, step, number, batch, learnt):  # type: ignore[no-untyped-def]
            loss = backward(self, step, number, batch, learnt)
            if self.model.training and any(row.line == bad_line for row in batch):
                next(iter(self.weights.values())).grad.fill_(float("nan"))
            return loss

        job = setting.job()
        with mock.patch.object(step_module.Stepper, "backward", poisoned), self.assertRaises(TrainerError) as caught:
            setting.run(job)
        message = str(caught.exception)
        self.assertEqual(caught.exception.kind, "diverged")
        self.assertIn("a gradient that is not finite for a loss of", message)
        self.assertIn("(lines 5 by themselves)", message)
        self.assertIn("a lower learning rate will not help", message)
        record = json.loads((Path(job["out"]) / "diverged.json").read_text())
        self.assertEqual(record["linesByThemselves"], [bad_line])
        self.assertIn({"line": 5, "id": "q4#0"}, [{"line": row["line"], "id": row["id"]} for row in record["rows"]])

    def test_steps_that_are_too_large_are_told_so(self) -> None:
        with self.assertRaises(TrainerError) as caught:
            setting.run(setting.job(learningRate=1e30, method="full", schedule="constant"))
        self.assertEqual(caught.exception.kind, "diverged")
        self.assertIn("lower learningRate", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
