"""What stands for packages that are not here, so that programs run which only draw with them, show how far they are, or never use them."""

import ast
import builtins
import importlib.util
import sys
import types
import warnings
from importlib.machinery import ModuleSpec
from opcode import opmap

PLOTS = "pandas.plotting._matplotlib"
UNPACK = opmap["UNPACK_SEQUENCE"]


class Missing:
    """Stands for an absent package, so that programs that import it and never use it run."""

    def __init__(self, package):
        object.__setattr__(self, "_package", package)

    def _use(self, *_, **__):
        package = object.__getattribute__(self, "_package")
        raise ModuleNotFoundError(f"No module named '{package}'", name=package)

    def __getattr__(self, name):
        self._use()

    __call__ = __getitem__ = __iter__ = __len__ = __bool__ = __str__ = __repr__ = __setattr__ = _use
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = __neg__ = _use
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _use


class Silent:
    """Stands for what only shows something on a screen, such as matplotlib: whatever is done with it has no effect."""

    def _same(self, *_, **__):
        return self

    def __iter__(self):
        # `n, bins, patches = plt.hist(x)`: as many as the program takes apart.
        frame = sys._getframe(1)
        sign, count = frame.f_code.co_code[frame.f_lasti : frame.f_lasti + 2]
        return iter((self,) * (count if sign == UNPACK else 2))

    def __format__(self, _):
        return repr(self)

    def __float__(self):
        return 0.0

    __getattr__ = __call__ = __getitem__ = __enter__ = _same
    # `bar.get_x() + bar.get_width() / 2`
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = __neg__ = _same
    __lt__ = __le__ = __gt__ = __ge__ = _same

    def __setitem__(self, *_):
        pass

    def __exit__(self, *_):
        pass

    def __repr__(self):
        return "(shown on a screen)"


class SilentModule(types.ModuleType):
    # sympy draws in text where it finds one too old.
    __version__ = "0"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Silent()


# nest_asyncio only allows what is allowed here without it.
SILENT = {"matplotlib", "mpl_toolkits", "seaborn", "plotly", "nest_asyncio"}


class SilentPackages:
    """Finds the silent packages that are absent, wherever they are imported, such as inside `networkx.draw`."""

    def find_spec(name, *_):
        return ModuleSpec(name, SilentPackages, is_package=True) if name.split(".")[0] in SILENT else None

    def create_module(spec):
        return SilentModule(spec.name)

    def exec_module(_):
        pass


def display(*values):
    """Shows values as a notebook does, in text."""
    for value in values:
        print(value)


def _shown(value=None, *_, **__):
    """Stands for `Math`, `Latex`, `Markdown` and the like of IPython, which wrap what is displayed."""
    return value


def _progress(values=None, *_, **__):
    """Stands for a bar of tqdm, which shows how far a loop is."""
    return Silent() if values is None else values


def _uncompiled(function=None, *_, **__):
    """Stands for `njit` of numba and its like, which make functions fast: they stay as they are."""
    return function if isinstance(function, types.FunctionType) else _uncompiled


# What some absent packages are replaced with, and their other names.
PLAIN = {
    "tqdm": ({"trange": range}, _progress),
    "numba": ({"prange": range, "njit": _uncompiled, "jit": _uncompiled}, Silent()),
}


def _is_absent(package):
    return package not in sys.modules and importlib.util.find_spec(package) is None


def _one_by_one(statements):
    """Splits `import a, b`, of which one package may be absent."""
    for statement in statements:
        if isinstance(statement, ast.Import):
            yield from (ast.copy_location(ast.Import([alias]), statement) for alias in statement.names)
        else:
            yield statement


def _stand_in(statement):
    """The names that an import of absent packages binds; None when a package is there, or its name is not known."""
    if isinstance(statement, ast.Import):
        named = [(alias.asname or alias.name.split(".")[0], alias.name.split(".")[0]) for alias in statement.names]
    elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
        package = statement.module.split(".")[0]
        named = [(alias.asname or alias.name, package) for alias in statement.names if alias.name != "*"]
    else:
        return None
    if not named or not all(_is_absent(package) for _, package in named):
        return None
    if isinstance(statement, ast.ImportFrom) and package == "IPython":
        return {bound: display if bound == "display" else _shown for bound, _ in named}
    if isinstance(statement, ast.ImportFrom) and package in PLAIN:
        plain, other = PLAIN[package]
        return {alias.asname or alias.name: plain.get(alias.name, other) for alias in statement.names}
    return {bound: _absent(package) for bound, package in named}


def _absent(package):
    if package not in PLAIN:
        return Missing(package)
    members = types.SimpleNamespace(**PLAIN[package][0], tqdm=_progress)
    return types.SimpleNamespace(**vars(members), auto=members, notebook=members)


def replace(statements, scope):
    """Binds in `scope` what imports of absent packages would bind. @returns the other statements"""
    builtins.display = display
    builtins.get_ipython = Silent()
    if _is_absent("matplotlib"):
        # `df.plot()`
        sys.modules.setdefault(PLOTS, SilentModule(PLOTS))
    warnings.filterwarnings("ignore", "matplotlib version is too old")
    if SilentPackages not in sys.meta_path:
        sys.meta_path.append(SilentPackages)
    kept = []
    for statement in _one_by_one(statements):
        named = _stand_in(statement)
        if named is None:
            kept.append(statement)
        else:
            scope.update(named)
    return kept
