"""What was written, and what of it arrived: line by line."""

from collections import Counter, defaultdict

import field  # noqa: F401 # first: it sets the paths
from numbered import Lines, locate

WORDS = "the quick brown fox jumps over the lazy dog; GET /index.html 200 0123456789 " * 8


class ZooLines(Lines):
    """Lines that each tell their writer and number. `plain`: ASCII alone, for programs that escape all else."""

    def __init__(self, seed, name, plain=False):
        super().__init__(seed, name, long_lines=False)
        self.plain = plain

    def make(self, n):
        dice = self.dice(n)
        return self.checked(n, self.filler(dice // 7, 20 + dice % 200))

    def filler(self, rest, length):
        return (WORDS[rest % 41 :] * 2)[:length] if self.plain else super().filler(rest, length)


class Ledger:
    """The lines of one cell. A generation is what one file holds between two rotations."""

    def __init__(self, seed, plain=False):
        self.seed, self.plain = seed, plain
        self.lines, self.generations, self.destroyed = {}, defaultdict(list), defaultdict(set)
        self.now = Counter()  # the present generation of each writer
        self.wanted = Counter()  # lines without a number, that may be written more than once
        self.seen, self.unnumbered = defaultdict(Counter), Counter()
        self.order = defaultdict(dict)  # (stream, writer): the lines in the order in which they first came
        self.notices, self.foreign, self.arrived = [], [], 0

    # MARK: writing

    def next(self, count, name="a"):
        """So many lines more of this writer, with their line feeds."""
        lines = self.lines.setdefault(name, ZooLines(self.seed, name, self.plain))
        first = len(self.generations[name])
        self.generations[name] += [self.now[name]] * count
        return b"".join(lines(n).encode() + b"\n" for n in range(first, first + count))

    def rotated(self, name="a"):
        self.now[name] += 1

    def count(self, name="a"):
        return len(self.generations[name])

    def same(self, text, count=1):
        """So many times the same line without a number."""
        self.wanted[text] += count
        return (text.encode() + b"\n") * count

    def destroy(self, first, end, name="a"):
        """The writer itself has made these lines unreadable, whether they were read or not."""
        self.destroyed[name] |= set(range(first, end))

    # MARK: reading

    def take(self, stream, message):
        self.arrived += 1
        found = locate(message)
        if found and found[0] in self.lines and message == self.lines[found[0]](found[1]) and found[1] < self.count(found[0]):
            name, n, _ = found
            self.seen[name][n] += 1
            self.order[stream, name].setdefault(n)
        elif message in self.wanted:
            self.unnumbered[message] += 1
        elif message.startswith("cw-tail: "):
            self.notices.append(message)
        else:
            self.foreign.append((stream, message))

    # MARK: judging

    def missing(self, name="a"):
        return [n for n in range(self.count(name)) if n not in self.seen[name] and n not in self.destroyed[name]]

    def lost(self):
        return sum(len(self.missing(name)) for name in self.lines) + sum((self.wanted - self.unnumbered).values())

    def destroyed_and_missing(self):
        """Lines that the writer destroyed and that did not come."""
        return sum(1 for name in self.lines for n in self.destroyed[name] if n not in self.seen[name])

    def has_all(self):
        return not any(self.missing(name) for name in self.lines) and not self.wanted - self.unnumbered

    def has_all_below(self, end, name="a"):
        return all(n in self.seen[name] for n in range(end))

    def repeated(self):
        """(how many lines came again, how often at most)"""
        extra = [count - 1 for seen in self.seen.values() for count in seen.values() if count > 1]
        surplus = self.unnumbered - self.wanted
        return sum(extra) + sum(surplus.values()), max([*extra, *surplus.values()], default=0)

    def disorder(self, within_generation):
        """The first place where a line came after a later one of its writer in the same stream (and generation), as a sentence."""
        for (stream, name), numbers in self.order.items():
            last = {}
            for n in numbers:
                key = self.generations[name][n] if within_generation else 0
                if n < last.get(key, -1):
                    return f"line {n} of {name} (generation {self.generations[name][n]}) comes after line {last[key]} in {stream}"
                last[key] = n
        return None

    def describe_missing(self):
        parts = []
        for name in self.lines:
            for generation, numbers in grouped(self.missing(name), self.generations[name]):
                parts.append(f"{name} generation {generation}: {ranges(numbers)}")
        parts += [f"{count} of {text[:40]!r}" for text, count in (self.wanted - self.unnumbered).items()]
        return "; ".join(parts)


def grouped(numbers, generations):
    groups = defaultdict(list)
    for n in numbers:
        groups[generations[n]].append(n)
    return sorted(groups.items())


def ranges(numbers):
    found = []
    for n in numbers:
        if found and found[-1][1] == n - 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return ", ".join(f"{first}" if first == last else f"{first} to {last}" for first, last in found)
