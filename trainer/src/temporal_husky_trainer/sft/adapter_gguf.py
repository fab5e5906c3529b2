"""A LoRA adapter as a GGUF file, which llama.cpp lays over its base at run time: nothing is merged, and nothing of llama.cpp's own sources is
needed. For architectures whose tensors keep their shapes; the others take convert_lora_to_gguf.py of llama.cpp."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

#: Hugging Face's model types by llama.cpp's architecture.
ARCHITECTURES = {"llama": "llama", "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3", "gemma": "gemma", "gemma2": "gemma2", "gemma3_text": "gemma3"}
#: llama.cpp turns the rows of these for its own order of rotary positions.
TURNED = {"llama"}
NAME = "adapter.gguf"
LEAD, SIDES = "base_model.model.", {".lora_A.weight": "lora_a", ".lora_B.weight": "lora_b"}


def write_adapter_gguf(tensors: dict[str, Any], config: Any, alpha: float, name: str, folder: Path) -> bool:
    """@param tensors of PEFT by name. Returns False where this architecture, or the package gguf, is missing."""
    text = config.get_text_config() if hasattr(config, "get_text_config") else config
    arch = ARCHITECTURES.get(text.model_type)
    if arch is None or importlib.util.find_spec("gguf") is None:
        return False
    import gguf

    kind = next(key for key, value in gguf.MODEL_ARCH_NAMES.items() if value == arch)
    names = gguf.get_tensor_name_map(kind, text.num_hidden_layers)
    writer = gguf.GGUFWriter(folder / NAME, arch)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    writer.add_name(name)
    for key, value in sorted(tensors.items()):
        side = next(end for end in SIDES if key.endswith(end))
        module = key.removeprefix(LEAD).removesuffix(side)
        target = names.get_name(module)
        if target is None:
            return False
        array = value.numpy()
        if arch in TURNED and side == ".lora_B.weight" and module.endswith(("q_proj", "k_proj")):
            array = turned(array, text.num_attention_heads if module.endswith("q_proj") else text.num_key_value_heads)
        writer.add_tensor(f"{target}.weight.{SIDES[side]}", array)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return True


def turned(rows: Any, heads: int) -> Any:
    """Of each head, the halves of a rotary pair side by side."""
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, rows.shape[1]).swapaxes(1, 2).reshape(rows.shape).copy()
