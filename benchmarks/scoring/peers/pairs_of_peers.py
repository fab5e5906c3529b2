"""Pairs of a gold answer and a response with the expected verdict, out of the peers' own tests, as JSON lines.

    python3 pairs_of_peers.py math-verify CHECKOUT
    python3 pairs_of_peers.py inspect CHECKOUT
    python3 pairs_of_peers.py math CHECKOUT        # hendrycks/math: tests of is_equiv

Tests are read as syntax trees; nothing of a checkout is run or copied.
"""

import ast
import json
import pathlib
import sys


def constant(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def parametrised(file):
    """Names and values of each parametrised test function."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            if not (isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("parametrize")):
                continue
            names = [name.strip() for name in constant(decorator.args[0]).split(",")]
            for item in decorator.args[1].elts:
                values = constant(item)
                if values is not None:
                    yield node.name, dict(zip(names, values)), item.lineno


def math_verify(root):
    for file in sorted((root / "tests").glob("test_*.py")):
        for test, values, line in parametrised(file):
            expected = values.get("expected", values.get("result"))
            if "gold" not in values or "pred" not in values or expected is None:
                continue
            if values.get("strict") is False:
                continue
            yield {
                "id": f"{file.name}:{line}",
                "test": test,
                "gold": values["gold"],
                "prediction": values["pred"],
                "expected": bool(expected),
            }


def inspect(root):
    cases = json.loads((root / "tests/scorer/math_cases.json").read_text(encoding="utf-8"))
    for number, case in enumerate(cases):
        yield {
            "id": f"math_cases.json:{number}",
            "gold": case["target"],
            "prediction": case["output"],
            "expected": case["expected"] == "C",
        }


if __name__ == "__main__":
    read = {"math-verify": math_verify, "inspect": inspect}[sys.argv[1]]
    for pair in read(pathlib.Path(sys.argv[2])):
        print(json.dumps(pair, ensure_ascii=False))
