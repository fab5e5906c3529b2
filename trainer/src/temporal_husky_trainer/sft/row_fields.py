"""The fields of a row, checked before any token is made: text for both, or messages."""

from __future__ import annotations

import json
import re
from typing import Any

from ..protocol import TrainerError

#: Half of a character, as a text has it that was cut in its middle. A server is sent the replacement character instead.
HALF = re.compile("[\ud800-\udfff]")

Text = str | list[dict[str, str]]


def fields(line: str) -> tuple[str, Text, Text]:
    """Id (empty where there is none), prompt and completion of a line. Raises TrainerError `data-invalid`, without file and line."""
    try:
        value = json.loads(line)
    except ValueError as error:
        raise TrainerError("data-invalid", f"it is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise TrainerError("data-invalid", f"it must be an object with prompt and completion, not a {type(value).__name__}.")
    missing = [name for name in ("prompt", "completion") if name not in value]
    if missing:
        names = ", ".join(sorted(value)[:6]) or "nothing"
        raise TrainerError("data-invalid", f"it has no {missing[0]}, but {names}; rows hold prompt and completion, as husky extract writes them.")
    prompt, completion = value["prompt"], value["completion"]
    if isinstance(prompt, str) and isinstance(completion, str):
        written = completion
    elif isinstance(prompt, list) and isinstance(completion, list):
        check_messages("prompt", prompt)
        check_messages("completion", completion)
        if len(completion) != 1 or completion[0]["role"] != "assistant":
            raise TrainerError("data-invalid", "the completion must be one message of the assistant.")
        written = completion[0]["content"]
    else:
        raise TrainerError("data-invalid", "prompt and completion must both be text, or both lists of messages.")
    if written.strip() == "":
        raise TrainerError("data-invalid", "the completion is empty.")
    return str(value.get("id", "")), whole(prompt), whole(completion)


def check_messages(name: str, messages: list[Any]) -> None:
    if not messages:
        raise TrainerError("data-invalid", f"the {name} holds no message.")
    for at, message in enumerate(messages, 1):
        if not isinstance(message, dict) or not all(isinstance(message.get(field), str) for field in ("role", "content")):
            raise TrainerError("data-invalid", f"message {at} of the {name} must have a role and a content that is text.")


def whole(text: Any) -> Any:
    if isinstance(text, str):
        return HALF.sub("\ufffd", text)
    return [{**message, "content": whole(message["content"])} for message in text]
