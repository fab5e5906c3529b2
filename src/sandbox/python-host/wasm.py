"""The template that runs programs in CPython compiled to WebAssembly, with numpy, scipy and sympy imported there."""

import json
import mmap
import os
import resource
import struct
import sys

import seccomp
import template
import wasi
import wasmtime
from wasm_engine import engine

HERE = os.path.dirname(os.path.abspath(__file__))
GUEST = """guest.py preload_numeric.py preload.py event_loop.py in_turn.py absent_packages.py notebook_cells.py run_program.py
wide_integers.py""".split()
LIBRARY = "usr/local/lib/python315.zip"
ENVIRONMENT = {"HOME": "/", "TMPDIR": "/tmp", "PYTHONTZPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
NO_ANSWER = -2
# Where the guest's interpreter keeps the top of its stack and the two addresses below which recursion ends. The build allows 128 KiB
# of its 16 MiB, for hosts with a small stack of their own: a function with lru_cache could then call itself only 250 times.
STACK_TOP = 16 * 2**20
BUILT_BOUNDS = struct.pack("<III", STACK_TOP, STACK_TOP - 112 * 1024, STACK_TOP - 120 * 1024)
BOUNDS = struct.pack("<III", STACK_TOP, STACK_TOP - 6 * 2**20, STACK_TOP - 7 * 2**20)


def script(name):
    for folder in (HERE, os.path.join(HERE, "../children")):
        if os.path.exists(os.path.join(folder, name)):
            with open(os.path.join(folder, name), "rb") as file:
                return file.read()
    raise FileNotFoundError(name)


def mapped(path):
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def main(control, ready):
    packages = sys.argv[2]
    own = engine()
    code = wasmtime.Module.deserialize_file(own, os.path.join(packages, "python.cwasm"))
    files = {f"sandbox/{name}": script(name) for name in GUEST}
    files[LIBRARY] = mapped(os.path.join(packages, "python315.zip"))
    system = wasi.System(["/usr/local/bin/python", "/sandbox/guest.py"], ENVIRONMENT, files)
    store, linker = wasmtime.Store(own), wasmtime.Linker(own)
    asked = []

    def call(caller, at, size, answer_at, answer_size):
        """The guest calls twice: for the order, in the template, and with the outcome, in a copy."""
        said = system.read(caller, at, size)
        if asked:
            template.write_all(3, said)
            os._exit(0)
        asked.append(True)
        allow_deep_recursion(caller)
        in_use = template.in_use(resource.RLIMIT_DATA)
        ready()
        order = template.next_order(control, resource.RLIMIT_DATA, in_use)
        seccomp.install(seccomp.only_needed())
        told = json.dumps({name: order[name] for name in ("code", "entropy", "keepChars")}).encode()
        place = exports["host_alloc"](caller, len(told)) & wasi.MASK
        if place == 0:
            return NO_ANSWER
        system.write(caller, place, told)
        system.number(caller, answer_at, place)
        system.number(caller, answer_size, len(told))
        return 0

    def allow_deep_recursion(caller):
        held = system.read(caller, 0, system.memory.data_len(caller))
        if held.count(BUILT_BOUNDS) != 1:
            raise ValueError("the guest keeps its bounds of recursion elsewhere")
        system.write(caller, held.index(BUILT_BOUNDS), BOUNDS)

    for one in code.imports:
        if one.module == "host":
            linker.define_func("host", one.name, one.type, call, access_caller=True)
    system.define_in(linker, code.imports)
    system.exit = os._exit
    exports = linker.instantiate(store, code).exports(store)
    system.memory = exports["memory"]
    try:
        exports["_initialize"](store)
        exports["run"](store)
    except BaseException as error:
        # Before the first program this is why there is no server; later it is the guest's crash.
        if not asked:
            raise
        template.write_all(2, f"{type(error).__name__}\n")
    os.abort()
