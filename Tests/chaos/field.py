"""What every chaos test stands on: a directory, a gate, a writer in a process of its own, and a judge that follows."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time

TOP = os.environ.setdefault("TOP", os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..")))
sys.path[:0] = [f"{TOP}/Tests/scenarios/lib", f"{TOP}/Tests/aws", f"{TOP}/Tests/chaos"]
os.environ["PATH"] = f"{TOP}/build/bin:{TOP}/build/venv/bin:{os.environ['PATH']}"
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
for name in [name for name in os.environ if name.startswith("AWS_") or name == "STATE_DIRECTORY"]:
    del os.environ[name]

from cloud import Cloud  # noqa: E402
from expect import eventually  # noqa: E402
from judge import Judge  # noqa: E402
from numbered import Lines  # noqa: E402
from pipe import Pipe, commands  # noqa: E402

# A position is stored right after the acceptance; a pipe that lived for so long after it will not repeat what is before.
SETTLING = 1.0


@contextlib.contextmanager
def working_directory(name, tmpfs=False):
    """A fresh directory; it stays if the test fails."""
    directory = f"/dev/shm/{name}" if tmpfs else os.path.join(os.environ.get("CW_CHAOS_DIR", f"{TOP}/build/chaos"), name)
    shutil.rmtree(directory, ignore_errors=True)
    for part in ("logs", "gate", "tmp"):
        os.makedirs(f"{directory}/{part}")
    try:
        yield directory
    except BaseException:
        print(f"kept: {directory}", file=sys.stderr)
        raise
    shutil.rmtree(directory)


class Field:
    """Writer, gate and judge. A thread reads what they say and tells the writer what is delivered."""

    def __init__(self, directory, seed, files="abc", rate=2000, rotate=3, long_lines=True, cloud=None):
        self.directory, self.files = directory, files
        self.lines = {f"{name}.log": Lines(seed, name, long_lines) for name in files}
        self.written = dict.fromkeys(self.lines, 0)
        self.rotations = {}
        self.cleanup = contextlib.ExitStack()
        self.cloud = cloud or self.cleanup.enter_context(Cloud(directory=f"{directory}/gate/record"))
        self.judge = Judge(self.cloud.directory, self.lines)
        command = [
            sys.executable, f"{TOP}/Tests/chaos/writer.py", f"{directory}/logs", "--files", ",".join(files), "--seed", str(seed), "--rate", str(rate),
            "--rotate", str(rotate), *([] if long_lines else ["--no-long-lines"]),
        ]
        self.writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pipe = None  # the present one, for what is delivered for good
        self.unsettled = {name: (0, 0.0, None) for name in self.lines}
        self.failure = None
        self.closing = threading.Event()
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self.listen, self.watch)]
        for thread in self.threads:
            thread.start()
        eventually(lambda: os.path.exists(self.paths[0]), "the writer has made its first file")

    @property
    def paths(self):
        return [f"{self.directory}/logs/{name}" for name in self.lines]

    @property
    def state(self):
        return f"{self.directory}/state"

    def listen(self):
        for line in self.writer.stdout:
            word, *rest = line.decode().split()
            if word == "written":
                self.written[f"{rest[0]}.log"] = int(rest[1])
            elif word == "rotated":
                self.rotations[rest[1]] = self.rotations.get(rest[1], 0) + 1

    def watch(self):
        while not self.closing.wait(0.05):
            try:
                self.judge.read_on()
                self.settle()
            except Exception as error:  # told by whoever waits
                self.failure = error
                raise

    def settle(self):
        """Tells the writer what no restart can bring again."""
        now = time.monotonic()
        for name, stream in self.judge.streams.items():
            delivered, since, pipe = self.unsettled[name]
            lives_on = pipe is not None and pipe is self.pipe and not pipe.killed
            if lives_on and now - since <= SETTLING:
                continue
            if lives_on and delivered:
                self.tell(f"delivered {name[0]} {delivered}")
            self.unsettled[name] = (stream.expected[0], now, self.pipe)

    def tell(self, line):
        with contextlib.suppress(OSError, ValueError):
            self.writer.stdin.write(line.encode() + b"\n")
            self.writer.stdin.flush()

    def stop_writing(self, patience=60):
        self.tell("stop")
        try:
            self.writer.wait(patience)
        except subprocess.TimeoutExpired:
            raise SystemExit(f"failed: the writer waits for {patience} s for a delivery; next: {self.next_expected()}, written: {self.written}")
        self.threads[0].join()

    def next_expected(self):
        return {name: stream.expected for name, stream in self.judge.streams.items()}

    def all_arrived(self):
        return self.judge.has_all(self.written)

    def await_arrival(self, patience):
        """True when everything that was written has arrived in time."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and not self.all_arrived():
            time.sleep(0.05)
        return self.all_arrived()

    def close(self):
        self.closing.set()
        self.threads[1].join()
        self.judge.read_on()
        if self.writer.poll() is None:
            self.writer.kill()
            self.writer.wait()
        with contextlib.suppress(OSError):
            self.writer.stdin.close()
        self.cleanup.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


class Keeper:
    """Keeps a pipe running, as the supervisor does, with a short rest; kills stages of it if that is wanted."""

    REST = 0.2

    def __init__(self, ground, interval, speed=1, kills=0, dice=None):
        """`kills`: so many of the first lives end by kill -9 of a stage."""
        self.ground, self.interval, self.speed, self.kills, self.dice = ground, interval, speed, kills, dice
        self.life, self.killed, self.ends, self.pipe = 0, 0, [], None
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.keep, daemon=True)
        self.thread.start()

    def keep(self):
        while not self.ending.is_set():
            self.life += 1
            pipe = self.pipe = self.ground.pipe = Pipe(
                commands(self.ground.paths, self.ground.state, self.interval), self.ground.cloud.environment, self.ground.directory,
                self.life, self.speed)
            end = time.monotonic() + self.dice.uniform(0.2, 3) if self.killed < self.kills else float("inf")
            while not pipe.has_ended and not self.ending.is_set() and time.monotonic() < end:
                time.sleep(0.02)
            if self.ending.is_set():
                pipe.stop()
            elif not pipe.has_ended:
                pipe.kill(self.dice.randrange(3))
                self.killed += 1
            statuses = pipe.reap()
            if not self.ending.is_set() and not pipe.killed:
                self.ends.append(statuses)
            self.ending.wait(self.REST)

    @property
    def strange_ends(self):
        """Of lives that nobody ended; "try again" is what a pipe may say by itself, and "unavailable"."""
        return [statuses for statuses in self.ends if statuses[2] not in (69, 75)]

    def stop(self):
        """Ends the pipe in good order; its exit statuses."""
        self.ending.set()
        self.thread.join()
        return self.pipe.statuses


def table(rows):
    """Two columns, the first padded."""
    width = max(len(str(name)) for name, _ in rows)
    return "\n".join(f"  {name:{width}}  {value}" for name, value in rows)


def file_system(path):
    """The type of the file system that it lies on."""
    found = ("", "unknown")
    path = os.path.realpath(path)
    with open("/proc/self/mounts") as file:
        for line in file:
            _, place, kind, *_ = line.split()
            if os.path.commonpath([path, place]) == place and len(place) >= len(found[0]):
                found = (place, kind)
    return found[1]
