"""
Programs as notebooks show them: lines of commands (`%matplotlib inline`, `!pip install x`, `len?`), prompts (`>>> `, `In [1]: `) with what
was printed between them, characters of word processors and of Chinese keyboards, marks of HTML, sentences behind the program. Only what
Python refuses is changed, and every line keeps its number.
"""

import ast
import re
import textwrap

PLAIN_PROMPT = re.compile(r"^\s*>>> ?")
PLAIN_MORE = re.compile(r"^\s*\.\.\.(?: |$)")
CELL_PROMPT = re.compile(r"^\s*In ?\[[\d* ]*\]:(?: |$)")
CELL_MORE = re.compile(r"^\s*\.{3,}: ?")
CELL_OUTPUT = re.compile(r"^\s*Out ?\[\d*\]:")
# `%time f(x)` and `y = %timeit f(x)` run `f(x)`; other commands are ignored.
TIMED = re.compile(r"^(\s*(?:\w+\s*=\s*)?)%%?time(?:it)?\b(?:\s+-\w+(?:\s+\d+)?)*[ \t]*(.*)$")
COMMAND = re.compile(
    r"""^(\s*)(?:
        %[A-Za-z] | %%\s*$ | %%(?:time|timeit|capture|prun|python\d?|script\s+python\d?|writefile)\b
        | ! | \? | Python\s\d | Type\s"help" | [\w.]+\?{1,2}\s*$ | \$\s | ```\w*\s*$
        | (?:sudo\s+)?(?:pip3?|conda|mamba|apt|apt-get|python3?\s-m\s+pip)\s+(?:-\S+\s+)*install\b
    )""",
    re.VERBOSE,
)
QUOTES = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"', "‘": "'", "’": "'", "′": "'", "´": "'"}
SIGNS = {"÷": "/", "∕": "/", "⁄": "/", "≤": "<=", "≥": ">=", "≠": "!=", "²": "**2", "³": "**3", "\u200b": "", "\ufeff": ""}
SIGNS.update(dict.fromkeys("×·∙⋅•∗", "*"), **dict.fromkeys("−–‑‒—", "-"))
# Blanks that no program has. A line has many of them.
BLANKS = "\u00a0\u3000\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B)))
# Blanks at the start of a line, which Python takes for its indentation only if they are plain.
LEADING = re.compile(f"^[ \t{BLANKS}]*[{BLANKS}][ \t{BLANKS}]*", re.MULTILINE)
# The ASCII signs as wide as a Chinese character, from `！` to `～`, and the comma of lists.
SIGNS.update({chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)}, **{"、": ","})
MARKS = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#x27;": "'", "&amp;": "&"}
# A paragraph that explains the program begins with such a line.
SENTENCE = re.compile(r"^[A-Z][\w'’-]*,?(?: [^\s=\[\]{}]+){2,}\s*$")
# The beginning of a line that is surely program, a line of words before a program, and the beginning of what explains one.
PROGRAM = re.compile(
    r"""\s*(?:import\s | from\s[\w.]+\simport\b | (?:async\s+)?def\s | (?:class|for|while|if|with|try)\b.*:\s*(?:\#.*)?$ | return\b | @\w
        | [\w.]+(?:\s*,\s*\w+)*(?:\[.*\])?\s*[-+*/]?=(?!=) | [\w.]+\()""",
    re.VERBOSE,
)
WORDS = re.compile(r"^(?:[A-Z*<-][^=()\[\]{}]*[:.!]\**\s*|\s*|#.*)$")
HEADING = re.compile(r"^(?:```|---|\*\*|[A-Z]\w*:\s*$)")
NUMBER = re.compile(r"^\s*\d+ ?[:|.]?(?: |$)")
OLD_PRINT = re.compile(r"\bprint\s+([^;#]*[^;#\s])")
MOST_CHANGES = 100


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


def _change(lines, error):
    """Takes the command or the character out at which Python stopped. @returns whether there was one"""
    at = (error.lineno or 0) - 1
    if not 0 <= at < len(lines):
        return False
    line = lines[at]
    timed = TIMED.match(line)
    command = COMMAND.match(line)
    if timed and timed[2]:
        lines[at] = timed[1] + timed[2]
        return True
    if command:
        lines[at] = f"{command[1]}pass"
        while line.endswith("\\") and at + 1 < len(lines):
            at += 1
            line, lines[at] = lines[at], ""
        return True
    sign = line[error.offset - 1 : error.offset] if error.offset else ""
    if "call to 'print'" in error.msg:
        lines[at] = OLD_PRINT.sub(r"print(\1)", line)
    elif sign in QUOTES:
        # One of a pair would leave a text without end.
        for quote, plain in QUOTES.items():
            lines[at] = lines[at].replace(quote, plain)
    elif sign and sign in BLANKS:
        lines[at] = line.replace(sign, " ")
    elif sign in SIGNS:
        lines[at] = line[: error.offset - 1] + SIGNS[sign] + line[error.offset :]
    return lines[at] != line


def _without_marks(code):
    for mark, sign in MARKS.items():
        code = code.replace(mark, sign)
    return code


def _without_words(lines):
    """The lines between the words before the program and those after it."""
    first = next((at for at, line in enumerate(lines) if not WORDS.match(line) or PROGRAM.match(line)), 0)
    for at in range(first + 1, len(lines)):
        explains = HEADING.match(lines[at]) and not any(map(PROGRAM.match, lines[at:]))
        if explains or (SENTENCE.match(lines[at]) and not lines[at - 1].strip()):
            return [""] * first + lines[first:at]
    return [""] * first + lines[first:]


def _parse(lines, name):
    lines = list(lines)
    for _ in range(MOST_CHANGES):
        try:
            return ast.parse("\n".join(lines), name)
        except SyntaxError as error:
            if not _change(lines, error):
                raise
    return ast.parse("\n".join(lines), name)


def _indented(code):
    """Other readings of where the lines of a program begin."""
    plain = LEADING.sub(lambda blanks: re.sub(f"[{BLANKS}]", " ", blanks[0]), code)
    readings = [plain] if plain != code else []
    if plain[:1].isspace():
        readings += [textwrap.dedent(plain), re.sub(r"^(\s*\n)?[ \t]+", r"\1", plain)]
    return [reading.split("\n") for reading in readings]


def parse(code, name):
    """The syntax tree of a program. @raises SyntaxError of the reading that gets furthest when none is Python"""
    lines = code.split("\n")
    prompted = _without_prompts(lines)
    # `In [1]: x` is valid Python, an annotation, but is meant as a prompt.
    readings = [prompted] if CELL_PROMPT.match(code) else [lines, prompted]
    readings += _indented(code)
    if "\\n" in code and "\n" not in code.strip():
        readings.append(code.replace("\\n", "\n").split("\n"))
    if all(NUMBER.match(line) for line in lines if line.strip()):
        readings.append(textwrap.dedent("\n".join(NUMBER.sub("", line) for line in lines)).split("\n"))
    if "\t" in code:
        # Tabs beside spaces, as wide as editors show them.
        readings += [code.expandtabs(width).split("\n") for width in (8, 4)]
    if "&" in code:
        readings.append(_without_marks(code).split("\n"))
    readings.append(_without_words(lines))
    refused = []
    for reading in readings:
        try:
            return _parse(reading, name)
        except SyntaxError as error:
            refused.append(error)
    raise max(refused, key=lambda error: error.lineno or 0)
