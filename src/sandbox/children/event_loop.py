"""
An event loop that needs no sockets and waits inside a call. CPython's own wakes itself by a socket pair, which the system
call filter refuses; Pyodide's is the browser's, so that `asyncio.run` would fail at its end, after the program has gone on.
"""

import asyncio
import sys
import time
from asyncio import base_events, events

SLICE = 0.001
# Python 3.14 gave both an underscore.
BasePolicy = getattr(events, "_BaseDefaultEventLoopPolicy", None) or events.BaseDefaultEventLoopPolicy
set_policy = getattr(events, "_set_event_loop_policy", None) or events.set_event_loop_policy


class Sleeping:
    """Replaces a selector: waits only for the clock and for calls from other threads."""

    woken = False

    def select(self, timeout=None):
        until = None if timeout is None else time.monotonic() + timeout
        while not self.woken and (until is None or time.monotonic() < until):
            time.sleep(SLICE)
        self.woken = False
        return []


class Loop(base_events.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self._selector = Sleeping()

    def _process_events(self, _):
        pass

    def _write_to_self(self):
        self._selector.woken = True


class Policy(BasePolicy):
    _loop_factory = Loop

    def get_event_loop(self):
        """Makes a loop where there is none, as Python did before 3.14: many programs begin so."""
        try:
            return super().get_event_loop()
        except RuntimeError:
            self.set_event_loop(self.new_event_loop())
            return super().get_event_loop()


def install():
    if sys.platform == "emscripten":
        from pyodide import webloop

        asyncio.run = webloop._orig_run
        events._set_running_loop(None)
    set_policy(Policy())
