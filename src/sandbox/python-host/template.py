"""
The template of a fork server: it has imported everything and waits; each program runs in a copy of it. The template itself
never sees a program or its output, so that no copy holds anything of another program.
"""

import ctypes
import json
import mmap
import os
import resource
import signal
import socket

DIE_WITH_PARENT = 1


def next_order(control, limit, in_use):
    """
    Makes copies of this process on demand, and tells how they ended. Returns in each copy, with its order.

    The copy writes its output to 1 and 2 and its outcome to 3, and has no other descriptor.
    limit: which limit bounds the memory of the program; in_use: bytes of it that the template itself uses
    """
    while True:
        message, received, _, _ = socket.recv_fds(control, 32, 8)
        if received:
            process = os.fork()
            if process == 0:
                return prepared(received, limit, in_use)
            for descriptor in received:
                os.close(descriptor)
            control.send(b"%d" % process)
        elif message:
            process, status, usage = os.wait4(int(message), os.WNOHANG)
            control.send(json.dumps([process, status, usage.ru_utime + usage.ru_stime]).encode())
        else:
            os._exit(0)


def prepared(received, limit, in_use):
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    order, *written = received
    # Above the numbers that they get, none of which may be closed by another's place.
    written = [os.dup2(descriptor, 500 + index) for index, descriptor in enumerate(written)]
    os.lseek(order, 0, os.SEEK_SET)
    with open(order, "rb") as file:
        order = json.loads(file.read())
    for index, descriptor in enumerate(written, 1):
        os.dup2(descriptor, index)
    os.closerange(4, 4096)
    nothing = os.open("/dev/null", os.O_RDONLY)
    if nothing != 0:
        os.dup2(nothing, 0)
        os.close(nothing)
    seconds = cpu_seconds_of(order)
    for kind, value in (
        (limit, in_use + order["memoryMb"] * 2**20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    return order


def cpu_seconds_of(order):
    return max(1, -(-order["timeoutMs"] // 1000))


def write_all(descriptor, text):
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    while data:
        data = data[os.write(descriptor, data) :]


def in_use(limit):
    """Bytes that count against a limit of memory, found as the least limit that allows one more page, because there is no /proc."""
    _, hard = resource.getrlimit(limit)
    least, most = 0, 2**44
    while most - least > 2**20:
        middle = (least + most) // 2
        resource.setrlimit(limit, (middle, hard))
        try:
            mmap.mmap(-1, mmap.PAGESIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
            most = middle
        except (OSError, MemoryError):
            least = middle
    resource.setrlimit(limit, (hard, hard))
    return most
