"""
The system that a guest sees (WASI preview 1): files in its own memory, clocks, random bytes, two streams to write to.
No path, socket or process of the machine is behind it. Names and layouts are those of the specification.
"""

import ctypes
import os
import posixpath
import struct
import time

from files_in_memory import (
    BAD_FILE,
    DEVICE,
    INVALID,
    IS_FOLDER,
    NO_MEMORY,
    NO_SEEK,
    NO_SYSTEM_CALL,
    NOT_A_FOLDER,
    Refused,
    Tree,
)

APPEND = 1
CLOCK_TIMER, ABSOLUTE = 0, 1
ALL_RIGHTS = 2**64 - 1
ROOT = 3
LONGEST_SLEEP = 10**15
MASK = 2**32 - 1


class Descriptor:
    def __init__(self, path, node, append=False):
        self.path, self.node, self.append, self.at = path, node, append, 0


class System:
    def __init__(self, words, environment, files):
        self.words = [word.encode() + b"\0" for word in words]
        self.environment = [f"{name}={value}".encode() + b"\0" for name, value in environment.items()]
        self.tree = Tree(files)
        self.open = {ROOT: Descriptor("", self.tree.found(""))}
        self.memory = self.exit = None

    def define_in(self, linker, imports):
        """Gives each imported function its implementation. One without an implementation does not exist."""
        for one in imports:
            if one.module == "wasi_snapshot_preview1":
                work = getattr(self, one.name, None)
                linker.define_func(one.module, one.name, one.type, guarded(work), access_caller=True)

    # Memory of the guest. Every access is checked against its size.

    def read(self, caller, at, size):
        return ctypes.string_at(self.address(caller, at, size), size & MASK)

    def write(self, caller, at, data):
        ctypes.memmove(self.address(caller, at, len(data)), bytes(data), len(data))

    def address(self, caller, at, size):
        at, size = at & MASK, size & MASK
        if at + size > self.memory.data_len(caller):
            raise Refused(INVALID)
        return ctypes.addressof(self.memory.data_ptr(caller).contents) + at

    def number(self, caller, at, value, form="<I"):
        self.write(caller, at, struct.pack(form, value))

    def parts(self, caller, at, count):
        """The pieces of memory that a vectored read or write names."""
        return struct.iter_unpack("<II", self.read(caller, at, 8 * (count & MASK)))

    def opened(self, descriptor):
        try:
            return self.open[descriptor]
        except KeyError:
            raise Refused(BAD_FILE) from None

    def file(self, descriptor):
        one = self.opened(descriptor)
        if one.node.data is None:
            raise Refused(IS_FOLDER)
        return one

    def path(self, caller, descriptor, at, size):
        """A path from the root, without its first slash."""
        text = self.read(caller, at, size).decode("utf-8", "surrogateescape")
        return posixpath.normpath(posixpath.join("/", self.opened(descriptor).path, text)).strip("/")

    # Arguments, clocks, random bytes, the end.

    def args_sizes_get(self, caller, count, size):
        self.sizes(caller, self.words, count, size)

    def environ_sizes_get(self, caller, count, size):
        self.sizes(caller, self.environment, count, size)

    def args_get(self, caller, pointers, text):
        self.texts(caller, self.words, pointers, text)

    def environ_get(self, caller, pointers, text):
        self.texts(caller, self.environment, pointers, text)

    def sizes(self, caller, texts, count, size):
        self.number(caller, count, len(texts))
        self.number(caller, size, sum(map(len, texts)))

    def texts(self, caller, texts, pointers, text):
        for index, one in enumerate(texts):
            self.number(caller, pointers + 4 * index, text & MASK)
            self.write(caller, text, one)
            text += len(one)

    def clock_res_get(self, caller, _, at):
        self.number(caller, at, 1000, "<Q")

    def clock_time_get(self, caller, clock, _, at):
        self.number(caller, at, now(clock), "<Q")

    def random_get(self, caller, at, size):
        self.address(caller, at, size)
        self.write(caller, at, os.urandom(size & MASK))

    def sched_yield(self, _):
        pass

    def proc_exit(self, _, code):
        self.exit(code)

    def poll_oneoff(self, caller, asked, answered, count, at):
        """Waits for the first timer. Files and streams are always ready."""
        waits, ready = [], []
        for index in range(count & MASK):
            one = self.read(caller, asked + 48 * index, 48)
            user, tag = struct.unpack_from("<QB", one)
            if tag == CLOCK_TIMER:
                clock, until, _, flags = struct.unpack_from("<IxxxxQQH", one, 16)
                waits.append((until - now(clock) if flags & ABSOLUTE else until, user))
            else:
                ready.append((user, tag))
        if not ready and waits:
            left, user = min(waits)
            time.sleep(min(max(0, left), LONGEST_SLEEP) / 1e9)
            ready = [(user, CLOCK_TIMER)]
        for index, (user, tag) in enumerate(ready):
            self.write(caller, answered + 32 * index, struct.pack("<QHBxxxxxQHxxxxxx", user, 0, tag, 0, 0))
        self.number(caller, at, len(ready))

    # Descriptors.

    def fd_prestat_get(self, caller, descriptor, at):
        if descriptor != ROOT:
            raise Refused(BAD_FILE)
        self.write(caller, at, struct.pack("<II", 0, 1))

    def fd_prestat_dir_name(self, caller, _, at, __):
        self.write(caller, at, b"/")

    def fd_fdstat_get(self, caller, descriptor, at):
        kind = DEVICE if 0 <= descriptor < ROOT else self.opened(descriptor).node.kind
        flags = APPEND if descriptor in self.open and self.open[descriptor].append else 0
        self.write(caller, at, struct.pack("<BxHxxxxQQ", kind, flags, ALL_RIGHTS, ALL_RIGHTS))

    def fd_fdstat_set_flags(self, _, descriptor, flags):
        self.opened(descriptor).append = bool(flags & APPEND)

    def fd_filestat_get(self, caller, descriptor, at):
        self.status(caller, at, None if 0 <= descriptor < ROOT else self.opened(descriptor).node)

    def path_filestat_get(self, caller, descriptor, _, text, size, at):
        self.status(caller, at, self.tree.found(self.path(caller, descriptor, text, size)))

    def status(self, caller, at, node):
        number, kind, size, changed = 0, DEVICE, 0, 0
        if node:
            number, kind, size, changed = node.number, node.kind, len(node.data or b""), node.time
        self.write(caller, at, struct.pack("<QQBxxxxxxxQQQQQ", 1, number, kind, 1, size, changed, changed, changed))

    def fd_filestat_set_size(self, _, descriptor, size):
        self.file(descriptor).node.resize(size)

    def fd_filestat_set_times(self, *_):
        pass

    path_filestat_set_times = fd_advise = fd_sync = fd_datasync = fd_filestat_set_times

    def fd_read(self, caller, descriptor, at, count, size):
        if descriptor == 0:
            return self.number(caller, size, 0)
        one = self.file(descriptor)
        one.at += self.take(caller, one, one.at, at, count, size)

    def fd_pread(self, caller, descriptor, at, count, offset, size):
        self.take(caller, self.file(descriptor), offset, at, count, size)

    def take(self, caller, one, offset, at, count, size):
        done = 0
        for start, length in self.parts(caller, at, count):
            piece = one.node.data[offset + done : offset + done + length]
            self.write(caller, start, piece)
            done += len(piece)
        self.number(caller, size, done)
        return done

    def fd_write(self, caller, descriptor, at, count, size):
        pieces = b"".join(self.read(caller, *part) for part in self.parts(caller, at, count))
        if descriptor in (1, 2):
            left = pieces
            while left:
                left = left[os.write(descriptor, left) :]
        else:
            one = self.file(descriptor)
            one.at = one.node.put(len(one.node.data) if one.append else one.at, pieces)
        self.number(caller, size, len(pieces))

    def fd_pwrite(self, caller, descriptor, at, count, offset, size):
        pieces = b"".join(self.read(caller, *part) for part in self.parts(caller, at, count))
        self.file(descriptor).node.put(offset, pieces)
        self.number(caller, size, len(pieces))

    def fd_seek(self, caller, descriptor, offset, whence, at):
        if 0 <= descriptor < ROOT:
            raise Refused(NO_SEEK)
        one = self.file(descriptor)
        start = (0, one.at, len(one.node.data))[whence] + offset
        if start < 0:
            raise Refused(INVALID)
        one.at = start
        self.number(caller, at, start, "<Q")

    def fd_tell(self, caller, descriptor, at):
        self.number(caller, at, self.file(descriptor).at, "<Q")

    def fd_close(self, _, descriptor):
        if 0 <= descriptor < ROOT:
            return
        self.opened(descriptor)
        del self.open[descriptor]

    def fd_readdir(self, caller, descriptor, at, room, cookie, used):
        one = self.opened(descriptor)
        if one.node.data is not None:
            raise Refused(NOT_A_FOLDER)
        entries = b""
        for index, name in enumerate(self.tree.names(one.path)[cookie:], cookie + 1):
            node, text = self.tree.found(posixpath.join(one.path, name)), name.encode("utf-8", "surrogateescape")
            entries += struct.pack("<QQIBxxx", index, node.number, len(text), node.kind) + text
        self.write(caller, at, entries[: room & MASK])
        self.number(caller, used, min(room & MASK, len(entries)))

    # Paths.

    def path_open(self, caller, descriptor, _, text, size, how, rights, __, flags, at):
        path = self.path(caller, descriptor, text, size)
        node = self.tree.opened(path, how, rights)
        number = next(n for n in range(ROOT + 1, len(self.open) + ROOT + 2) if n not in self.open)
        self.open[number] = Descriptor(path, node, bool(flags & APPEND))
        self.number(caller, at, number)

    def path_create_directory(self, caller, descriptor, text, size):
        self.tree.add_folder(self.path(caller, descriptor, text, size))

    def path_unlink_file(self, caller, descriptor, text, size):
        self.tree.remove_file(self.path(caller, descriptor, text, size))

    def path_remove_directory(self, caller, descriptor, text, size):
        self.tree.remove_folder(self.path(caller, descriptor, text, size))

    def path_rename(self, caller, descriptor, text, size, into, new_text, new_size):
        self.tree.rename(self.path(caller, descriptor, text, size), self.path(caller, into, new_text, new_size))


def now(clock):
    """Nanoseconds: 0 is the time of day, 1 only grows, others are processor time."""
    return time.time_ns() if clock == 0 else time.monotonic_ns() if clock == 1 else time.process_time_ns()


def guarded(work):
    """A function that answers with a number of an error, 0 for none. Any other failure ends the guest."""

    def answer(caller, *words):
        if work is None:
            return NO_SYSTEM_CALL
        try:
            work(caller, *words)
        except Refused as refused:
            return refused.args[0]
        except MemoryError:
            return NO_MEMORY
        return 0

    return answer
