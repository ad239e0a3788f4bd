"""One cell of the table: a writer in a situation, read by the real pipe, judged line by line."""

import contextlib
import fcntl
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time

import field  # first: it sets the paths
import pipe as pipes
from cloud import Cloud
from expect import eventually
from ledger import Ledger

SITUATIONS = {
    "running": "all the time",
    "stalled": "by a reader that takes nothing for some rotations",
    "stopped": "and started again after some rotations",
    "killed": "with kill -9 now and then, and started again",
}
if os.environ.get("CW_BIN_DIR"):
    os.environ["PATH"] = f"{os.environ['CW_BIN_DIR']}:{os.environ['PATH']}"
os.environ["PATH"] += f":/usr/local/sbin:/usr/sbin:/sbin:{field.TOP}/build/zoo-packages/usr/sbin"
INTERVAL = 0.1  # of cw-putlogs
KILLS = 8  # at most
NOBODY = 65534
LONGEST = 150  # seconds of a cell


def too_long(*_):
    raise SystemExit(f"failed: took longer than {LONGEST} s")


class Inbox:
    """What the gate of this process has accepted, for the cell that is just played."""

    def __init__(self, cloud):
        self.cloud, self.file = cloud, open(os.path.join(cloud.directory, "events.jsonl"), encoding="utf-8")

    def read_on(self, group, ledger):
        while True:
            position = self.file.tell()
            line = self.file.readline()
            if not line.endswith("\n"):
                self.file.seek(position)
                return
            event = json.loads(line)
            if event["group"] == group:
                ledger.take(event["stream"], event["message"])


class Ground:
    """Where a writer lives: its folder, its dice, its lines."""

    def __init__(self, directory, seed, cell, plain):
        self.directory, self.folder = directory, f"{directory}/logs"
        self.dice, self.ledger = random.Random(f"writer {seed}"), Ledger(seed, plain)
        self.cell = cell

    def await_delivery(self, end):
        """The lines below `end` are delivered; false if nobody reads just now. For writers that destroy what they have written."""
        return self.cell.await_delivery(end)

    @property
    def situation(self):
        return self.cell.situation


class Result:
    """`word` for the table, `sentence` for people."""

    def __init__(self, row, situation, word, sentence, seconds, directory=None):
        self.row, self.situation, self.word, self.sentence, self.seconds, self.directory = row, situation, word, sentence, seconds, directory

    @property
    def is_good(self):
        return self.word in ("once", "gap")


class Cell:
    def __init__(self, row, situation, seed, top, inbox, patience):
        self.row, self.situation, self.inbox, self.patience = row, situation, inbox, patience
        self.seed = hashlib.sha256(f"{seed} {row.name} {situation}".encode()).hexdigest()[:16]
        self.group = f"{row.slug}-{situation}"
        self.directory = f"{top}/{self.group}"
        shutil.rmtree(self.directory, ignore_errors=True)
        os.makedirs(f"{self.directory}/logs")
        self.dice = random.Random(f"situation {self.seed}")
        self.ground = Ground(self.directory, self.seed, self, row.plain)
        self.ledger = self.ground.ledger
        self.writer = row.make(self.ground)
        self.pipe, self.kills, self.gaps_in_life, self.complaints, self.is_late = None, 0, 0, [], False
        self.reading = threading.Lock()

    def play(self):
        began = time.monotonic()
        signal.signal(signal.SIGALRM, too_long)
        signal.alarm(LONGEST)
        try:
            self.begin()
            getattr(self, self.situation)()
            self.writer.write(40)
            self.writer.settle()
            self.await_all("what was written")
            self.stop()
            self.gaps_in_life = self.gaps()
            self.expect_behind(False, "when all was delivered")
            self.last_look()
            word, sentence = self.verdict()
        except (Exception, SystemExit) as error:
            word, sentence = "error", f"{type(error).__name__}: {error}"
        finally:
            signal.alarm(0)
            with contextlib.suppress(Exception):
                self.writer.stop()
            if self.pipe:
                self.pipe.kill(0, 1, 2)
                self.pipe.reap()
        result = Result(self.row.name, self.situation, word, sentence, time.monotonic() - began)
        if result.is_good:
            shutil.rmtree(self.directory)
        else:
            result.directory = self.directory
        return result

    def begin(self):
        """The log is there before the reader, or the reader before the log."""
        if self.row.reader_first:
            self.start()
            eventually(self.has_position, "the reader has begun")
            self.writer.start()
        else:
            self.writer.start()
            # Few enough for a file: what was rotated before the first start is not wanted.
            self.writer.write(self.dice.randrange(30, 80))
            self.writer.settle()
            self.start()
        self.await_all("the first lines")

    # MARK: the situations

    def running(self):
        self.live(rounds=6)

    def killed(self):
        ending = threading.Event()
        killer = threading.Thread(target=self.kill_at_random, args=(ending,))
        killer.start()
        try:
            self.live(rounds=8)
        finally:
            ending.set()
            killer.join()

    def live(self, rounds):
        for _ in range(rounds):
            for _ in range(self.dice.randrange(1, 4)):
                self.writer.write(self.dice.randrange(5, 60))
                time.sleep(self.dice.uniform(0, 0.15))
            self.writer.rotate()
            if self.dice.random() < 0.4:  # several within one look
                self.writer.write(self.dice.randrange(1, 20))
                self.writer.rotate()
            self.writer.write(self.dice.randrange(1, 20))
            time.sleep(self.dice.uniform(0, 0.9))

    def stalled(self):
        """More is written than the pipe holds."""
        filter_ = self.pipe.stages[1]
        filter_.send_signal(signal.SIGSTOP)
        with contextlib.suppress(OSError), open(f"/proc/{filter_.pid}/fd/0", "rb") as end:
            fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 65536)  # as for a user who has many pipes
        for _ in range(self.row.rounds):
            self.writer.write(900)
            time.sleep(0.2)
            self.writer.rotate()
        self.writer.write(50)
        self.writer.settle()
        time.sleep(1.2)  # a look at the paths
        self.expect_behind(True, "while the reader stalled")
        filter_.send_signal(signal.SIGCONT)

    def stopped(self):
        self.stop()
        for _ in range(self.row.rounds):
            self.writer.write(self.dice.randrange(20, 150))
            time.sleep(0.02)
            self.writer.rotate()
        self.writer.write(50)
        self.writer.settle()
        self.expect_behind(True, "while the pipe was stopped")
        self.start()

    def last_look(self):
        """What is written after the end comes with the next run, once; and the run after that has nothing to do."""
        self.writer.write(30)
        if self.row.rotates_at_last:
            self.writer.rotate()
            self.writer.write(20)
        self.writer.settle()
        self.expect_behind(True, "after the end")
        self.run_once()
        before = self.ledger.arrived
        self.expect_behind(False, "after the last run")
        self.run_once()
        if self.ledger.arrived != before:
            self.complaints.append(f"{self.ledger.arrived - before} events came when there was nothing new")

    # MARK: the pipe

    @property
    def state(self):
        return f"{self.directory}/state"

    def has_position(self):
        """Somebody has stored what is followed, and --status can tell what of it is behind."""
        for folder, _, names in os.walk(self.state):
            for name in names:
                with contextlib.suppress(OSError), open(os.path.join(folder, name), "rb") as file:
                    if b'"position":' in file.read():
                        return True
        return False

    def start(self, *options):
        paths = [os.path.join(self.ground.folder, pattern) for pattern in self.row.follow]
        tail, *others = pipes.commands(paths, self.state, INTERVAL, group=self.group, exclude="^nothing begins so$")
        tail[1:1] = options
        if self.row.descriptors:
            tail = ["prlimit", f"--nofile={self.row.descriptors}", *tail]
        stages = [tail, *others]
        if self.row.as_nobody and os.geteuid() == 0:
            os.makedirs(self.state, exist_ok=True)
            os.chown(self.state, NOBODY, NOBODY)
            os.chmod(self.inbox.cloud.environment["AWS_SHARED_CREDENTIALS_FILE"], 0o644)
            stages = [["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *stage] for stage in stages]
        self.pipe = pipes.Pipe(stages, self.inbox.cloud.environment, self.directory)

    def stop(self):
        self.pipe.stop()
        self.reap()

    def run_once(self):
        self.start("--once")
        # A path that is not there, and no glob, is a mistake to tell of: 69.
        absent = any("*" not in pattern and not os.path.exists(os.path.join(self.ground.folder, pattern)) for pattern in self.row.follow)
        self.reap(69 if absent else 0)

    def reap(self, status=0):
        statuses = self.pipe.reap()
        self.pipe = None
        self.read()
        if statuses != [status, 0, 0]:
            self.complaints.append(f"the pipe ended with {statuses}")

    def kill_at_random(self, ending):
        dice = random.Random(f"kills {self.seed}")
        while not ending.wait(dice.uniform(0.15, 1.2)) and self.kills < KILLS:
            pipe = self.pipe
            pipe.kill(*dice.sample(range(3), dice.choice([1, 1, 1, 3])))
            pipe.reap()
            self.kills += 1
            time.sleep(dice.uniform(0, 0.4))
            self.start()

    # MARK: what arrives

    def read(self):
        with self.reading:
            self.inbox.read_on(self.group, self.ledger)

    def await_all(self, what):
        if self.row.fragments:
            time.sleep(2)  # of such a writer nobody can say when all has come
        if not self.await_until(self.ledger.has_all):
            self.complaints.append(f"{what}: {self.ledger.lost()} lines have not come for {self.patience} s")
            self.is_late = True

    def await_delivery(self, end):
        if self.situation in ("running", "killed") and self.pipe:
            return self.await_until(lambda: self.ledger.has_all_below(end))
        return False

    def await_until(self, condition):
        """True when it holds; false when nothing has come for so long as the patience lasts."""
        last, arrived = time.monotonic(), -1
        while True:
            self.read()
            if condition():
                return True
            if self.ledger.arrived != arrived:
                last, arrived = time.monotonic(), self.ledger.arrived
            if time.monotonic() - last > self.patience or self.is_late:
                return False
            time.sleep(0.1)

    # MARK: --status

    def status(self):
        """(bytes behind of all sources together, gaps), as cw-tail --status tells."""
        told = subprocess.run(["cw-tail", "--status", "--state", self.state, "--format", "json"], capture_output=True, text=True, timeout=60)
        figures = [json.loads(line) for line in told.stdout.splitlines()]
        figures = [(figure["name"], figure["value"]) for figure in figures if "name" in figure]
        return (sum(value for name, value in figures if name == "LogLagBytes"), sum(value for name, value in figures if name == "LogGaps"))

    def expect_behind(self, wanted, when):
        behind = self.status()[0]
        if (behind > 0) != wanted and not self.row.fragments:
            self.complaints.append(f"BEHIND is {behind:.0f} {when}")

    def gaps(self):
        return max(self.status()[1], len(self.ledger.notices))

    def is_gap_honest(self):
        if self.kills or not self.gaps_in_life and self.row.may_say_gap == "while nothing ran":
            return self.row.may_say_gap != ""
        return self.row.may_say_gap == "always"

    def verdict(self):
        """(word, sentence)"""
        ledger, row = self.ledger, self.row
        lost, (repeated, often), gaps = ledger.lost(), ledger.repeated(), self.gaps()
        disorder = None if row.order == "none" else ledger.disorder(within_generation=row.order == "generation")
        written = sum(ledger.count(name) for name in ledger.lines)
        parts = [f"{written} lines, {max(ledger.now.values(), default=0)} rotations"]
        faults = []
        if lost:
            faults.append(("lost", f"lost {lost} {'(a gap says so)' if gaps else 'silently'}: {ledger.describe_missing()}"))
        if ledger.foreign and not row.fragments:
            faults.append(("garbage", f"{len(ledger.foreign)} events are no lines: {ledger.foreign[0][1][:120]!r} in {ledger.foreign[0][0]}"))
        if repeated and (not self.kills or often > self.kills + row.repeats) and often > row.repeats:
            faults.append(("twice", f"repeated {repeated}"))
        if disorder:
            faults.append(("order", disorder))
        destroyed = ledger.destroyed_and_missing()
        if gaps and not destroyed and not lost and not self.is_gap_honest():
            faults.append(("false gap", f"{gaps:.0f} gaps are said, and nothing is gone: {ledger.notices[:1]}"))
        if destroyed and not gaps and row.says:
            faults.append(("silent", f"{destroyed} lines that the writer destroyed are missing, and no gap says so"))
        if row.says_on_stderr and row.says_on_stderr not in self.stderr():
            faults.append(("silent", f"nothing on standard error says {row.says_on_stderr!r}"))
        if self.is_late and not lost:
            faults.append(("late", "came with the last run only"))
        faults += [("status" if "BEHIND" in complaint else "end", complaint) for complaint in self.complaints]
        if self.kills:
            parts.append(f"{self.kills} kills, repeated {repeated}")
        if destroyed:
            parts.append(f"{destroyed} destroyed by the writer, {gaps:.0f} gaps")
        # Whether what the writer destroyed had been read is a matter of chance, and the table has the same words each time.
        word = faults[0][0] if faults else "gap" if any(ledger.destroyed.values()) else "once"
        return word, "; ".join([*parts, *(sentence for _, sentence in faults)])

    def stderr(self):
        with contextlib.suppress(OSError), open(f"{self.directory}/cw-tail.stderr", errors="replace") as file:
            return file.read()
        return ""


class Lane:
    """One process that plays cells, one after the other, before a gate of its own."""

    def __init__(self, directory):
        self.cloud = Cloud(directory=directory)
        self.cloud.__enter__()
        self.inbox = Inbox(self.cloud)

    def close(self):
        self.cloud.__exit__(None, None, None)
