"""Runs one program as `python3 -c` would, and turns its outcome into JSON. Both back ends use it."""

import ast
import asyncio
import builtins
import linecache
import random
import sys
import types
from atexit import _run_exitfuncs as run_exit_functions
from json.encoder import encode_basestring_ascii as quoted
from threading import _shutdown as join_threads

import absent_packages
import notebook_cells

# The code below uses its own copy of the builtins: a program that empties or replaces the common ones still gets an outcome.
__builtins__ = dict(vars(builtins))

NAME = "<program>"
LONGEST = 2000
# Python's own bound of 4,300 digits is too small for exact arithmetic. Without any bound, printing a huge integer would look like a hang.
MOST_DIGITS = 1_000_000
AWAIT_ANYWHERE = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
IS_COROUTINE = 0x80
ANSWER = "__answer__"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINES = (*FUNCTIONS, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
PRINTERS = {"print", "pprint", "display"}


def _last(tree):
    """
    Where the program's value is, if it prints nothing: an expression, which is taken off its end, or the name that it assigned last.
    `if __name__ == "__main__": main()` gives what `main` returns, a lone `def solution():` what its call gives.
    """
    body, in_loop = tree.body, False
    while body and isinstance(body[-1], (ast.If, ast.With, ast.Try, ast.For, ast.While)):
        in_loop |= isinstance(body[-1], (ast.For, ast.While))
        body = body[-1].body
    last = body[-1] if body else None
    if isinstance(last, ast.Return) and last.value:
        # A program that was written as the body of a function returns its result.
        last = body[-1] = ast.copy_location(ast.Expr(last.value), last)
    if isinstance(last, ast.Expr):
        if body is tree.body:
            return body.pop().value, None
        if in_loop:
            return None, None
        body[-1] = ast.copy_location(ast.Assign([ast.Name(ANSWER, ast.Store())], last.value), last)
        return None, ANSWER
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    if all(isinstance(one, DEFINES) or isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) for one in tree.body):
        for one in reversed(tree.body):
            if isinstance(one, FUNCTIONS) and one.name not in names and not _needs_values(one.args):
                return ast.copy_location(ast.Call(ast.Name(one.name, ast.Load()), [], []), one), None
    if isinstance(last, (ast.Assign, ast.AugAssign, ast.AnnAssign)) and not names & PRINTERS:
        target = last.targets[-1] if isinstance(last, ast.Assign) else last.target
        return None, target.id if isinstance(target, ast.Name) else None
    return None, None


def _needs_values(arguments):
    return len(arguments.posonlyargs + arguments.args) > len(arguments.defaults) or None in arguments.kw_defaults


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


def _with_wide_sizes(tree):
    """Programs take `sys.maxsize` for more than any number of theirs; WebAssembly's has 31 bits."""
    wide = sys.modules["__sys__"] = types.ModuleType("__sys__")
    wide.maxsize = max(sys.maxsize, 2**63 - 1)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "maxsize" and getattr(node.value, "id", "") == "sys":
            node.value = ast.copy_location(ast.Call(ast.Name("__import__", ast.Load()), [ast.Constant("__sys__")], []), node.value)
        elif isinstance(node, ast.ImportFrom) and node.module == "sys" and [one.name for one in node.names] == ["maxsize"]:
            node.module = "__sys__"


def _execute(code):
    tree = notebook_cells.parse(code, NAME)
    _with_wide_sizes(tree)
    module = types.ModuleType("__main__")
    module.__builtins__ = builtins
    module.__file__ = "/program.py"
    sys.modules["__main__"] = module
    scope = module.__dict__
    tree.body = absent_packages.replace(tree.body, scope)
    last, name = _last(tree)
    parts = [compile(ast.fix_missing_locations(tree), NAME, "exec", AWAIT_ANYWHERE)]
    if last is not None:
        parts.append(compile(ast.fix_missing_locations(ast.Expression(last)), NAME, "eval", AWAIT_ANYWHERE))
    value = None
    if any(part.co_flags & IS_COROUTINE for part in parts):
        value = asyncio.run(_awaited(parts, scope))
    else:
        for part in parts:
            value = eval(part, scope)
    if name is not None:
        value = scope.get(name)
        value = None if isinstance(value, (absent_packages.Silent, types.FunctionType, types.ModuleType, type)) else value
    return asyncio.run(value) if isinstance(value, types.CoroutineType) else value


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
