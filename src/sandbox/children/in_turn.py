"""
Threads and processes where there are none: each runs to its end when it is started. What would wait for another one, such as `get` of
an empty queue, raises the error of a thread that cannot be started.
"""

import concurrent.futures
import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
import types
from itertools import starmap


class Waits(RuntimeError):
    """Only another thread could end the wait."""


Waits.__name__ = "RuntimeError"


def _start(thread):
    if thread._started.is_set():
        raise RuntimeError("threads can only be started once")
    thread._started.set()
    try:
        thread.run()
    except Waits:
        raise
    except SystemExit:
        pass
    except BaseException:
        threading.excepthook(threading.ExceptHookArgs([*sys.exc_info(), thread]))


def _wait(_, timeout=None):
    if timeout is None:
        raise Waits("can't start new thread")
    time.sleep(max(0, timeout))
    return False


class Process(threading.Thread):
    exitcode, pid = 0, 1
    terminate = kill = close = lambda self: None


class Executor(concurrent.futures.Executor):
    """Stands for the pools of `concurrent.futures`."""

    def __init__(self, max_workers=None, *_, initializer=None, initargs=(), **__):
        self._max_workers = max_workers or 1
        if initializer:
            initializer(*initargs)

    def submit(self, work, /, *values, **named):
        future = concurrent.futures.Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(work(*values, **named))
        except Waits:
            raise
        except BaseException as error:
            future.set_exception(error)
        return future


class Result:
    """What a pool of `multiprocessing` gives at once for a call that is made later."""

    def __init__(self, work, callback=None, error_callback=None):
        self._future = Executor().submit(work)
        error = self._future.exception()
        told = callback if error is None else error_callback
        if told:
            told(error or self._future.result())

    def get(self, timeout=None):
        return self._future.result()

    def successful(self):
        return self._future.exception() is None

    def wait(self, timeout=None):
        pass

    def ready(self):
        return True


def _later(call):
    return lambda pool, *values, callback=None, error_callback=None, **named: Result(
        lambda: call(pool, *values, **named), callback, error_callback
    )


class Pool:
    """Stands for the pools of `multiprocessing`."""

    def __init__(self, processes=None, initializer=None, initargs=(), *_, **__):
        if initializer:
            initializer(*initargs)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    close = join = terminate = lambda self: None

    def apply(self, work, args=(), kwds={}):
        return work(*args, **kwds)

    def map(self, work, values, *_, **__):
        return list(map(work, values))

    def imap(self, work, values, *_, **__):
        return map(work, values)

    def starmap(self, work, values, *_, **__):
        return list(starmap(work, values))

    imap_unordered = imap
    apply_async, map_async, starmap_async = _later(apply), _later(map), _later(starmap)


def install():
    thread = threading.Thread
    thread.start, thread.join, thread.is_alive = _start, lambda *_, **__: None, lambda _: False
    threading.Condition.wait = _wait
    threading.get_native_id = threading.get_ident
    concurrent.futures.ThreadPoolExecutor = concurrent.futures.ProcessPoolExecutor = Executor
    of_threads = {"Pool": Pool, "ThreadPool": Pool, "Process": Process, "Queue": queue.Queue, "JoinableQueue": queue.Queue}
    of_threads.update((name, getattr(threading, name)) for name in ("Lock", "RLock", "Event", "Semaphore", "Condition", "Barrier"))
    vars(multiprocessing).update(of_threads)
    for name in ("pool", "dummy"):
        module = types.ModuleType(f"multiprocessing.{name}")
        vars(module).update(of_threads)
        sys.modules[module.__name__] = module
        setattr(multiprocessing, name, module)
    # Time is bounded anyway, and there is no other program.
    signal.alarm = signal.setitimer = lambda *_: 0
    os.system = lambda _: 127 << 8
