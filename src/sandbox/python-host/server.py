"""
A fork server: a template has everything imported and waits; each program runs in a copy of it. The argument names the kind
of template: `native` runs programs in this Python, `wasm` in CPython compiled to WebAssembly.

Orders are lines of JSON on standard input ({id, code, timeoutMs, memoryMb, keepChars, outputChars, entropy} or {id, cancel}),
answers are lines of JSON on standard output. A program's process has limits and a system call filter; its outcome and its
output reach this process by pipes of their own, so that nothing it writes is taken for another's answer.
"""

import codecs
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import time

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), sys.argv[2]]
import seccomp
from template import cpu_seconds_of, write_all

# Characters beside the two ends of a value: an error with its traceback.
LONGEST_ERROR = 200_000
KINDS = {"value": {"head": str, "tail": str, "length": int}, "error": {"name": str, "message": str, "traceback": str}}
READ = 65_536
# Seconds allowed between the end of a program's pipes and the end of its process.
REAP_AFTER = 0.002


class Kept:
    """Both ends of a stream, in characters."""

    def __init__(self, keep):
        self.keep, self.head, self.tail, self.length, self.rest = keep, "", "", 0, b""

    def add(self, data, last=False):
        text, used = codecs.utf_8_decode(self.rest + data, "replace", last)
        self.rest = (self.rest + data)[used:]
        self.length += utf16_length(text)
        room = self.keep - len(self.head)
        if room > 0:
            self.head, text = self.head + text[:room], text[room:]
        if text:
            self.tail = (self.tail + text)[-self.keep :]

    def kept(self):
        self.add(b"", True)
        return {"head": self.head, "tail": self.tail, "length": self.length}


def utf16_length(text):
    """Characters as JavaScript counts them."""
    return len(text.encode("utf-16-le")) // 2


class Template:
    """The process that is copied for each program, from outside."""

    def __init__(self, kind):
        self.control, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork() == 0:
            self.control.close()
            nothing = os.open("/dev/null", os.O_RDWR)
            os.dup2(nothing, 0)
            os.dup2(nothing, 1)
            os.close(nothing)
            importlib.import_module(kind).main(inner, lambda: inner.send(b"ready"))
        inner.close()
        self.hear()

    def hear(self):
        said = self.control.recv(256)
        if not said:
            # The template's standard error says why.
            sys.exit(1)
        return said

    def copy(self, order, written):
        """Starts a program's process with an order on memory and three descriptors to write to. @returns its number"""
        held = os.memfd_create("order")
        write_all(held, json.dumps(order))
        socket.send_fds(self.control, [b"copy"], [held, *written])
        os.close(held)
        return int(self.hear())

    def ended(self, process):
        """The status and processor seconds of a copy that has ended; None while it runs."""
        self.control.send(b"%d" % process)
        which, status, seconds = json.loads(self.hear())
        return (status, seconds) if which else None


class Run:
    def __init__(self, order, template, poll):
        self.id, self.most, self.poll, self.template = order["id"], order["outputChars"], poll, template
        self.largest_outcome = 16 * order["keepChars"] + LONGEST_ERROR
        self.limit, self.outcome, self.status = None, b"", None
        self.cpu_seconds, self.most_cpu_seconds = 0, cpu_seconds_of(order)
        self.streams = {1: Kept(order["keepChars"]), 2: Kept(order["keepChars"])}
        pipes = {name: os.pipe() for name in (1, 2, 3)}
        self.process = template.copy(order, [pipes[name][1] for name in (1, 2, 3)])
        self.open = {}
        for name, (reading, writing) in pipes.items():
            os.close(writing)
            os.set_blocking(reading, False)
            self.open[reading] = name
            poll.register(reading, selectors.EVENT_READ, self)
        self.until = time.monotonic() + order["timeoutMs"] / 1000

    def end(self, limit=None):
        self.limit = self.limit or limit
        try:
            os.kill(self.process, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def read(self, reading):
        name = self.open[reading]
        try:
            data = os.read(reading, READ)
        except BlockingIOError:
            return
        if not data:
            self.poll.unregister(reading)
            os.close(reading)
            del self.open[reading]
        elif name == 3:
            self.outcome += data
            if len(self.outcome) > self.largest_outcome:
                self.end("crash")
        else:
            self.streams[name].add(data)
            if sum(stream.length for stream in self.streams.values()) > self.most:
                self.end("output")

    def over(self):
        """Whether its process has ended. A program that closed its pipes and runs on must not delay other programs."""
        if self.status is None and not self.open:
            ended = self.template.ended(self.process)
            if ended:
                self.status, self.cpu_seconds = ended
        return self.status is not None

    def answer(self):
        status = self.status
        answer = {"stdout": self.streams[1].kept(), "stderr": self.streams[2].kept()}
        outcome = read_outcome(self.outcome)
        if self.limit:
            answer["limit"] = self.limit
        elif os.WIFSIGNALED(status):
            # The kernel ends a process at its limit by SIGKILL; a process may also send that to itself.
            answer["limit"] = "time" if self.cpu_seconds >= self.most_cpu_seconds else "crash"
        elif outcome is not None:
            answer.update(outcome)
        elif os.WEXITSTATUS(status) != 0:
            code = str(os.WEXITSTATUS(status))
            answer["error"] = {"name": "SystemExit", "message": code, "traceback": f"SystemExit: {code}"}
        if "error" in answer and answer["error"]["name"] == "MemoryError":
            answer["limit"] = "memory"
        return {"id": self.id, "answer": answer}


def read_outcome(data):
    """Reads an outcome; None if the program wrote something else. Untrusted, so it must not be able to break this process."""
    try:
        outcome = json.loads(data)
        return {name: fields_of(outcome[name], KINDS[name]) for name in KINDS if name in outcome}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def fields_of(part, kinds):
    for name, value in part.items():
        if type(value) is not kinds[name] or (kinds[name] is int and not 0 <= value < 2**53):
            raise ValueError(name)
    if not part.keys() >= kinds.keys() - {"traceback"}:
        raise ValueError("incomplete")
    return part


def serve(template):
    poll = selectors.DefaultSelector()
    os.set_blocking(0, False)
    poll.register(0, selectors.EVENT_READ)
    runs, waiting = {}, b""
    say({"ready": True})
    while True:
        now = time.monotonic()
        soonest = min((run.until if run.open else now + REAP_AFTER for run in runs.values()), default=None)
        events = poll.select(None if soonest is None else max(0, soonest - now))
        for key, _ in events:
            if key.data is not None:
                key.data.read(key.fd)
                continue
            data = os.read(0, READ)
            if not data:
                return
            *lines, waiting = (waiting + data).split(b"\n")
            for line in lines:
                order = json.loads(line)
                if "cancel" in order:
                    if order["id"] in runs:
                        runs[order["id"]].end("time")
                else:
                    runs[order["id"]] = Run(order, template, poll)
        for run in list(runs.values()):
            if time.monotonic() >= run.until:
                run.end("time")
            if run.over():
                del runs[run.id]
                say(run.answer())


def say(message):
    write_all(1, json.dumps(message) + "\n")


if __name__ == "__main__":
    if not seccomp.supported():
        sys.exit("the system call filter knows x86_64 and aarch64 only")
    serve(Template(sys.argv[1]))
