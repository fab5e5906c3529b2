"""The template that runs programs in this Python itself, with numpy, scipy and sympy imported."""

import builtins
import gc
import os
import resource
import signal
import sys
from _sitebuiltins import Quitter

import event_loop
import numpy
import preload_numeric
import run_program
import seccomp
import template


def main(control, ready):
    preload_numeric.warm()
    event_loop.install()
    # `site` would do this; it is left out because it looks for the user's packages.
    builtins.exit, builtins.quit = Quitter("exit", ""), Quitter("quit", "")
    gc.collect()
    gc.freeze()
    in_use = template.in_use(resource.RLIMIT_AS)
    ready()
    order = template.next_order(control, resource.RLIMIT_AS, in_use)
    # From here on in a copy, which ends whatever the program did to Python.
    end, status = os._exit, 70
    try:
        sys.stdin = open(0)
        sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)
        sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
        numpy.random.seed(int(order["entropy"][:8], 16))
        seccomp.install(seccomp.without_others())
        template.write_all(3, run_program.run(order["code"], order["entropy"], order["keepChars"]))
        status = 0
    except BaseException as error:
        template.write_all(2, f"{type(error).__name__}: {error}\n")
    finally:
        end(status)
