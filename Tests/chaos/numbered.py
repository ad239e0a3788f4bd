"""The lines of the chaos tests: line n of a file is a function of the seed, the file and n.

So whoever judges needs no copy of what was written. Most lines begin with their file and number and end with a checksum; the very short
ones are known by their neighbours, the very long ones have their number in every block, so that a piece of one shows where
it was cut out.
"""

import hashlib
import re
import zlib

LONGEST = 2_000_000
BLOCK = 18  # bytes of "a00000012.0000003|"
DROPPED = "DEBUG"  # what begins so is dropped by the filter
# Everything that has to be escaped, or is more than one byte long.
FILLER = ('the "quick" brown fox \\ jumps\tover the lazy dog; \x07bell, grüße aus köln, 🦊 <&> \x1b[31m 0123456789 {"a":1} ' * 8)
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"
NUMBERED = re.compile(r"([a-z])(\d{8}) ")
BLOCKED = re.compile(r"([a-z])(\d{8})\.(\d{7})\|")


class Lines:
    """The lines of one file. `name` is a small letter."""

    def __init__(self, seed, name, long_lines=True):
        self.key, self.name, self.long_lines = f"{seed}/{name}".encode(), name, long_lines
        self.cache = (None, None)

    def dice(self, n):
        return int.from_bytes(hashlib.blake2b(b"%d" % n, digest_size=8, key=self.key).digest(), "big")

    def __call__(self, n):
        """The text of line n, without its line feed."""
        if self.cache[0] != n:
            self.cache = (n, self.make(n))
        return self.cache[1]

    def make(self, n):
        dice = self.dice(n)
        kind, rest = dice % 10_000, dice // 10_000
        if kind < 500:
            return self.letters(rest, 1 + rest % 8)
        if kind < 1_500:
            return f"{DROPPED} {self.name}{n:08} {self.filler(rest, rest % 100)}"
        if kind < 1_503 and self.long_lines:
            return self.blocks(n, 100_000 + rest % (LONGEST - 100_000))
        if kind < 1_520:
            return self.checked(n, self.filler(rest, 1_000 + rest % 60_000))
        return self.checked(n, self.filler(rest, 20 + rest % 260))

    def is_dropped(self, n):
        return 500 <= self.dice(n) % 10_000 < 1_500

    def next_kept(self, n):
        """The first line from n on that is to be delivered."""
        while self.is_dropped(n):
            n += 1
        return n

    def kept(self, count):
        """How many of the first `count` lines are to be delivered."""
        return sum(not self.is_dropped(n) for n in range(count))

    def checked(self, n, text):
        return f"{self.name}{n:08} {text} {zlib.crc32(text.encode()):08x}"

    def blocks(self, n, length):
        count = -(-length // BLOCK)
        return "".join(f"{self.name}{n:08}.{k:07}|" for k in range(count))[:length]

    @staticmethod
    def letters(rest, length):
        return "".join(LETTERS[rest // 8 >> 6 * i & 63] for i in range(length))

    @staticmethod
    def filler(rest, length):
        start = rest % 97
        text = FILLER[start:]
        return (text * (length // len(text) + 1))[:length]


def locate(message):
    """(file, number, offset) of a message that tells it, else None: it is too short, or not ours."""
    found = NUMBERED.match(message)
    if found:
        return found[1], int(found[2]), 0
    found = BLOCKED.search(message, 0, 3 * BLOCK)
    if found and found.start() < BLOCK:
        return found[1], int(found[2]), int(found[3]) * BLOCK - found.start()
    return None
