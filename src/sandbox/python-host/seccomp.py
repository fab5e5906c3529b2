"""A system call filter for a process that will run a program: no new processes, no sockets, no access to other processes."""

import ctypes
import os
import struct

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE, ABSENT, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, SECOND_ARGUMENT = 0, 4, 16, 24
CLONE_THREAD = 0x10000
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2

# Name: number on x86_64, number on aarch64 (None where it does not exist).
REFUSED = {
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "accept": (43, 202),
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "process_madvise": (440, 440), "process_mrelease": (448, 448),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsmount": (432, 432),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104),
    "setpriority": (141, 140), "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186),
    "mq_open": (240, 180), "setuid": (105, 146), "setgid": (106, 144), "acct": (163, 89), "swapon": (167, 224),
    "setpgid": (109, 154), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "ioprio_set": (251, 30), "migrate_pages": (256, 238), "move_pages": (279, 239),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "landlock_create_ruleset": (444, 444),
}  # fmt: skip
# Allowed for this process alone: signals to a thread of its own, limits of its own.
OWN_ONLY = {"tgkill": (234, 131), "prlimit64": (302, 261)}
# The second argument that makes a descriptor send signals to any process: F_SETOWN, F_SETSIG, F_SETOWN_EX; FIOSETOWN, SIOCSPGRP, FIOASYNC.
SIGNALLING = {(72, 25): (8, 10, 15), (16, 29): (0x8901, 0x8902, 0x5452)}
# All that a copy of the template for WebAssembly needs: it computes, writes to its pipes, sleeps, grows its memory, and ends.
NEEDED = {
    "read": (0, 63), "write": (1, 64), "writev": (20, 66), "close": (3, 57), "lseek": (8, 62), "fstat": (5, 80),
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "mremap": (25, 216), "madvise": (28, 233),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "sched_yield": (24, 124), "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "restart_syscall": (219, 128),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "gettimeofday": (96, 169), "time": (201, None),
    "getpid": (39, 172), "gettid": (186, 178), "futex": (202, 98), "getrandom": (318, 278),
    "exit": (60, 93), "exit_group": (231, 94),
}  # fmt: skip

CLONE, CLONE3 = (56, 220), (435, 435)
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def supported():
    return os.uname().machine in ARCHITECTURES


def step(code, value, yes=0, no=0):
    return struct.pack("HBBI", code, yes, no, value)


def own_column():
    """The column of this machine's numbers, and the filter's beginning, which refuses the calls of other architectures."""
    column, architecture = ARCHITECTURES[os.uname().machine]
    return column, [
        step(LOAD, ARCHITECTURE),
        step(EQUAL, architecture, 1, 0),
        step(RETURN, KILL),
        step(LOAD, NUMBER),
        step(AT_LEAST, 0x40000000, 0, 1),
        step(RETURN, REFUSE),
    ]


def only_needed():
    """The filter, in the kernel's form, of a process that needs nothing but `NEEDED`."""
    column, steps = own_column()
    for numbers in NEEDED.values():
        if numbers[column] is not None:
            steps += [step(EQUAL, numbers[column], 0, 1), step(RETURN, ALLOW)]
    return b"".join([*steps, step(RETURN, REFUSE)])


def without_others():
    """The filter, in the kernel's form, that keeps this process away from others."""
    process = os.getpid()
    column, steps = own_column()

    def add(code, value, yes=0, no=0):
        steps.append(step(code, value, yes, no))

    for numbers in REFUSED.values():
        if numbers[column] is not None:
            add(EQUAL, numbers[column], 0, 1)
            add(RETURN, REFUSE)
    # Without clone3 the C library makes its threads by clone, whose flags a filter can read.
    add(EQUAL, CLONE3[column], 0, 1)
    add(RETURN, ABSENT)
    add(EQUAL, CLONE[column], 0, 4)
    add(LOAD, FIRST_ARGUMENT)
    add(ANY_BIT, CLONE_THREAD, 0, 1)
    add(RETURN, ALLOW)
    add(RETURN, REFUSE)
    for name, numbers in OWN_ONLY.items():
        own = (process, 0) if name == "prlimit64" else (process,)
        add(EQUAL, numbers[column], 0, 2 + 2 * len(own))
        add(LOAD, FIRST_ARGUMENT)
        for value in own:
            add(EQUAL, value, 0, 1)
            add(RETURN, ALLOW)
        add(RETURN, REFUSE)
    for numbers, values in SIGNALLING.items():
        add(EQUAL, numbers[column], 0, 2 + 2 * len(values))
        add(LOAD, SECOND_ARGUMENT)
        for value in values:
            add(EQUAL, value, 0, 1)
            add(RETURN, REFUSE)
        add(RETURN, ALLOW)
    add(RETURN, ALLOW)
    return b"".join(steps)


def install(filters):
    """Applies a filter to this process and its children; it cannot be removed."""
    held = ctypes.create_string_buffer(filters, len(filters))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(filters) // 8, ctypes.addressof(held)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0 or prctl(SET_SECCOMP, FILTER, head, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the system call filter was refused")
