"""Expectations that say in one sentence what was wrong."""

import json
import time


def fail(sentence):
    raise SystemExit(f"failed: {sentence}")


def expect(condition, sentence):
    if not condition:
        fail(sentence)


def equal(actual, wanted, what):
    expect(actual == wanted, f"{what} is {actual!r} and not {wanted!r}")


def succeeded(result, what="the program"):
    expect(result.returncode == 0, f"{what} exited with {result.returncode}: {result.stderr.strip()[-2000:]}")


def same_lines(actual, wanted, what):
    """Compares two lists of lines and names the first difference, not all of them."""
    for n, (one, other) in enumerate(zip(actual, wanted), 1):
        expect(one == other, f"{what}: line {n} is {one[:200]!r} and not {other[:200]!r}")
    equal(len(actual), len(wanted), f"{what}: the number of lines")


def ends_with(result, status, *words):
    """The program exited so, and said so in exactly one line on stderr that has all these words."""
    what = " ".join(result.args)
    equal(result.returncode, status, f"the exit status of `{what}` (stderr: {result.stderr.strip()!r})")
    lines = result.stderr.splitlines()
    equal(len(lines), 1, f"the number of lines on stderr of `{what}` ({result.stderr!r})")
    for word in words:
        expect(word.lower() in lines[0].lower(), f"`{what}` does not mention {word!r}: {lines[0]!r}")
    return lines[0]


def eventually(condition, sentence, seconds=60):
    """Waits until the condition holds, and returns its value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            fail(f"not within {seconds} s: {sentence}")
        time.sleep(0.05)


def objects(text):
    """NDJSON as a list."""
    return [json.loads(line) for line in text.splitlines()]
