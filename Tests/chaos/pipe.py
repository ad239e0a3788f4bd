"""The pipe under test, started and ended as the supervisor does it."""

import contextlib
import glob
import os
import signal
import subprocess
import time

import judge

STAGES = ["cw-tail", "cw-logfilter", "cw-putlogs"]
PATIENCE = 2  # seconds between TERM and KILL for a stage whose reader is gone, as in the supervisor


class Pipe:
    """One life of `cw-tail | cw-logfilter | cw-putlogs`."""

    def __init__(self, commands, environment, directory, life=0, speed=1):
        """Starts it. What the stages say on standard error is appended to files in `directory`.

        `speed`: of the time in which cw-putlogs lives (libfaketime): pauses, time limits and intervals are so much shorter.
        """
        environment = {**os.environ, **environment}
        if life:
            environment.pop("AWS_PROFILE", None)
            environment |= {"AWS_ACCESS_KEY_ID": judge.access_key(life), "AWS_SECRET_ACCESS_KEY": "secret"}
        self.life, self.killed, self.stages = life, set(), []
        source = subprocess.DEVNULL
        for index, command in enumerate(commands):
            is_last = index == len(commands) - 1
            with open(os.path.join(directory, f"{STAGES[index]}.stderr"), "a") as errors:
                errors.write(f"life {life}\n")
                errors.flush()
                hurry = is_last and speed != 1
                stage = subprocess.Popen(
                    faster(command) if hurry else command, stdin=source, stdout=subprocess.DEVNULL if is_last else subprocess.PIPE,
                    stderr=errors, env={**environment, **faster_environment(speed)} if hurry else environment)
            if index:
                source.close()
            source = stage.stdout
            self.stages.append(stage)

    def kill(self, *indices):
        """kill -9 of these stages, at the same moment."""
        for index in indices:
            if self.stages[index].poll() is None:
                self.stages[index].send_signal(signal.SIGKILL)
                self.killed.add(index)

    @property
    def has_ended(self):
        return self.stages[-1].poll() is not None

    def stop(self):
        """Asks it to end in good order: the first stage stops reading, the others deliver what they have."""
        self.stages[0].send_signal(signal.SIGTERM)

    def reap(self, patience=60):
        """Waits for its end, from the last stage on: whichever stage dies, the last one sees its input end."""
        try:
            self.stages[-1].wait(patience)
        except subprocess.TimeoutExpired:
            self.kill(len(self.stages) - 1)
            self.stages[-1].wait()
            self.is_stuck = True
        for stage in self.stages[:-1]:
            with contextlib.suppress(ProcessLookupError):
                stage.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for stage in self.stages[:-1]:
            with contextlib.suppress(subprocess.TimeoutExpired):
                stage.wait(max(0, deadline - time.monotonic()))
                continue
            stage.kill()
            stage.wait()
        for name in (f"faketime_shm_{self.stages[-1].pid}", f"sem.faketime_sem_{self.stages[-1].pid}"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"/dev/shm/{name}")  # what a killed libfaketime leaves behind
        return self.statuses

    is_stuck = False

    @property
    def statuses(self):
        return [stage.returncode for stage in self.stages]

    def memory(self):
        """Resident MiB of each stage; 0 for one that has ended."""
        return [resident(stage.pid) for stage in self.stages]


def faster(command):
    """Through a shell: Swift does not find its arguments when a preloaded library has set a variable before, as
    libfaketime does in the first process of a family."""
    return ["sh", "-c", 'exec "$@"', "sh", *command]


def faster_environment(speed):
    found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1") + glob.glob("/usr/local/lib/faketime/libfaketime.so.1")
    if not found:
        raise SystemExit("failed: libfaketime is missing; apt-get install faketime")
    return {"LD_PRELOAD": found[0], "FAKETIME": f"+0 x{speed}"}


def resident(pid):
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1048576
    except (OSError, IndexError):
        return 0.0


def commands(paths, state, interval, group="chaos", exclude="^DEBUG "):
    """The three command lines over these files."""
    return [
        ["cw-tail", "--state", state, "--from", "start", *paths],
        ["cw-logfilter", "--records", "--exclude", exclude],
        ["cw-putlogs", "--records", "--state", state, "--interval", str(interval), "--log-group", group],
    ]
