"""Kinds of errors to which libraries give no type, and Pythons that are too old."""

from __future__ import annotations

import errno
import unittest

from temporal_husky_trainer.protocol import TrainerError, check_python, kind_of


class Kinds(unittest.TestCase):
    def test_what_libraries_say_is_told_apart(self) -> None:
        said = {
            "out-of-memory": [
                RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
                RuntimeError("unable to mmap 988097824 bytes from file <model.safetensors>: Cannot allocate memory (12)"),
                RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"),
                OSError(errno.ENOMEM, "Cannot allocate memory"),
                MemoryError(),
            ],
            "disk-full": [
                RuntimeError("[enforce fail at inline_container.cc:603] . unexpected pos 64 vs 0"),
                Exception("Error while serializing: I/O error: No space left on device (os error 28)"),
                OSError(errno.EDQUOT, "Disk quota exceeded"),
            ],
            "device-missing": [
                RuntimeError("CUDA error: no kernel image is available for execution on the device"),
                RuntimeError("The NVIDIA driver on your system is too old (found version 11040)."),
                RuntimeError("CUDA-capable devices are busy or unavailable"),
                AssertionError("Torch not compiled with CUDA enabled"),
            ],
            "package-missing": [
                ImportError("libcudart.so.12: cannot open shared object file: No such file or directory"),
                ModuleNotFoundError("No module named 'peft'"),
            ],
            "failed": [RuntimeError("CUDA error: device-side assert triggered"), ValueError("x")],
        }
        for kind, errors in said.items():
            for error in errors:
                with self.subTest(str(error)):
                    self.assertEqual(kind_of(error), kind)

    def test_a_python_that_is_too_old_is_told_so(self) -> None:
        for version in ((3, 10, 13), (3, 8, 18)):
            with self.assertRaisesRegex(TrainerError, f"This Python is 3.{version[1]}.*need 3.11 or later") as caught:
                check_python(version)
            self.assertEqual(caught.exception.kind, "package-missing")
        check_python((3, 11, 0))


if __name__ == "__main__":
    unittest.main()
