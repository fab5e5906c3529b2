"""Whether rows and model fit together, looked at before the first step: token numbers, lengths, and the token that ends an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..protocol import TrainerError, emit
from .rows import Row


def longest(model: Any, max_tokens: int) -> int:
    """Tokens of the longest row that is trained on: no more than the positions of the model."""
    positions = getattr(text_config(model), "max_position_embeddings", None) or max_tokens
    if positions < max_tokens:
        emit("notice", text=f"The base has {positions} positions, so rows of more tokens are left out; maxTokens is {max_tokens}.")
    return min(positions, max_tokens)


def text_config(model: Any) -> Any:
    return model.config.get_text_config() if hasattr(model.config, "get_text_config") else model.config


def check_tokens(model: Any, tokenizer: Any, rows: Sequence[Row]) -> None:
    """Raises TrainerError `base-untrainable` for a token that has no weights."""
    known = model.get_input_embeddings().weight.shape[0]
    for row in rows:
        token = max(row.prompt + row.target)
        if token >= known:
            raise TrainerError(
                "base-untrainable",
                f"Row {row.id} holds the token {tokenizer.decode([token])!r} (number {token}), and the weights of the base know {known} tokens: "
                "its tokenizer is of another model, or was given tokens that its weights were not.",
            )


def end_answers(model: Any, tokenizer: Any, rows: Sequence[Row], full: bool) -> None:
    """A server stops at the tokens of generation_config.json. A trained model's own file gets those that its answers end with; an adapter
    has none of its own."""
    config = model.generation_config
    named = config.eos_token_id if isinstance(config.eos_token_id, list) else [config.eos_token_id]
    known = {tokenizer.eos_token_id, *named} - {None}
    others = sorted({row.target[-1] for row in rows} - known)
    if not others:
        return
    if full:
        config.eos_token_id = sorted(known | set(others))
        return
    marks = ", ".join(repr(tokenizer.decode([token])) for token in others)
    emit(
        "notice",
        text=f"Answers are trained to end with {marks}, where servers of this base do not stop by themselves. Extract with --format prompt-completion, "
        f"or say so in husky.yaml, for vLLM by body: {{ stop_token_ids: {others} }}.",
    )


#: Names of tokens that a tokenizer keeps for later, and that no text of the base's training held.
RESERVED = re.compile(r"reserved|unused|extra_id|dummy|placeholder", re.IGNORECASE)
#: Share of the used tokens that may be as long by chance as those that were never used.
BY_CHANCE = 0.05


def untrained_ends(torch: Any, model: Any, tokenizer: Any, rows: Sequence[Row]) -> None:
    """Tells of an end token that the base never learnt to write, as bases before instruction have (Qwen3#1064). LoRA on all linear layers
    leaves the output embedding as it is, and with it such a token: the expert may never end its answers."""
    head = model.get_output_embeddings()
    ends = sorted({row.target[-1] for row in rows})
    weight = getattr(head, "weight", None)
    untrained = [end for end in ends if weight is not None and was_never_used(torch, weight.detach(), tokenizer, end)]
    if not untrained:
        return
    marks = ", ".join(repr(tokenizer.decode([token])) for token in untrained)
    emit(
        "notice",
        text=f"Answers end with {marks}, whose row of the output embedding the training of this base never used, and LoRA leaves it as it is: the expert "
        "may never stop. Choose the instruct model of this base, another end of answers (extract with --format prompt-completion), or --set method=full.",
    )


def was_never_used(torch: Any, weight: Any, tokenizer: Any, token: int) -> bool:
    """Whether a token's row is that of another token, or zero, or as long as the rows of unused tokens and of hardly any other."""
    row = weight[token]
    lengths = torch.linalg.vector_norm(weight, dim=1, dtype=torch.float32)
    if lengths[token] == 0:
        return True
    # Equal rows have equal lengths, which are quicker to compare.
    alike = [at for at in (lengths == lengths[token]).nonzero().flatten().tolist() if at != token]
    if any(torch.equal(weight[at], row) for at in alike):
        return True
    spare = {at for name, at in tokenizer.get_vocab().items() if RESERVED.search(name)} | set(range(len(tokenizer), len(weight)))
    unused = sorted(at for at in spare - {token} if at < len(weight))
    if len(unused) < 2:
        return False
    mean = lengths[unused].mean()
    within = (lengths - mean).abs() <= max(3 * lengths[unused].std(), 0.01 * mean)
    if not within[token]:
        return False
    used = torch.ones_like(within)
    used[[*unused, token]] = False
    return bool(within[used].float().mean() < BY_CHANCE)


def tell_part(stored: list[str] | None, model: Any) -> None:
    """An adapter names its modules as the model that was trained does; a server of the whole model may know them by other names."""
    whole = next((name for name in stored or [] if name.endswith("ForConditionalGeneration")), None)
    if whole and type(model).__name__ != whole:
        emit(
            "notice",
            text=f"The base is stored as {whole} and its adapter is of {type(model).__name__}. vLLM serves some such bases without their adapter and "
            "without a word (vllm#34186): husky experts check compares the answers of both.",
        )
