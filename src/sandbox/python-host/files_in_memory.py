"""A tree of files in memory, for one guest. Errors and kinds have the numbers of WASI."""

import posixpath
import time

ACCESS, BAD_FILE, EXISTS, INVALID, IS_FOLDER, NO_MEMORY, ABSENT = 2, 8, 20, 28, 31, 48, 44
NO_SYSTEM_CALL, NOT_A_FOLDER, NOT_EMPTY, NO_SEEK = 52, 54, 55, 70
DEVICE, FOLDER, FILE = 2, 3, 4
CREATE, MUST_BE_FOLDER, EXCLUSIVE, TRUNCATE = 1, 2, 4, 8
MAY_WRITE = 2**6


class Refused(Exception):
    """Holds the number of an error."""


class Node:
    """A file, or a folder when it has no data. `fixed` files cannot be written."""

    count = 0

    def __init__(self, data=None, fixed=False):
        self.data, self.fixed = data, fixed
        Node.count += 1
        self.number = Node.count
        self.time = time.time_ns()

    @property
    def kind(self):
        return FOLDER if self.data is None else FILE

    def writable(self):
        if self.fixed:
            raise Refused(ACCESS)
        return self.data

    def put(self, at, pieces):
        """Writes, and fills a gap with zeros. @returns where the written ends"""
        data = self.writable()
        if at > len(data):
            data.extend(bytes(at - len(data)))
        data[at : at + len(pieces)] = pieces
        return at + len(pieces)

    def resize(self, size):
        data = self.writable()
        del data[size:]
        data.extend(bytes(size - len(data)))


class Tree:
    """Nodes by their path from the root, without its first slash."""

    def __init__(self, files):
        self.nodes = {"": Node(), "tmp": Node()}
        for path, data in files.items():
            for end in [at for at, sign in enumerate(path) if sign == "/"]:
                self.nodes.setdefault(path[:end], Node())
            self.nodes[path] = Node(data, True)

    def found(self, path):
        try:
            return self.nodes[path]
        except KeyError:
            raise Refused(ABSENT) from None

    def names(self, folder):
        start = f"{folder}/" if folder else ""
        inside = (path[len(start) :] for path in self.nodes if path and path.startswith(start))
        return [name for name in inside if name and "/" not in name]

    def may_add(self, path):
        if self.found(posixpath.dirname(path)).data is not None:
            raise Refused(NOT_A_FOLDER)

    def opened(self, path, how, rights):
        node = self.nodes.get(path)
        if node is None:
            if not how & CREATE:
                raise Refused(ABSENT)
            self.may_add(path)
            node = self.nodes[path] = Node(bytearray())
        elif how & EXCLUSIVE and how & CREATE:
            raise Refused(EXISTS)
        elif how & TRUNCATE:
            if node.data is None:
                raise Refused(IS_FOLDER)
            node.writable().clear()
        if rights & MAY_WRITE and node.fixed:
            raise Refused(ACCESS)
        if how & MUST_BE_FOLDER and node.data is not None:
            raise Refused(NOT_A_FOLDER)
        return node

    def add_folder(self, path):
        if path in self.nodes:
            raise Refused(EXISTS)
        self.may_add(path)
        self.nodes[path] = Node()

    def remove_file(self, path):
        if self.found(path).writable() is None:
            raise Refused(IS_FOLDER)
        del self.nodes[path]

    def remove_folder(self, path):
        if self.found(path).data is not None:
            raise Refused(NOT_A_FOLDER)
        if not path or self.names(path):
            raise Refused(NOT_EMPTY)
        del self.nodes[path]

    def rename(self, path, new):
        self.may_add(new)
        is_file = self.found(path).data is not None
        moved = [one for one in self.nodes if one == path or one.startswith(f"{path}/")]
        if new == path:
            return
        if not path or f"{new}/".startswith(f"{path}/"):
            raise Refused(INVALID)
        if any(self.nodes[one].fixed for one in moved):
            raise Refused(ACCESS)
        if new in self.nodes:
            (self.remove_file if is_file else self.remove_folder)(new)
        for one in moved:
            self.nodes[new + one[len(path) :]] = self.nodes.pop(one)
