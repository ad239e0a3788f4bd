"""Holds what a strict service accepted against what was written: lost, corrupt, misplaced, repeated."""

import json
import os
import re
import threading
from collections import defaultdict

from numbered import locate

EVENT_OVERHEAD = 26
BATCH_EVENTS, BATCH_BYTES = 10_000, 1_048_576
LONGEST_EVENT = BATCH_BYTES - EVENT_OVERHEAD
REMEMBERED = 50_000  # lines, many more than come again


# What cw-tail says in the stream itself when a file is gone before its end: it can not know that there was nothing more in it.
GAP = re.compile(r"cw-tail: .*: the file that was read up to byte \d+ is gone; what came after that in it is lost")


class Repeats:
    """Events of one stream that came again in one life of the pipe, after the same life before had sent them."""

    def __init__(self):
        # `parts`: of lines that are several events, since there is no position inside a line: such a line comes again from its start.
        self.events, self.bytes, self.parts, self.part_bytes = 0, 0, 0, 0

    @property
    def whole(self):
        """Events that are a whole line."""
        return self.events - self.parts

    def is_more_than(self, batches):
        return self.events > batches * BATCH_EVENTS or self.bytes - self.part_bytes > batches * BATCH_BYTES


class Stream:
    """One log stream: each request must go on where the contiguous part ends, or repeat what was delivered."""

    def __init__(self, name, lines):
        self.name, self.lines = name, lines
        self.expected = (lines.next_kept(0), 0)  # the first line, and the place in it, that was never delivered
        self.events, self.requests, self.skipped, self.gaps = 0, 0, 0, set()
        self.problems = []
        self.repeats = {}  # (life of the pipe that had sent them last, life that sent them again): Repeats
        self.lives = {}  # line: the lives that have sent it, of the latest lines

    def take(self, life, messages):
        self.requests += 1
        self.events += len(messages)
        # The same one comes again if a kill came before the next position.
        gaps = {message for message in messages if GAP.fullmatch(message)}
        if gaps:
            self.gaps |= gaps
            messages = [message for message in messages if not GAP.fullmatch(message)]
            if not messages:
                return
        place = self.place_of(messages)
        if place > self.expected:
            self.skipped += sum(not self.lines.is_dropped(n) for n in range(self.expected[0], place[0]))
            self.problem("lost", f"a request begins with line {place} where {self.expected} was next")
        for message in messages:
            repeated, is_part = place < self.expected, len(self.lines(place[0])) > LONGEST_EVENT
            lives = self.lives.setdefault(place[0], [])
            place = self.follow(place, message)
            if repeated:
                # The last request of a killed life may reach the gate after the first one of the next.
                since = max((one for one in lives if one < life), default=life)
                repeats = self.repeats.setdefault((since, life), Repeats())
                repeats.events += 1
                repeats.bytes += len(message.encode()) + EVENT_OVERHEAD
                repeats.parts += is_part
                repeats.part_bytes += len(message) if is_part else 0
            if life not in lives:
                lives.append(life)
            if place > self.expected:
                self.expected = place
        if len(self.lives) > 2 * REMEMBERED:
            self.lives = {n: lives for n, lives in self.lives.items() if n > self.expected[0] - REMEMBERED}

    def follow(self, place, message):
        """The place after the message, which must be what stands at `place`."""
        n, offset = place
        text = self.lines(n)
        if offset == 0 and message == text:
            return self.lines.next_kept(n + 1), 0
        if message and len(text) >= 1_000_000 and text.startswith(message, offset):  # long lines are ASCII: letters are bytes
            offset += len(message)
            return (n, offset) if offset < len(text) else (self.lines.next_kept(n + 1), 0)
        found = locate(message)
        if found and found[0] != self.lines.name:
            self.problem("misplaced", f"line {found[1]} of {found[0]} is in {self.name}")
        elif found and found[1:] != (n, offset) and self.matches(found[1:], message):
            self.problem("misplaced", f"line {found[1:]} comes where {place} should")
            return self.follow(found[1:], message)
        else:
            self.problem("corrupt", f"where line {place} should be: {message[:100]!r} ({len(message)} characters), not {text[offset : offset + 100]!r} ({len(text)})")
        return place

    def matches(self, place, message):
        text = self.lines(place[0])
        return message == text or len(text) >= 1_000_000 and text.startswith(message, place[1])

    def place_of(self, messages):
        """Where a request begins: told by its first message that has a number, and counted back from there."""
        for index, message in enumerate(messages):
            found = locate(message)
            if found and found[0] == self.lines.name:
                return self.counted_back(found[1], found[2], messages[:index])
        # Only short lines: as far back as they may be repeated, else the next.
        n = self.expected[0]
        for _ in range(50):
            if all(self.lines(m) == message for m, message in zip(self.following(n), messages)):
                return n, 0
            n = self.before(n)
        return self.expected

    def counted_back(self, n, offset, before):
        if not before:
            return n, offset
        for _ in before:
            n = self.before(n)
        text = self.lines(n)
        # The piece of a long line that is too short for a number is its end.
        return (n, 0) if before[0] == text or not text.endswith(before[0]) else (n, len(text) - len(before[0]))

    def before(self, n):
        n -= 1
        while n > 0 and self.lines.is_dropped(n):
            n -= 1
        return max(n, 0)

    def following(self, n):
        while True:
            yield n
            n = self.lines.next_kept(n + 1)

    def problem(self, kind, sentence):
        self.problems.append((kind, f"{self.name}: {sentence}"))


class Judge:
    """Reads the records of a gate while it writes them."""

    def __init__(self, directory, streams):
        """`streams`: the lines by the name of their stream."""
        self.directory = directory
        self.streams = {name: Stream(name, lines) for name, lines in streams.items()}
        self.strays = defaultdict(int)
        self.events = self.batches = None
        self.lock = threading.Lock()

    def read_on(self):
        """Takes what has come since; true if there was something. Threads may ask at once."""
        with self.lock:
            return self.take_what_has_come()

    def take_what_has_come(self):
        if self.batches is None:
            try:
                self.events = open(os.path.join(self.directory, "events.jsonl"), encoding="utf-8")
                self.batches = open(os.path.join(self.directory, "batches.jsonl"), encoding="utf-8")
            except FileNotFoundError:
                return False
        begun = False
        while True:
            position = self.batches.tell()
            line = self.batches.readline()
            if not line.endswith("\n"):
                self.batches.seek(position)
                return begun
            begun = True
            batch = json.loads(line)
            messages = [json.loads(self.events.readline())["message"] for _ in range(batch["events"])]
            stream = self.streams.get(batch["stream"])
            if stream is None:
                self.strays[batch["stream"]] += len(messages)
            elif messages:
                stream.take(life_of(batch["access_key"]), messages)

    def lost(self, written):
        """Lines of each file that were written (their number by stream) and never delivered."""
        return {
            name: stream.skipped + sum(not stream.lines.is_dropped(n) for n in range(stream.expected[0], written[name]))
            for name, stream in self.streams.items()
        }

    def has_all(self, written):
        return all(stream.expected[0] >= written[name] for name, stream in self.streams.items())

    def problems(self, kind):
        return [sentence for stream in self.streams.values() for its, sentence in stream.problems if its == kind]

    def unexplained_repeats(self, allowed):
        """Sentences about repeats that no kill explains, or that are more than one batch of their stream a kill.

        `allowed(first, last)`: how many kills of cw-putlogs between requests of these lives may each have cost a stream an answer.
        """
        found = []
        for stream in self.streams.values():
            for (since, life), repeats in stream.repeats.items():
                what = f"{stream.name}: {repeats.events} events ({repeats.bytes} bytes) came again in life {life}, after life {since}"
                batches = allowed(since, life)
                if not batches:
                    found.append(f"{what}, without a kill that explains it")
                elif repeats.is_more_than(batches):
                    found.append(f"{what}, {repeats.part_bytes} bytes of them in lines of several events: more than {batches} batch")
        return found

    def repeats(self):
        return [repeats for stream in self.streams.values() for repeats in stream.repeats.values()]


def access_key(life):
    """Each life of the pipe signs with a key of its own, so that every request tells by whom it was sent."""
    return f"AKIALIFE{life:012}"


def life_of(key):
    return int(key[8:]) if key and key.startswith("AKIALIFE") else 0
