"""A pipe on a machine whose clock is wrong, by libfaketime: the clocks that nobody sets stay right, as they do in life.

    with Machine(cloud, -20 * DAY) as machine:    # cw-tail | cw-logfilter | cw-putlogs of the file "log"
        machine.write(100)
        machine.arrived(100)
        machine.set_clock(0)                            # a time server is found
"""

import contextlib
import glob
import os
import signal
import subprocess
import time

from expect import equal, expect

HOUR, DAY = 3600, 86400


class Machine:
    def __init__(self, cloud, lead, tail=("--from", "start", "log"), putlogs=("--records", "--log-group", "g"), source="log"):
        """`lead`: seconds by which the clock is ahead; `tail` and `putlogs`: what these programs are told."""
        found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1") + glob.glob("/usr/local/lib/faketime/libfaketime.so.1")
        expect(found, "libfaketime is missing (make deps)")
        self.cloud, self.written, self.source = cloud, [], source
        self.file = os.path.abspath("clock")
        self.set_clock(lead)
        open(source, "a").close()
        variables = [f"LD_PRELOAD={found[0]}", f"FAKETIME_TIMESTAMP_FILE={self.file}", "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"]
        # Through a shell: Swift does not find its arguments when a preloaded library has set a variable before.
        self.before = ["env", *variables, "sh", "-c", 'exec "$@"', "sh"]
        self.tail, self.putlogs = tail, putlogs

    def __enter__(self):
        rules = self.putlogs if "--config" in self.putlogs else ("--records", "--exclude", "^noise")
        commands = [("cw-tail", *self.tail), ("cw-logfilter", *rules), ("cw-putlogs", "--interval", "1", *self.putlogs)]
        self.stages, source = [], subprocess.DEVNULL
        for index, command in enumerate(commands):
            is_last = index == len(commands) - 1
            with open("messages", "a") as messages:
                stage = subprocess.Popen(
                    [*self.before, *command], stdin=source, stdout=None if is_last else subprocess.PIPE, stderr=messages,
                    env={**os.environ, **self.cloud.environment})
            if index:
                source.close()
            source = stage.stdout
            self.stages.append(stage)
        return self

    def __exit__(self, kind, *exception):
        self.stages[0].send_signal(signal.SIGTERM)
        try:
            for stage in self.stages:
                stage.wait(30)
        finally:
            for stage in self.stages:
                stage.kill()
                stage.wait()
                for name in (f"faketime_shm_{stage.pid}", f"sem.faketime_sem_{stage.pid}"):
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(f"/dev/shm/{name}")  # libfaketime forgets them where one program becomes another
        if kind is None:
            equal([stage.returncode for stage in self.stages], [0, 0, 0], f"the exit statuses; {self.messages}")

    def waits_for_the_clock(self):
        """Waits until cw-putlogs has said that it does, and the lines were read."""
        deadline = time.monotonic() + 30
        while "this machine's clock is before 2026" not in self.messages or not self.is_read:
            expect(time.monotonic() < deadline, f"cw-putlogs does not wait for the clock; {self.messages}")
            time.sleep(0.02)

    @property
    def is_read(self):
        """Whether cw-tail has read all of the file: records are longer than lines."""
        with open(f"/proc/{self.stages[0].pid}/io") as file:
            written = next(int(line.split()[1]) for line in file if line.startswith("wchar"))
        return written >= os.path.getsize(self.source)

    @property
    def messages(self):
        with open("messages") as file:
            return file.read()

    def set_clock(self, lead):
        self.lead = lead
        with open(f"{self.file}.new", "w") as file:
            file.write(f"{lead:+d}\n")
        os.rename(f"{self.file}.new", self.file)

    def now(self):
        """What the clock of the machine shows."""
        return time.time() + self.lead

    def write(self, count, line="line {}"):
        """Lines, and as many that are left out."""
        with open(self.source, "a") as file:
            for _ in range(count):
                text = line.format(len(self.written))
                file.write(f"noise\n{text}\n")
                self.written.append((text, time.time()))

    def arrived(self, count=None, seconds=60):
        """Waits until so many have arrived, or all."""
        deadline = time.monotonic() + seconds
        wanted = len(self.written) if count is None else count
        while len(self.events) < wanted:
            expect(time.monotonic() < deadline, f"{len(self.events)} of {wanted} lines after {seconds} s; {self.messages}")
            time.sleep(0.05)

    @property
    def events(self):
        return self.cloud.events("g", self.source)

    def judge(self, tolerance=5):
        """Each line has arrived once, in order, with the time at which it was written."""
        events = self.events
        equal([event["message"] for event in events], [text for text, _ in self.written], "what was delivered")
        for event, (text, written) in zip(events, self.written):
            late = event["timestamp"] / 1000 - written
            expect(-1 <= late <= tolerance, f"the time of {text!r} is {late:+.1f} s off")
        order = [event["timestamp"] for event in events]
        equal(order, sorted(order), "the order of the times")
