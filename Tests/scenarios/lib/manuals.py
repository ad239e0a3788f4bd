"""The manuals as mdoc has them."""

import glob
import os
import re

from cloud import TOP

MANUALS = sorted(os.path.relpath(path, TOP) for path in glob.glob(f"{TOP}/man/*.[158]"))


def plain(example):
    """What a reader sees of an example and types, without the prompt."""
    for escape, character in (("\\(aq", "'"), ("\\(dq", '"'), ("\\-", "-"), ("\\&", ""), ("\\e", "\\")):
        example = example.replace(escape, character)
    return re.sub(r"^\$ ", "", example, flags=re.M).rstrip("\n") + "\n"


def flags(lines):
    """The options that macro lines name."""
    found = set()
    for line in lines:
        naming = False
        for word in line.replace("\\-", "-")[1:].split() if line.startswith(".") else []:
            if re.fullmatch("[A-Z][a-z]", word):
                naming = word == "Fl"
            elif naming and re.match("[a-z-]", word):
                found.add("-" + word)
    return found
