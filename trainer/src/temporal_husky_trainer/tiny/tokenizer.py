"""A byte-level BPE tokenizer that Hugging Face's library and llama.cpp split alike (llama.cpp's pre-tokenizer `smollm`):
digits one by one, words with the blank before them, frequent words and names as one token.
"""

import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL = [
    "<|pad|>",
    "<|end|>",
    "<|out|>",
    "<|action|>",
    "<|code|>",
    "<|math|>",
    "<|query|>",
    "<|sense|>",
    "<|rewrite|>",
    "<|cot|>",
]
# Ordinary text that is always one token.
FIXED = ["[search]", "[code]", "[math]", "[commonsense]", "[finish]"]
PRE_TOKENIZER = "smollm"
END = "<|end|>"
PAD = "<|pad|>"


def train_tokenizer(texts, size: int) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size - len(FIXED),
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([AddedToken(text, normalized=False) for text in FIXED])
    return tokenizer


def load(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def texts_of(path: Path, limit: int):
    """Texts of a sequence file, specials left out."""
    with path.open(encoding="utf8") as file:
        for at, line in enumerate(file):
            if at >= limit:
                return
            text = "".join(json.loads(line)["parts"])
            for special in SPECIAL:
                text = text.replace(special, "\n")
            yield text
