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
from judge import Judge  # noqa: E402
from numbered import Lines  # noqa: E402

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
            if pipe is not self.pipe or stream.expected[0] != delivered and now - since > SETTLING:
                self.unsettled[name] = (stream.expected[0], now, self.pipe)
            elif pipe is not None and now - since > SETTLING and delivered:
                self.tell(f"delivered {name[0]} {delivered}")
                self.unsettled[name] = (stream.expected[0], now, pipe)

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

    def close(self):
        self.closing.set()
        self.threads[1].join()
        self.judge.read_on()
        if self.writer.poll() is None:
            self.writer.kill()
            self.writer.wait()
        self.writer.stdin.close()
        self.cleanup.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


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
