#!/usr/bin/env python3
"""Writes numbered lines into several files, and rotates them in every way, at random.

    writer.py DIR --files a,b,c --seed S --rate 2000 [--rotate SECONDS] [--no-long-lines]

On standard input comes what is delivered for good, `delivered a 1234` (lines of file a below 1234), and `stop`; its end is a stop
too. On standard output go `written a 1300` and `rotated a rename`, and last `stopped`.

Rotations that destroy what was not read (truncation, deletion, the end of an old generation) wait until all of it is
delivered: what they would lose else is no loss of the reader's. The first file is there from the beginning, and rotated when something
is delivered: before, nobody can tell that its older files are wanted. The others appear after that, while their reader runs and remembers
that they were not there; half of them are rotated within a second, perhaps before anybody has looked.
"""

import argparse
import os
import random
import select
import shutil
import subprocess
import sys
import time

from numbered import Lines

TICK = 0.02
KINDS = {"rename": 5, "gzip": 4, "twice": 1, "copytruncate": 2, "delete": 2}
KEPT = 5  # generations; older ones are removed, once they are delivered


class Log:
    """One file that is written and rotated. Every second one has dates and not numbers in the names of its generations."""

    def __init__(self, directory, lines, random_, pause):
        self.directory, self.lines, self.random, self.pause = directory, lines, random_, pause
        self.is_dated = ord(lines.name) % 2 == 0
        self.path = os.path.join(directory, f"{lines.name}.log")
        self.written, self.delivered = 0, 0
        self.descriptor = None
        self.rest = b""  # of a line that is written in two steps
        self.generations = []  # (path, first line after it), the newest first
        self.waiting = None  # a rotation that has to wait until all is delivered
        self.closing = None  # (when, kind): renamed, and the writer does not know yet
        self.next_rotation = float("inf")

    def appear(self):
        self.descriptor = self.open()

    def begin_to_rotate(self, at_once):
        self.next_rotation = time.monotonic() + (min(self.delay(), self.random.random()) if at_once else self.delay())

    @property
    def is_there(self):
        return self.descriptor is not None

    def delay(self):
        return self.random.expovariate(1 / self.pause) if self.pause else 1e9

    def open(self):
        return os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    @property
    def is_held(self):
        return self.waiting is not None

    def write(self, count):
        """So many lines more, by one write; now and then the last one only by half."""
        if self.is_held:
            return
        text = self.rest + b"".join(self.lines(self.written + n).encode() + b"\n" for n in range(count))
        self.written += count
        cut = self.random.randrange(1, 40) if self.random.random() < 0.1 else 0
        cut = min(cut, max(len(text) - 1, 0))
        self.rest = text[len(text) - cut :] if cut else b""
        self.put(text[: len(text) - cut])

    def put(self, text):
        while text:
            text = text[os.write(self.descriptor, text) :]

    def finish_line(self):
        self.put(self.rest)
        self.rest = b""

    def turn(self, now, may_wait=True, ending=False):
        """Rotates if it is time; returns the kind when one was done.

        `may_wait`: with one that waits for the delivery; `ending`: begins none any more.
        """
        if self.closing and now >= self.closing[0]:
            return self.reopen(self.closing[1])
        if self.waiting and self.delivered >= self.written:
            kind, self.waiting = self.waiting, None
            return self.destroy(kind)
        if not ending and not self.closing and not self.waiting and now >= self.next_rotation:
            kind = self.random.choices(list(KINDS), KINDS.values())[0]
            if kind in ("copytruncate", "delete"):
                if not may_wait:
                    return None  # another one next time
                self.finish_line()
                self.waiting = kind
            else:
                self.move_away()
                # The writer keeps the old file for a while: nobody has told it.
                self.closing = (now + (0 if self.random.random() < 0.5 else self.random.uniform(0, 1)), kind)
        return None

    def move_away(self):
        target = self.next_name()
        os.rename(self.path, target)
        self.generations.insert(0, (target, None))

    def next_name(self):
        """A date; or .1, for which there is made room as logrotate does: .4 becomes .5, then .3 becomes .4 ..."""
        if self.is_dated:
            return f"{self.path}-{time.strftime('%Y%m%d')}-{time.time_ns()}"
        numbered = sorted(
            (int(path[len(self.path) + 1 :].split(".")[0]), path) for path, _ in self.generations)
        for number, path in reversed(numbered):
            shifted = f"{self.path}.{number + 1}" + (".gz" if path.endswith(".gz") else "")
            os.rename(path, shifted)
            self.generations = [(shifted if one == path else one, end) for one, end in self.generations]
        return f"{self.path}.1"

    def reopen(self, kind):
        self.closing = None
        self.finish_line()
        os.close(self.descriptor)
        path = self.generations[0][0]
        self.generations[0] = (path, self.written)
        self.descriptor = self.open()
        if kind == "gzip":
            subprocess.run(["gzip", "-1", path], check=True)
            self.generations[0] = (f"{path}.gz", self.written)
        elif kind == "twice":
            self.write(1)
            self.finish_line()
            self.move_away()
            return self.reopen("rename") and kind
        self.forget_old()
        self.next_rotation = time.monotonic() + self.delay()
        return kind

    def destroy(self, kind):
        if kind == "copytruncate":
            copy = self.next_name()
            shutil.copyfile(self.path, copy)
            self.generations.insert(0, (copy, self.written))
            os.ftruncate(self.descriptor, 0)
        else:
            os.unlink(self.path)
            os.close(self.descriptor)
            self.descriptor = self.open()
        self.forget_old()
        self.next_rotation = time.monotonic() + self.delay()
        return kind

    def forget_old(self):
        # Two younger ones are delivered as well, so that no stored position can stand in it: its end would be told as a gap.
        while len(self.generations) > KEPT and self.generations[-3][1] is not None and self.generations[-3][1] <= self.delivered:
            os.unlink(self.generations.pop()[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--files", default="a,b,c")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--rate", type=float, default=2000)
    parser.add_argument("--rotate", type=float, default=3, metavar="SECONDS", help="mean time between rotations of one file; 0: none")
    parser.add_argument("--no-long-lines", action="store_true")
    options = parser.parse_args()
    dice = random.Random(f"writer {options.seed}")
    logs = {
        name: Log(options.directory, Lines(options.seed, name, not options.no_long_lines), dice, options.rotate)
        for name in options.files.split(",")
    }
    first, *logs_to_come = logs.values()
    first.appear()
    next_appearance = None
    owed, last, input_, stopping = 0.0, time.monotonic(), b"", False
    # In the end each path leads to a file: one that was rotated before anybody saw it is found when its path is back.
    while not stopping or any(log.is_held or log.closing for log in logs.values()):
        if select.select([0], [], [], TICK)[0]:
            read = os.read(0, 65536)
            stopping = stopping or not read
            *words, input_ = (input_ + read).split(b"\n")
            for word in words:
                if word == b"stop":
                    stopping = True
                else:
                    _, name, n = word.decode().split()
                    logs[name].delivered = int(n)
                    if next_appearance is None:
                        next_appearance = time.monotonic() + dice.random()
                        first.begin_to_rotate(at_once=False)
            if not read:
                break
        now = time.monotonic()
        owed = min(owed + options.rate * (now - last), options.rate)  # after a stall not everything at once
        last = now
        if logs_to_come and next_appearance and now >= next_appearance and not stopping:
            logs_to_come[0].appear()
            logs_to_come.pop(0).begin_to_rotate(dice.random() < 0.5)
            next_appearance = now + dice.uniform(0, 3)
        present = {name: log for name, log in logs.items() if log.is_there}
        free = [log for log in present.values() if not log.is_held]
        while owed >= 1 and free and not stopping:
            count = min(int(owed), dice.randrange(1, 60))
            owed -= count
            dice.choice(free).write(count)
        if not free:
            owed = 0
        for name, log in present.items():
            if kind := log.turn(now, not any(one.is_held for one in logs.values()), stopping):
                say(f"rotated {name} {kind}")
            say(f"written {name} {log.written}")
    for name, log in logs.items():
        if log.is_there:
            log.finish_line()
        say(f"written {name} {log.written}")
    say("stopped")


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
