"""Rows as people write and save them by hand: other fields, other encodings, messages that are not whole, templates that refuse."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

import setting
from temporal_husky_trainer.protocol import TrainerError
from temporal_husky_trainer.sft.rows import Row, read_rows
from test_rows import CHATML, THINKING, bytes_tokenizer, chat

#: As Gemma and Mistral have it.
STRICT = (
    "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate') }}{% endif %}{{ m.content }}<|im_end|>{% endfor %}"
)
GOOD = {"prompt": "a:\n", "completion": "b"}


def rows_of(content: bytes | list[object], template: str | None = CHATML) -> list[Row]:
    setting.record_events()
    path = Path(tempfile.mkdtemp()) / "train.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else "".join(json.dumps(row) + "\n" for row in content).encode())
    return read_rows(path, bytes_tokenizer(template=template), 512)


def message(role: str, content: object) -> dict[str, object]:
    return {"role": role, "content": content}


class Fields(unittest.TestCase):
    def refused(self, said: str, content: bytes | list[object], template: str | None = CHATML) -> None:
        with self.subTest(said), self.assertRaisesRegex(TrainerError, said) as caught:
            rows_of(content, template)
        self.assertEqual(caught.exception.kind, "data-invalid")

    def test_fields_of_other_programs_are_named(self) -> None:
        self.refused("Line 1 of .*: it has no prompt, but messages;", [{"messages": [message("user", "a"), message("assistant", "b")]}])
        self.refused("it has no prompt, but conversations;", [{"conversations": []}])
        self.refused("Line 2 of .*: it has no prompt, but instruction, output;", [GOOD, {"instruction": "a", "output": "b"}])
        self.refused("it has no completion, but prompt;", [{"prompt": "a"}])
        self.refused("must be an object with prompt and completion, not a list", [[GOOD]])
        self.refused("it is no JSON", b'{"prompt": "a",\n"completion": "b"}\n')

    def test_texts_and_messages_that_are_not_whole_are_named(self) -> None:
        self.refused("must both be text", [{"prompt": "a", "completion": None}])
        self.refused("must both be text", [{"prompt": "a", "completion": [message("assistant", "b")]}])
        self.refused("the completion is empty", [{"prompt": "a", "completion": " \n"}])
        self.refused("the prompt holds no message", [{"prompt": [], "completion": [message("assistant", "b")]}])
        self.refused("message 1 of the prompt must have a role", [{"prompt": ["a"], "completion": [message("assistant", "b")]}])
        parts = [{"type": "text", "text": "a"}]
        self.refused("message 2 of the prompt must have .* content that is text", [{"prompt": [message("user", "a"), message("user", parts)], "completion": []}])
        self.refused("message 1 of the completion must", [{"prompt": [message("user", "a")], "completion": [message("assistant", None)]}])
        self.refused("must be one message of the assistant", [{"prompt": [message("user", "a")], "completion": [message("user", "b")]}])

    def test_files_of_other_encodings_are_read_or_named(self) -> None:
        line = (json.dumps(GOOD) + "\r\n").encode()
        self.assertEqual(len(rows_of(b"\xef\xbb\xbf" + line + line)), 2)
        self.refused("is not written in UTF-8", json.dumps(GOOD).encode("utf-16"))
        self.refused("is not written in UTF-8", '{"prompt": "ä", "completion": "b"}'.encode("latin1"))
        self.refused("The training set .* is empty", b"\n\n")

    def test_half_a_character_becomes_what_a_server_is_sent(self) -> None:
        [row] = rows_of(b'{"prompt": "a\\ud83d:", "completion": "b"}\n')
        self.assertIn("\ufffd", bytes_tokenizer().decode(row.prompt))

    def test_a_row_that_ends_within_its_completion_is_left_out_and_counted(self) -> None:
        rows = rows_of([GOOD, {"prompt": "a", "completion": "b<eos>c"}, {"prompt": "a", "completion": "b<eos>"}])
        self.assertEqual([row.line for row in rows], [1, 3])
        self.assertIn("1 of 3 rows of", setting.notices())
        self.refused("All 1 examples .* or end within their completion", [chat("a", "b<|im_end|>c")])

    def test_a_template_that_refuses_a_conversation_is_told_with_the_line(self) -> None:
        answer = [message("assistant", "b")]
        system = {"prompt": [message("system", "s"), message("user", "a")], "completion": answer}
        self.refused(r"Line 2 of .*refuses the conversation \(System role not supported\).*prompt-completion", [chat("a", "b"), system], STRICT)
        self.refused("Conversation roles must alternate", [{"prompt": [message("user", "a"), message("user", "c")], "completion": answer}], STRICT)
        self.refused("refuses the conversation .*undefined", [chat("a", "b")], "{{ tools_of(messages) }}")
        self.refused("refuses the conversation", [chat("a", "b")], "{% for m in messages %}{{ m.content }")

    def test_a_template_that_leaves_out_a_message_is_told(self) -> None:
        answer = [message("assistant", "b")]
        system = {"prompt": [message("system", " Be brief.\n"), message("user", "a")], "completion": answer}
        self.assertEqual(len(rows_of([system], CHATML.replace("m.content", "m.content | trim"))), 1)
        silent = CHATML.replace("for m in messages", "for m in messages if m.role != 'system'")
        self.refused("leaves out the message of the system", [system], silent)

    def test_a_question_about_thinking_marks_opens_no_block(self) -> None:
        self.assertEqual(len(rows_of([chat("What does <think> mean?", "b")])), 1)
        self.assertEqual(len(rows_of([chat("What does <think> mean?", "b")], THINKING)), 1)


if __name__ == "__main__":
    unittest.main()
