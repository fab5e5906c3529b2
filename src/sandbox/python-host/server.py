"""
A fork server: imports numpy, scipy and sympy once, then runs each program in a process forked for it.

Orders are lines of JSON on standard input ({id, code, timeoutMs, memoryMb, keepChars, outputChars, entropy} or {id, cancel}),
answers are lines of JSON on standard output. A program's process has limits and a system call filter; its outcome and its
output reach this process by pipes of their own, so that nothing it writes is taken for another's answer.
"""

import builtins
import codecs
import gc
import json
import mmap
import os
import resource
import selectors
import signal
import sys
import time
from _sitebuiltins import Quitter

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), sys.argv[1]]
import event_loop
import numpy
import preload
import run_program
import seccomp

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


class Run:
    def __init__(self, order, base_bytes, poll, others):
        self.id, self.most, self.poll = order["id"], order["outputChars"], poll
        self.largest_outcome = 16 * order["keepChars"] + LONGEST_ERROR
        self.limit, self.outcome, self.status = None, b"", None
        self.cpu_seconds, self.most_cpu_seconds = 0, cpu_seconds_of(order)
        self.streams = {1: Kept(order["keepChars"]), 2: Kept(order["keepChars"])}
        pipes = {name: os.pipe() for name in (1, 2, 3)}
        self.process = os.fork()
        if self.process == 0:
            become(order, pipes, base_bytes, others)
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
            process, status, usage = os.wait4(self.process, os.WNOHANG)
            if process:
                self.status, self.cpu_seconds = status, usage.ru_utime + usage.ru_stime
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


def become(order, pipes, base_bytes, others):
    """Runs one program in this process, which then ends, whatever the program did to Python."""
    end, status = os._exit, 70
    try:
        # This program must not find the output of other programs among its objects.
        for other in others.values():
            other.streams, other.outcome = {}, b""
        others.clear()
        for name in (1, 2, 3):
            os.dup2(pipes[name][1], name)
        os.closerange(4, 4096)
        nothing = os.open("/dev/null", os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        seconds = cpu_seconds_of(order)
        for kind, value in (
            (resource.RLIMIT_AS, base_bytes + order["memoryMb"] * 2**20),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, 64),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(kind, (value, value))
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        sys.stdin = open(0)
        sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)
        sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
        numpy.random.seed(int(order["entropy"][:8], 16))
        seccomp.install()
        write_all(3, run_program.run(order["code"], order["entropy"], order["keepChars"]))
        status = 0
    except BaseException as error:
        write_all(2, f"{type(error).__name__}: {error}\n")
    finally:
        end(status)


def cpu_seconds_of(order):
    return max(1, -(-order["timeoutMs"] // 1000))


def write_all(descriptor, text):
    data = text.encode("utf-8", "replace")
    while data:
        data = data[os.write(descriptor, data) :]


def address_space():
    """Bytes of address space in use, found as the least limit that allows one more page, because there is no /proc."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    least, most = 0, 2**40
    while most - least > 2**20:
        middle = (least + most) // 2
        resource.setrlimit(resource.RLIMIT_AS, (middle, hard))
        try:
            mmap.mmap(-1, mmap.PAGESIZE).close()
            most = middle
        except (OSError, MemoryError):
            least = middle
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    return most


def serve():
    preload.warm()
    event_loop.install()
    # `site` would do this; it is left out because it looks for the user's packages.
    builtins.exit, builtins.quit = Quitter("exit", ""), Quitter("quit", "")
    gc.collect()
    gc.freeze()
    base_bytes = address_space()
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
                    runs[order["id"]] = Run(order, base_bytes, poll, runs)
                    del order
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
    serve()
