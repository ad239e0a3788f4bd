"""What all writers of the zoo stand on: files that are written, rotated, and compressed."""

import array
import contextlib
import datetime
import fcntl
import gzip
import os
import shutil
import subprocess
import termios
import time

COMPRESSORS = {
    "gzip": (".gz", ["gzip", "-1"]), "bzip2": (".bz2", ["bzip2", "-1"]), "xz": (".xz", ["xz", "-0"]), "zstd": (".zst", ["zstd", "-q", "-1", "--rm"]),
    "pigz": (".gz", ["pigz", "-1"]), "lz4": (".lz4", ["lz4", "-q", "-1", "--rm"]),
}


class Writer:
    """One program with one log. `ground` has the folder, the lines, the dice, and says when something is delivered."""

    def __init__(self, ground, **options):
        self.ground, self.folder, self.dice, self.ledger = ground, ground.folder, ground.dice, ground.ledger
        for name, value in options.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no option {name}")
            setattr(self, name, value)
        self.calendar = datetime.datetime(2026, 12, 30, 21, 17, 5)

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self):
        pass

    def write(self, count):
        raise NotImplementedError

    def rotate(self):
        raise NotImplementedError

    def settle(self):
        """Everything that was written is on the disk."""

    def stop(self):
        pass


class FileWriter(Writer):
    """It has the file open and appends; a block may end within a line, as with a buffer in the program."""

    name = "app.log"
    reopen_late = 0.0  # how often some lines still go into the file that was rotated
    compress = None
    banner = 0  # bytes that each file begins with, the same in all

    descriptor = None
    rest = b""

    def start(self):
        self.open(self.live())

    def live(self):
        """Where it writes, at the beginning."""
        return self.path(self.name)

    def open(self, path, flags=os.O_APPEND):
        if self.descriptor is not None:
            os.close(self.descriptor)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self.descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o644)
        if self.banner and os.fstat(self.descriptor).st_size == 0:
            text = ("#Fields: date time cs-method cs-uri-stem sc-status; " * 100)[: self.banner]
            self.put(self.ledger.same(text))

    def write(self, count):
        text = self.rest + self.ledger.next(count)
        cut = self.dice.randrange(1, 15) if self.dice.random() < 0.2 else 0
        self.put(text[: len(text) - cut])
        self.rest = text[len(text) - cut :]

    def put(self, text):
        while text:
            text = text[os.write(self.descriptor, text) :]

    def settle(self):
        self.put(self.rest)
        self.rest = b""

    def rotate(self):
        self.settle()
        moved = self.move()
        if self.dice.random() < self.reopen_late:
            self.write(self.dice.randrange(1, 15))
            self.settle()
        self.ledger.rotated()
        self.reopen()
        if self.compress and moved:
            self.pack(moved)

    def move(self):
        """Makes room for the next file; the path of the old one."""
        raise NotImplementedError

    def reopen(self):
        self.open(self.live())

    def pack(self, path):
        suffix, command = COMPRESSORS[self.compress]
        subprocess.run([*command, path], check=True)
        return path + suffix

    def stop(self):
        with contextlib.suppress(OSError):
            if self.descriptor is not None:
                os.close(self.descriptor)


class Shifting(FileWriter):
    """The number says how old: before each rotation all older files are renamed to the next one."""

    pattern = "app.log.{}"
    first = 1
    delay = 0  # so many of the youngest stay uncompressed
    keep = 0  # so many; older ones are removed when they are delivered. 0: all

    def start(self):
        super().start()
        self.older = []  # (number, suffix), the oldest first

    def file(self, number, suffix=""):
        return self.path(self.pattern.format(number) + suffix)

    def move(self):
        shifted = []
        for number, suffix in self.older:
            os.rename(self.file(number, suffix), self.file(number + 1, suffix))
            shifted.append((number + 1, suffix))
        self.older = [*shifted, (self.first, "")]
        os.rename(self.live(), self.file(self.first))
        return self.file(self.first)

    def pack(self, path):
        if len(self.older) > self.delay:
            index = len(self.older) - 1 - self.delay
            number, _ = self.older[index]
            packed = super().pack(self.file(number))
            self.older[index] = (number, packed[len(self.file(number)) :])


class Counting(FileWriter):
    """The old file gets a name that nobody else had: the next number, or the next date. `pattern` is for str.format: n, t (a datetime)."""

    pattern = "app.log.{n}"
    number = 1
    step = datetime.timedelta(days=1)
    per_step = 1  # so many files for one date, numbered from `number` on

    def start(self):
        self.n, self.count = self.number, 0
        super().start()

    def label(self):
        label = self.pattern.format(n=self.n, t=self.calendar)
        self.n, self.count = self.n + 1, self.count + 1
        if self.count % self.per_step == 0:
            self.calendar += self.step
            if self.per_step > 1:
                self.n = self.number
        return label

    def move(self):
        target = self.path(self.label())
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.rename(self.live(), target)
        return target


class MovingOn(Counting):
    """The live file is the one that moves on, to the next name; the old ones stay where they are. `link` leads to the live one."""

    link = None
    leftover = None  # an old log beside it, that nobody writes any more

    def start(self):
        if self.leftover:
            with open(self.path(self.leftover), "wb") as file:
                file.write(self.ledger.next(20, "z"))
        super().start()

    def live(self):
        self.current = self.path(self.label())
        return self.current

    def open(self, path, flags=os.O_APPEND):
        super().open(path, flags)
        if self.link:
            point(self.path(self.link), path)

    def move(self):
        return self.current


def point(link, target):
    """The link leads to the target from now on, without a moment in between."""
    os.symlink(os.path.relpath(target, os.path.dirname(link)), f"{link}.tmp")
    os.replace(f"{link}.tmp", link)


class Copying(FileWriter):
    """The old lines are copied, and the file emptied in place. The writer appends, and learns nothing."""

    pattern = "app.log.{n}"
    n = 0

    def move(self):
        self.n += 1
        self.calendar += datetime.timedelta(seconds=61)
        target = self.path(self.pattern.format(n=self.n, t=self.calendar))
        shutil.copyfile(self.live(), target)
        os.truncate(self.live(), 0)
        return target

    def reopen(self):
        pass


class Program(Writer):
    """Lines go into the standard input of a real program, which names and rotates its files itself."""

    command = []
    size = 20_000  # bytes a file, for those that rotate by size
    per_second = False  # rotates by the clock, each second
    splits = False  # it rotates between two reads, also within a line; so it gets whole lines alone, as from a server that writes line by line

    process = None
    rotations = 0

    def start(self):
        self.last = b""
        if self.per_second:
            time.sleep(1.02 - time.time() % 1)  # so that the first lines are in one file
        self.spawn()
        self.bytes = 0

    def spawn(self):
        words = [word.format(folder=self.folder, size=self.size) for word in self.command]
        with open(f"{self.ground.directory}/writer.stderr", "ab") as errors:
            self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors)

    def write(self, count):
        text = self.ledger.next(count)
        self.last = text[text[:-1].rfind(b"\n") + 1 :]
        self.bytes += len(text)
        self.send(text)

    def send(self, text):
        if not self.splits:
            self.process.stdin.write(text)
            return self.process.stdin.flush()
        lines = text.splitlines(keepends=True)
        for start in range(0, len(lines), 20):
            self.process.stdin.write(b"".join(lines[start : start + 20]))
            self.process.stdin.flush()
            while unread(self.process.stdin):
                time.sleep(0.0005)

    def rotate(self):
        """Writes until the next file is begun, or waits for it."""
        if self.per_second:
            self.settle()
            time.sleep(1.02 - time.time() % 1)
        else:
            while self.bytes < self.size:
                self.write(10)
            self.bytes -= self.size
        self.ledger.rotated()

    def settle(self):
        deadline = time.monotonic() + 10
        while self.last and not any(self.last in content(path) for path in files_in(self.folder)):
            if time.monotonic() > deadline:
                raise SystemExit(f"failed: the writer does not write: {self.command}")
            time.sleep(0.02)

    def stop(self):
        if self.process:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
                return
            self.process.kill()
            self.process.wait()


def unread(pipe):
    """How many bytes its reader has not taken yet."""
    return array.array("i", fcntl.ioctl(pipe, termios.FIONREAD, array.array("i", [0]).tobytes()))[0]


def files_in(folder):
    """The youngest first: what is sought is there most likely."""
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                path = os.path.join(place, name)
                found.append((os.stat(path).st_mtime_ns, path))
    return [path for _, path in sorted(found, reverse=True)]


def content(path):
    try:
        with open(path, "rb") as file:
            data = file.read()
        return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    except (OSError, EOFError):
        return b""
