"""The table of writers, situations and results, as mdoc(7) between two comments of a manual."""

import re
import sys

import cell as cells

BEGIN, END = '.\\" The table of writers: made by `make zoo`.', '.\\" The end of the table of writers.'
SHORT = {"running": "run", "stalled": "stall", "stopped": "stop", "killed": "kill"}
BETWEEN = re.compile(f"{re.escape(BEGIN)}\n(.*?){re.escape(END)}\n", re.DOTALL)


INTRODUCTION = """\
.Ss Writers
Programs name, replace and rotate their logs in many ways.
These were tried, each followed by the path of its live file, or by the glob that is named here:
while
.Nm
ran
.Pq run ,
while its reader took nothing for some rotations
.Pq stall ,
stopped for some rotations and started again
.Pq stop ,
and killed at random
.Pq kill .
.Cm once
means that every line came once, in order, and
.Cm gap
that so did all that the writer had not destroyed itself, and that a gap was said for what it had.
.Pp"""


def roff(text):
    """A cell of a table; a word that mdoc would take for a macro or an option is none."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("'", "\\(aq")
    return re.sub(r"(^|(?<= ))(?=[A-Z][a-z](?: |$)|[.,:;()\[\]?!](?: |$))", "\\\\&", text)


def lines(rows, results):
    """`results`: of all rows and situations that were played."""
    words = {(result.row, result.situation): result.word for result in results}
    head = INTRODUCTION.splitlines()
    width = max(len(row.name) for row in rows)
    head.append(f'.Bl -column "{"X" * width}" ' + " ".join(f'"{name[:5]}"' for name in cells.SITUATIONS) + " -compact")
    head.append(f".It Sy writer {' '.join(f'Ta Sy {SHORT[name]}' for name in cells.SITUATIONS)}")
    body = [
        f".It {roff(row.name)} " + " ".join(f"Ta {words.get((row.name, situation), chr(92) + '-')}" for situation in cells.SITUATIONS)
        for row in rows
    ]
    return [*head, *body, ".El"]


def text(results):
    """For the terminal."""
    words = {(result.row, result.situation): result.word for result in results}
    rows = list(dict.fromkeys(result.row for result in sorted(results, key=lambda result: result.number)))
    width = max(len(name) for name in rows)
    head = f"{'':{width}}  " + "".join(f"{name:11}" for name in cells.SITUATIONS)
    body = [f"{name:{width}}  " + "".join(f"{words.get((name, situation), '-'):11}" for situation in cells.SITUATIONS) for name in rows]
    return "\n".join(line.rstrip() for line in [head, *body])


def write(path, rows, results):
    with open(path) as file:
        text = file.read()
    if not BETWEEN.search(text):
        sys.exit(f"failed: {path} has no place for the table: {BEGIN}")
    if {(row.name, situation) for row in rows for situation in row.situations} - {(result.row, result.situation) for result in results}:
        return print(f"{path} is left alone: not all rows were played")
    made = BETWEEN.sub(lambda _: "\n".join([BEGIN, *lines(rows, results), END, ""]), text)
    if made != text:
        with open(path, "w") as file:
            file.write(made)
        print(f"{path} has a new table")


def check(path, rows):
    """The manual has these rows."""
    with open(path) as file:
        found = BETWEEN.search(file.read())
    if not found:
        sys.exit(f"failed: {path} has no table: {BEGIN}")
    there = [line for line in found[1].splitlines() if line.startswith(".It ")][1:]  # but for the head
    names = [line[4:].split(" Ta ")[0] for line in there]
    wanted = [roff(row.name) for row in rows]
    if names != wanted:
        sys.exit(f"failed: the table of {path} is not that of the rows; make zoo makes it: {sorted(set(names) ^ set(wanted))[:5]}")
