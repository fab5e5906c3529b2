"""
Hosts of their own on one Linux machine, with the time and the loss of a wide network between them: python3 network.py HOST...

Each host is a network namespace with one interface; this program carries the packets from one to the other. So TCP, its retransmissions and
its timeouts are the kernel's own. It needs root and /dev/net/tun, no kernel module for delay (netem) and no other package.

It prints `ready {"HOST": {"namespace": ..., "address": ...}, ...}`, then obeys lines on standard input: `delay MS` (there and back), `loss SHARE` (of the
packets of each way), `cut HOST` and `join HOST`. It ends, and removes the namespaces, with the end of its input.
"""

import ctypes
import fcntl
import heapq
import json
import os
import random
import selectors
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000
NETWORK = "10.79.0."
libc = ctypes.CDLL(None, use_errno=True)
HOME = os.open("/proc/self/ns/net", os.O_RDONLY)


def enter(namespace):
    if libc.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "cannot enter a network namespace")


def interface(namespace, address):
    """A tun interface in the namespace; its end is open here."""
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    enter(there)
    os.close(there)
    try:
        end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH22x", b"apart", IFF_TUN | IFF_NO_PI))
        for command in (f"address add {address}/24 dev apart", "link set apart up", "link set lo up"):
            subprocess.run(["ip", *command.split()], check=True)
    finally:
        enter(HOME)
    return end


def carry(ends):
    """ends: host -> open end. Packets wait in a heap until their time has come."""
    names = list(ends)
    delay, loss, cut = 0.0, 0.0, set()
    waiting, sequence = [], 0
    selector = selectors.DefaultSelector()
    for at, name in enumerate(names):
        selector.register(ends[name], selectors.EVENT_READ, at)
    selector.register(sys.stdin, selectors.EVENT_READ, None)
    while True:
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, end, packet = heapq.heappop(waiting)
            try:
                os.write(end, packet)
            except BlockingIOError:
                pass  # A full queue drops, as a router does.
        timeout = max(0.0, waiting[0][0] - now) if waiting else None
        for key, _ in selector.select(timeout):
            if key.data is None:
                line = sys.stdin.readline()
                if not line:
                    return
                verb, value = line.split()
                if verb == "delay":
                    delay = float(value) / 2000
                elif verb == "loss":
                    loss = float(value)
                elif verb == "cut":
                    cut.add(names.index(value))
                else:
                    cut.discard(names.index(value))
                continue
            for _ in range(64):
                try:
                    packet = os.read(key.fd, 65536)
                except BlockingIOError:
                    break
                target = packet[19] - 1 if packet[0] >> 4 == 4 else -1
                if not 0 <= target < len(names) or target in cut or key.data in cut or random.random() < loss:
                    continue
                sequence += 1
                heapq.heappush(waiting, (time.monotonic() + delay, sequence, ends[names[target]], packet))


def main(hosts):
    random.seed(1)
    made = {}
    try:
        ends = {}
        for number, host in enumerate(hosts):
            made[host] = {"namespace": f"husky-{os.getpid()}-{host}", "address": f"{NETWORK}{number + 1}"}
            subprocess.run(["ip", "netns", "add", made[host]["namespace"]], check=True)
            ends[host] = interface(made[host]["namespace"], made[host]["address"])
        print("ready", json.dumps(made), flush=True)
        carry(ends)
    finally:
        for one in made.values():
            subprocess.run(["ip", "netns", "delete", one["namespace"]], check=False)


if __name__ == "__main__":
    main(sys.argv[1:])
