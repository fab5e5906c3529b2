"""
Programs as notebooks show them: lines of commands (`%matplotlib inline`, `!pip install x`), prompts (`>>> `, `In [1]: `) with what
was printed between them. Only text that is not Python is changed, and every line keeps its number.
"""

import ast
import re

PLAIN_PROMPT = re.compile(r"^\s*>>>(?: |$)")
PLAIN_MORE = re.compile(r"^\s*\.\.\.(?: |$)")
CELL_PROMPT = re.compile(r"^\s*In ?\[\d*\]:(?: |$)")
CELL_MORE = re.compile(r"^\s*\.{3,}: ?")
CELL_OUTPUT = re.compile(r"^\s*Out ?\[\d*\]:")
# `%time f(x)` and `%timeit f(x)` run `f(x)`; other commands are ignored.
TIMED = re.compile(r"^(\s*)%%?time(?:it)?\b(?:\s+-\w+(?:\s+\d+)?)*[ \t]*(.*)$")
COMMAND = re.compile(r"^(\s*)(?:%[A-Za-z]|%%(?:time|timeit|capture|prun)\b|!|\?|(?:pip3?|conda|python3? -m pip) +install\b)")


def _without_commands(lines):
    kept = []
    for line in lines:
        timed = TIMED.match(line)
        command = COMMAND.match(line)
        if timed and timed[2]:
            kept.append(timed[1] + timed[2])
        else:
            kept.append(f"{(timed or command)[1]}pass" if timed or command else line)
    return kept


def _without_prompts(lines):
    """Text before the first prompt is program; after a `>>>`, every line without a mark is output."""
    kept = []
    prompted = False
    for line in lines:
        mark = PLAIN_PROMPT.match(line) or CELL_PROMPT.match(line) or CELL_MORE.match(line)
        if PLAIN_PROMPT.match(line):
            prompted = True
        elif CELL_PROMPT.match(line):
            prompted = False
        elif prompted:
            mark = PLAIN_MORE.match(line)
        if mark:
            kept.append(line[mark.end() :])
        else:
            kept.append("" if prompted or CELL_OUTPUT.match(line) else line)
    return kept


def parse(code, name):
    """The syntax tree of a program. @raises SyntaxError of the unchanged program when no reading of it is Python"""
    lines = code.split("\n")
    prompts = [_without_prompts(lines), _without_commands(_without_prompts(lines))]
    # `In [1]: x` is valid Python, an annotation, but is meant as a prompt.
    readings = prompts if CELL_PROMPT.match(code) else [lines, _without_commands(lines), *prompts]
    refused = None
    for reading in readings:
        try:
            return ast.parse("\n".join(reading), name)
        except SyntaxError as error:
            refused = refused or error
    raise refused
