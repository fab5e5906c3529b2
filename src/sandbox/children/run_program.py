"""Runs one program as `python3 -c` would, and turns its outcome into JSON. Both back ends use it."""

import ast
import asyncio
import builtins
import importlib.util
import linecache
import random
import sys
import types
from atexit import _run_exitfuncs as run_exit_functions
from json.encoder import encode_basestring_ascii as quoted
from opcode import opmap
from threading import _shutdown as join_threads

import notebook_cells

# The code below uses its own copy of the builtins: a program that empties or replaces the common ones still gets an outcome.
__builtins__ = dict(vars(builtins))

NAME = "<program>"
LONGEST = 2000
# Python's own bound of 4,300 digits is too small for exact arithmetic. Without any bound, printing a huge integer would look like a hang.
MOST_DIGITS = 1_000_000
AWAIT_ANYWHERE = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
IS_COROUTINE = 0x80
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
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Silent()


# nest_asyncio only allows what is allowed here without it.
SILENT = {"matplotlib", "seaborn", "plotly", "nest_asyncio"}


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
    if isinstance(statement, ast.ImportFrom) and package == "tqdm":
        return {alias.asname or alias.name: range if alias.name == "trange" else _progress for alias in statement.names}
    return {bound: _absent(package) for bound, package in named}


def _absent(package):
    if package == "tqdm":
        bars = types.SimpleNamespace(tqdm=_progress, trange=range)
        return types.SimpleNamespace(tqdm=_progress, trange=range, auto=bars, notebook=bars)
    return Silent() if package in SILENT else Missing(package)


def _plain(text):
    """A plain str: a subclass may run the program's own code."""
    return str.__str__(text) if isinstance(text, str) else ""


def _name(error):
    return type.__dict__["__name__"].__get__(type(error))[:100]


def _message(error):
    try:
        text = _plain(str(error))
    except BaseException as other:
        text = f"<its message raised {_name(other)}>"
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _describe(error, lines):
    """Describes an error: in full, or in short if its attributes are broken."""
    name, message = _name(error), _message(error)
    try:
        return _in_full(error, name, message, lines)
    except BaseException:
        return {"name": name, "message": message, "traceback": f"{name}: {message}"}


def _in_full(error, name, message, lines):
    shown = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == NAME:
            number = trace.tb_lineno or 0
            place = "" if code.co_name == "<module>" else f", in {code.co_name[:80]}"
            source = lines[number - 1].strip()[:160] if 0 < number <= len(lines) else ""
            shown.append(f"  line {number}{place}\n    {source}")
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.lineno and error.filename == NAME:
        source = lines[error.lineno - 1].strip()[:160] if error.lineno <= len(lines) else ""
        shown.append(f"  line {error.lineno}\n    {source}")
        message = _plain(error.msg)[:LONGEST] or message
    if len(shown) > 6:
        shown = shown[:3] + [f"  ... {len(shown) - 6} more"] + shown[-3:]
    head = ["Traceback (most recent call last):"] if shown else []
    tail = f"{name}: {message}" if message else name
    return {"name": name, "message": message, "traceback": "\n".join([*head, *shown, tail])}


def _execute(code):
    tree = notebook_cells.parse(code, NAME)
    module = types.ModuleType("__main__")
    module.__builtins__ = builtins
    module.__file__ = "/program.py"
    builtins.display = display
    builtins.get_ipython = Silent()
    sys.modules["__main__"] = module
    if _is_absent("matplotlib"):
        # `df.plot()`
        sys.modules.setdefault(PLOTS, SilentModule(PLOTS))
    scope = module.__dict__
    body = []
    for statement in _one_by_one(tree.body):
        named = _stand_in(statement)
        if named is None:
            body.append(statement)
        else:
            scope.update(named)
    if body and isinstance(body[-1], ast.Return) and body[-1].value:
        # A program that was written as the body of a function returns its result.
        body[-1] = ast.copy_location(ast.Expr(body[-1].value), body[-1])
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    tree.body = body
    parts = [compile(tree, NAME, "exec", AWAIT_ANYWHERE)]
    if last is not None:
        parts.append(compile(ast.Expression(last.value), NAME, "eval", AWAIT_ANYWHERE))
    if any(part.co_flags & IS_COROUTINE for part in parts):
        return asyncio.run(_awaited(parts, scope))
    value = None
    for part in parts:
        value = eval(part, scope)
    return value


async def _awaited(parts, scope):
    """Runs a program that awaits outside of functions, as in a notebook."""
    value = None
    for part in parts:
        value = eval(part, scope)
        if part.co_flags & IS_COROUTINE:
            value = await value
    return value


def _end_as_an_interpreter_would():
    """Waits for threads, calls atexit handlers, flushes output."""
    for end in (join_threads, run_exit_functions, lambda: sys.stdout.flush(), lambda: sys.stderr.flush()):
        try:
            end()
        except BaseException:
            pass


def _exit_code(error):
    """The error of an exit; None for a successful one."""
    code = SystemExit.code.__get__(error)
    if code is None or (type(code) in (int, bool) and code == 0):
        return None
    message = _message(code)
    return {"name": "SystemExit", "message": message, "traceback": f"SystemExit: {message}"}


def _json(outcome):
    """Encodes JSON itself, since a program may have replaced parts of the json module."""
    fields = []
    for field, parts in outcome.items():
        inner = ", ".join(f"{quoted(k)}: {quoted(v) if isinstance(v, str) else v}" for k, v in parts.items())
        fields.append(f"{quoted(field)}: {{{inner}}}")
    return f"{{{', '.join(fields)}}}"


def _outcome(code, keep):
    """The outcome: a value with both ends and its length, or an error."""
    lines = code.split("\n")
    linecache.cache[NAME] = (len(code), None, [line + "\n" for line in lines], NAME)
    try:
        value = _execute(code)
        if value is None:
            return {}
        text = _plain(value if type(value) is str else str(value))
        return {"value": {"head": text[:keep], "tail": text[-keep:] if len(text) > keep else "", "length": len(text)}}
    except SystemExit as error:
        failed = _exit_code(error)
        return {} if failed is None else {"error": failed}
    except BaseException as error:
        return {"error": _describe(error, lines)}


def warm():
    """Runs a program to warm up, without the interpreter's end, which can run only once."""
    _json(_outcome("1", 1))


def run(code, entropy, keep):
    """The outcome as JSON, made before code of the program can run again and reach it through frames."""
    sys.set_int_max_str_digits(MOST_DIGITS)
    random.seed(bytes.fromhex(entropy))
    if "sympy.core.random" in sys.modules:
        sys.modules["sympy.core.random"].seed(int(entropy[:16], 16))
    outcome = _json(_outcome(code, keep))
    _end_as_an_interpreter_would()
    return outcome
