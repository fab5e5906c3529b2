"""Writes a checkpoint as a GGUF file that llama.cpp runs: `python -m temporal_husky_trainer.tiny.export --help`."""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np

from .model import TinyModel
from .tokenizer import END, FIXED, PAD, PRE_TOKENIZER
from .train import load_model

TENSORS = {
    "attn_norm": "attn_norm",
    "q": "attn_q",
    "k": "attn_k",
    "v": "attn_v",
    "o": "attn_output",
    "ffn_norm": "ffn_norm",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}
ROPE_BASE = 10_000.0
TYPES = {
    "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
    "q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Export a tiny expert to GGUF.")
    parser.add_argument("--model", type=Path, required=True, help="folder of checkpoint.pt")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--type", choices=sorted(TYPES), default="f16")
    args = parser.parse_args()
    vocabulary = json.loads((args.tokenizer / "tokenizer.json").read_text(encoding="utf8"))
    export(load_model(args.model), vocabulary, args.out, args.name, args.type)
    print(json.dumps({"event": "exported", "file": args.out.name, "bytes": args.out.stat().st_size}))


def export(model: TinyModel, vocabulary: dict, out: Path, name: str, kind: str) -> None:
    """The output matrix is left out: llama.cpp then uses the embedding, as the model does."""
    c = model.c
    data_type, file_type = TYPES[kind]
    writer = gguf.GGUFWriter(str(out), "llama")
    writer.add_name(name)
    writer.add_license("MIT")
    writer.add_context_length(c.context)
    writer.add_embedding_length(c.hidden)
    writer.add_block_count(c.layers)
    writer.add_feed_forward_length(c.inter)
    writer.add_head_count(c.heads)
    writer.add_head_count_kv(c.heads)
    writer.add_layer_norm_rms_eps(c.eps)
    writer.add_rope_dimension_count(c.head_dim)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_vocab_size(c.vocab)
    writer.add_file_type(file_type)
    add_vocabulary(writer, vocabulary, c.vocab)
    # llama.cpp divides its own frequency of each pair by this factor
    factors = [ROPE_BASE ** (-2 * pair / c.head_dim) / f for pair, f in enumerate(c.frequencies())]
    writer.add_tensor("rope_freqs.weight", np.array(factors, dtype=np.float32))
    weights = {key: value.float().numpy() for key, value in model.state_dict().items()}

    def add(name: str, value: np.ndarray) -> None:
        value = np.ascontiguousarray(value, dtype=np.float32)
        if value.ndim == 1:
            writer.add_tensor(name, value)
        else:
            writer.add_tensor(name, gguf.quants.quantize(value, data_type), raw_dtype=data_type)

    add("token_embd.weight", weights["embed.weight"])
    add("output_norm.weight", weights["norm.weight"])
    for layer in range(c.layers):
        for ours, theirs in TENSORS.items():
            add(f"blk.{layer}.{theirs}.weight", weights[f"blocks.{layer}.{ours}.weight"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_vocabulary(writer: gguf.GGUFWriter, tokenizer: dict, size: int) -> None:
    tokens: list[str] = [""] * size
    kinds = [gguf.TokenType.NORMAL] * size
    for text, index in tokenizer["model"]["vocab"].items():
        tokens[index] = text
    for added in tokenizer["added_tokens"]:
        tokens[added["id"]] = added["content"]
        kinds[added["id"]] = gguf.TokenType.USER_DEFINED if added["content"] in FIXED else gguf.TokenType.CONTROL
    merges = [" ".join(pair) if isinstance(pair, list) else pair for pair in tokenizer["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(PRE_TOKENIZER)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    end = tokens.index(END)
    writer.add_bos_token_id(end)
    writer.add_eos_token_id(end)
    writer.add_pad_token_id(tokens.index(PAD))
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)


if __name__ == "__main__":
    main()
