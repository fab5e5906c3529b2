"""
Makes numpy's integers 64 bits wide where Python code decides that; prepare_wasm.py does it where C code does. Positions, as `np.nonzero`
gives them, stay as wide as pointers: the C code of the packages takes no others. A program gets them as wide as all integers.
"""

import functools
import gc
import sys

import numpy
from numpy._core import arrayprint, numerictypes

GIVE_POSITIONS = """argmax argmin argpartition argsort argwhere bincount count_nonzero digitize flatnonzero histogram indices intersect1d
lexsort nanargmax nanargmin nonzero ravel_multi_index searchsorted tril_indices triu_indices unique unravel_index where""".split()
METHODS_GIVE_POSITIONS = "argmax argmin argpartition argsort nonzero searchsorted".split()
OF_TEXT_GIVE_POSITIONS = "count find index rfind rindex str_len".split()
OF_INTEGERS = """power pow left_shift bitwise_left_shift right_shift bitwise_right_shift mod remainder fmod floor_divide divmod
bitwise_and bitwise_or bitwise_xor""".split()


def widened(value):
    if isinstance(value, (numpy.ndarray, numpy.intp)) and value.dtype == numpy.intp:
        return value.astype(numpy.int64)
    return type(value)(map(widened, value)) if type(value) is tuple else value


def for_programs(function):
    @functools.wraps(function)
    def answer(*values, **named):
        result = function(*values, **named)
        return widened(result) if sys._getframe(1).f_globals.get("__name__") == "__main__" else result

    return answer


class OfPlainIntegers:
    """A ufunc whose loop for two plain integers numpy chooses by the width of C's long."""

    def __init__(self, ufunc):
        self._ufunc = ufunc

    def __call__(self, *values, **named):
        if all(type(value) is int for value in values):
            values = [numpy.asarray(value)[()] for value in values]
        return self._ufunc(*values, **named)

    def __getattr__(self, name):
        return getattr(self._ufunc, name)


def install():
    arrayprint._typelessdata[arrayprint._typelessdata.index(numpy.int_)] = numpy.int64
    # `long` stays: C code writes it.
    for name, wide in (("int_", numpy.int64), ("uint", numpy.uint64)):
        setattr(numpy, name, wide)
        numerictypes.sctypeDict.update({name: wide, name.rstrip("_"): wide})
    for place, names in ((numpy, GIVE_POSITIONS), (numpy.char, OF_TEXT_GIVE_POSITIONS), (numpy.strings, OF_TEXT_GIVE_POSITIONS)):
        for name in names:
            setattr(place, name, for_programs(getattr(place, name)))
    # Python code may not set the methods of an array.
    of_arrays = gc.get_referents(vars(numpy.ndarray))[0]
    for name in METHODS_GIVE_POSITIONS:
        of_arrays[name] = for_programs(of_arrays[name])
    sys._clear_internal_caches()
    for name in OF_INTEGERS:
        setattr(numpy, name, OfPlainIntegers(getattr(numpy, name)))
    drawn = numpy.random.randint
    numpy.random.randint = lambda low, high=None, size=None, dtype=int: drawn(low, high, size, numpy.dtype(dtype))


def install_in_pandas():
    """A column that is added makes pandas append 0 to positions, which would widen them."""
    from pandas.core.internals.managers import BlockManager

    append = BlockManager._insert_update_blklocs_and_blknos

    def insert(manager, at):
        append(manager, at)
        manager._blklocs, manager._blknos = manager._blklocs.astype(numpy.intp), manager._blknos.astype(numpy.intp)

    BlockManager._insert_update_blklocs_and_blknos = insert
