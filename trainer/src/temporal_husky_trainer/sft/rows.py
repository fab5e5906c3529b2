"""Training rows as tokens: what the model is shown, and what it shall write.

A row's prompt is tokenised alone, because that is what a server does with it. The completion's tokens are those that follow it in the
whole text; where a tokenizer merges the border, they are made apart, and the row is counted. Then comes the end token, once.
Nothing is masked by the value of a token, so a pad token that equals the end token hides nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..protocol import TrainerError, emit
from .row_fields import Text, fields

#: Opens a block of reasoning in the templates of thinking models.
THINK, UNTHINK = "<think>", "</think>"
#: Stands for the completion where a template is asked what follows it.
PROBE = "husky-completion-probe"


@dataclass(frozen=True)
class Row:
    """`line` counts from 1 in its file. `target` holds the completion and its end token."""

    line: int
    id: str
    prompt: tuple[int, ...]
    target: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.target)


def read_rows(path: Path, tokenizer: Any, max_tokens: int) -> list[Row]:
    """Rows of a file; those over the limit are left out and counted, never cut.

    Raises TrainerError `data-invalid`, also when a row's target does not read as its completion.
    """
    name = f"{path.parent.name}/{path.name}"
    if not path.exists() or path.stat().st_size == 0:
        raise TrainerError("data-invalid", f"The training set {name} is empty.")
    tokens = RowTokens(tokenizer)
    rows, total, merged, ended = [], 0, 0, 0
    for number, line in enumerate(lines_of(path, name), 1):
        if not line.strip():
            continue
        total += 1
        try:
            id_, prompt, completion = fields(line)
            row, border_merged = tokens.row(number, id_ or str(number), prompt, completion)
        except TrainerError as error:
            raise TrainerError(error.kind, f"Line {number} of {name}: {error}") from error
        if row.target[-1] in row.target[:-1]:
            ended += 1
            continue
        merged += border_merged
        if len(row) <= max_tokens:
            rows.append(row)
    if total == 0:
        raise TrainerError("data-invalid", f"The training set {name} is empty.")
    if ended:
        emit("notice", text=f"{ended} of {total} rows of {name} are left out: the token that ends a text stands within their completion.")
    if merged:
        emit(
            "notice",
            text=f"The tokenizer merges the end of the prompt with the beginning of the completion in {merged} of {total} rows of {name}. "
            "They are trained as a server shows them, prompt and completion apart; prompts of style expert have no such border.",
        )
    if len(rows) < total - ended:
        emit("dropped", count=total - ended - len(rows), of=total, maxTokens=max_tokens, file=path.name)
    if not rows:
        why = f"All {total} examples of {path.name} are longer than {max_tokens} tokens"
        raise TrainerError("data-invalid", f"{why}, or end within their completion." if ended else f"{why}.")
    return rows


def lines_of(path: Path, name: str) -> Iterator[str]:
    try:
        # A file that an editor has saved may begin with a byte order mark.
        with open(path, encoding="utf-8-sig") as lines:
            yield from lines
    except UnicodeDecodeError as error:
        raise TrainerError("data-invalid", f"The training set {name} is not written in UTF-8.") from error


class RowTokens:
    """Makes rows with one tokenizer."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.end_of_turn: int | None = None

    def row(self, line: int, id_: str, prompt: Text, completion: Text) -> tuple[Row, bool]:
        if isinstance(prompt, str):
            shown, written, end, special = prompt, completion, self.tokenizer.eos_token_id, True
        else:
            shown, written, end, special = self.rendered(prompt), completion[0]["content"], self.turn_end(prompt), False
        prompt_ids = self.ids(shown, special)
        target, merged = self.target(shown, prompt_ids, written, special)
        if target[-1] != end:
            target = [*target, end]
        self.check(target, end, written)
        return Row(line, id_, tuple(prompt_ids), tuple(target)), merged

    def ids(self, text: str, special: bool) -> list[int]:
        """With the begin token where the tokenizer adds one; an end token that it adds is taken off. A template writes its own."""
        ids = list(self.tokenizer(text, add_special_tokens=special).input_ids)
        return ids[:-1] if special and ids and ids[-1] == self.tokenizer.eos_token_id and not self.ends_itself(text) else ids

    def ends_itself(self, text: str) -> bool:
        return text.endswith(self.tokenizer.eos_token)

    def target(self, shown: str, prompt_ids: list[int], written: str, special: bool) -> tuple[list[int], bool]:
        """The completion's tokens, and whether the tokenizer merges it with the prompt."""
        whole = self.ids(shown + written, special)
        if whole[: len(prompt_ids)] == prompt_ids and len(whole) > len(prompt_ids):
            return whole[len(prompt_ids) :], False
        # After a line feed, so that tokenizers which put a blank before a text do not put one here.
        lead = self.ids("\n", False)
        apart = self.ids("\n" + written, False)
        return (apart[len(lead) :] if apart[: len(lead)] == lead else self.ids(written, False)), True

    def check(self, target: list[int], end: int, written: str) -> None:
        body = target[:-1] if target[-1] == end else target
        read = self.tokenizer.decode(body, skip_special_tokens=False, clean_up_tokenization_spaces=False)
        text = written.removesuffix(self.tokenizer.decode([end]))
        if plain(read) != plain(text):
            raise TrainerError("data-invalid", f"the tokens to be learnt read as {read[:120]!r}, and the completion is {text[:120]!r}.")

    def rendered(self, messages: list[dict[str, str]]) -> str:
        """What a chat server shows the model before it writes."""
        text = self.template(messages, True)
        left_out = next((one["role"] for one in messages if one["role"] != "assistant" and one["content"].strip() not in text), None)
        if left_out:
            raise TrainerError(
                "data-invalid",
                f"the chat template of the base leaves out the message of the {left_out}, without which an expert would be trained. "
                "Extract with --format prompt-completion, or mend the template.",
            )
        # What a question says of such marks opens nothing.
        asked = self.template(messages, False)
        lead = text.removeprefix(asked)
        if lead.rfind(THINK) > lead.rfind(UNTHINK):
            raise TrainerError(
                "data-invalid",
                "the chat template of the base opens a block of reasoning before the answer, in which an expert would be trained to answer. "
                "Extract with --format prompt-completion, or serve and train with a template that does not.",
            )
        return text

    def turn_end(self, messages: list[dict[str, str]]) -> int:
        """The token with which the template ends the assistant's turn; the end-of-sequence token where it writes none."""
        if self.end_of_turn is None:
            whole = self.template([*messages, {"role": "assistant", "content": PROBE}], False)
            after = self.tokenizer(whole[whole.rfind(PROBE) + len(PROBE) :], add_special_tokens=False).input_ids
            first = after[0] if after else self.tokenizer.eos_token_id
            known = first in self.tokenizer.all_special_ids or first in self.tokenizer.added_tokens_decoder
            self.end_of_turn = first if known else self.tokenizer.eos_token_id
        return self.end_of_turn

    def template(self, messages: list[dict[str, str]], generation: bool) -> str:
        if not getattr(self.tokenizer, "chat_template", None):
            raise TrainerError(
                "data-invalid", "the rows are conversations, and the base has no chat template. Extract with --format prompt-completion."
            )
        from jinja2 import TemplateError

        try:
            return self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=generation)
        except (TemplateError, TypeError, ValueError) as error:
            raise TrainerError(
                "data-invalid",
                f"the chat template of the base refuses the conversation ({error}). Extract with --format prompt-completion, or mend the template.",
            ) from error


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
