"""Verdicts of a peer on pairs of gold answer and response: reads JSON lines of { gold, prediction } and writes JSON lines of
{ correct, seconds }; `correct` is null where no verdict came within the bound.

    python3 run_peer.py math-verify|inspect|math FILE [CHECKOUT] > verdicts.jsonl

math-verify and inspect are the installed packages; math is hendrycks/math's is_equiv, from a checkout. Each pair runs in a child
process that is killed after ten seconds: what hangs is a verdict of its own.
"""

import json
import multiprocessing
import sys
import time

BOUND = 10


def math_verify():
    from math_verify import ExprExtractionConfig, LatexExtractionConfig, parse, verify

    targets = [LatexExtractionConfig(boxed_match_priority=0), ExprExtractionConfig()]
    # As their tests call it; a bare answer is wrapped, because their parser reads LaTeX in mathematics signs only.
    wrapped = lambda text: text if "$" in text or "\\boxed" in text or "\\(" in text or "\\[" in text else f"${text}$"
    return lambda gold, text: bool(verify(parse(wrapped(gold), targets), parse(wrapped(text), targets)))


def inspect():
    import inspect_ai.scorer._math as module

    def score(gold, text):
        parsed, _ = module._parse_targets_worker((gold,))
        return module._score_answer_worker(text, parsed).status == "correct"

    return score


def hendrycks(checkout):
    sys.path.insert(0, f"{checkout}/modeling")
    from math_equivalence import is_equiv

    return lambda gold, text: bool(is_equiv(text, gold))


def serve(name, checkout, connection):
    score = {"math-verify": math_verify, "inspect": inspect}[name]() if name != "math" else hendrycks(checkout)
    connection.send("ready")
    while True:
        gold, text = connection.recv()
        try:
            connection.send(score(gold, text))
        except BaseException:
            connection.send(False)


def main(name, file, checkout=None):
    context = multiprocessing.get_context("spawn")

    def start():
        ours, theirs = context.Pipe()
        child = context.Process(target=serve, args=(name, checkout, theirs), daemon=True)
        child.start()
        ours.recv()
        return child, ours

    child, connection = start()
    for line in open(file, encoding="utf-8"):
        pair = json.loads(line)
        begun = time.perf_counter()
        connection.send((str(pair["gold"]), str(pair["prediction"] or "")))
        correct = connection.recv() if connection.poll(BOUND) else None
        print(json.dumps({"correct": correct, "seconds": round(time.perf_counter() - begun, 5)}), flush=True)
        if correct is None:
            child.kill()
            child, connection = start()
    child.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
