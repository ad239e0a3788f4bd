"""Mutations of bytes: what is near something that is understood."""

import os
import random

NUMBERS = [
    b"0", b"-1", b"1", b"127", b"256", b"65536", b"2147483648", b"4294967296", b"9007199254740993", b"4611686018427387904", b"9223372036854775807",
    b"9223372036854775808", b"-9223372036854775808", b"-9223372036854775809", b"18446744073709551616", b"1e308", b"1e999", b"-1e999", b"0.1e-400",
    b"1" * 400, b"00", b"-0", b"1.", b".5", b"NaN", b"Infinity",
]
TOKENS = [
    b"\0", b"\n", b"\r\n", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\\u0000", b"\\ud800", b"\\udc00\\ud800", b"\\", b'"', b'\\"', b"{", b"}",
    b"[", b"]", b",", b":", b"{}", b"[]", b"null", b"true", b"false", b"%", b"%%", b"%n", b"*", b"(", b")", b"(?", b"(?R)", b"\\Q", b"(*", b"\\1", b"+", b"{2,}",
    b"../", b"/dev/null", b"~", b"$HOME", b"{instance_id}", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"position", b"message", b"timestamp", b"source", b"clock", b"gap",
    b"group", b"stream", b"values", b"counts", b"statistics", b"2026-11-30T12:00:00Z", b"1970-01-01", b"+9999", b"Feb 30 24:60:61",
]


class Mutator:
    def __init__(self, corpus):
        self.corpus = corpus
        self.seeds = {}
        self.random = random.Random(0)

    def seed(self, target, own=()):
        """An input of a fuzz target's corpus, or one of the given."""
        if target not in self.seeds:
            found = []
            for name in sorted(os.listdir(f"{self.corpus}/{target}")):
                with open(f"{self.corpus}/{target}/{name}", "rb") as file:
                    found.append(file.read())
            self.seeds[target] = found
        if own and self.random.random() < 0.6:
            return self.random.choice(own)
        return self.random.choice(self.seeds[target])

    def mutate(self, data, others=()):
        """Something that differs from `data` in up to six places."""
        data = bytearray(data)
        for _ in range(self.random.choice((1, 1, 2, 3, 6))):
            self.change(data, others)
        return bytes(data)

    def change(self, data, others):
        r = self.random
        kind = r.randrange(10)
        start = r.randrange(len(data) + 1)
        end = min(len(data), start + r.choice((1, 1, 2, 4, 16, 64)))
        if kind == 0 and data:
            data[min(start, len(data) - 1)] ^= 1 << r.randrange(8)
        elif kind == 1:
            data[start:start] = r.randbytes(r.choice((1, 2, 8)))
        elif kind == 2:
            del data[start:end]
        elif kind == 3:
            data[start:start] = data[start:end] * r.choice((1, 2, 100))
        elif kind == 4:
            self.replace_number(data)
        elif kind == 5:
            data[start:end] = r.choice(TOKENS)
        elif kind == 6:
            data[start:start] = r.choice(TOKENS)
        elif kind == 7:
            del data[start:]
        elif kind == 8:
            data[start:start] = r.choice((b"[", b"{", b'{"a":', b"(", b"\xff", b"a", b"\\", b" ", b"9")) * r.choice((10, 300, 5000))
        elif others:
            other = r.choice(others)
            place = r.randrange(len(other) + 1)
            data[start:end] = other[place:place + r.randrange(1, 65)]

    def replace_number(self, data):
        places = [index for index, byte in enumerate(data) if 0x30 <= byte <= 0x39 and (index == 0 or not 0x30 <= data[index - 1] <= 0x39)]
        if not places:
            return
        start = end = self.random.choice(places)
        while end < len(data) and 0x30 <= data[end] <= 0x39:
            end += 1
        data[start:end] = self.random.choice(NUMBERS)
