"""Two users of one machine: the service, whose pipes deliver what others have written, and a neighbour who wants to harm them.

    with Arena() as arena:                     # a followed directory, in which both may make files
        arena.start()                          # the supervisor with its pipes, as the service user
        arena.neighbour(lambda: ...)           # in a process of the neighbour's, to its end
    # The end: others' lines have arrived, and the figures are printed, and judged.

Meanwhile lines of others are written to others.log ten times a second, each with its number and its time.
"""

import contextlib
import json
import os
import resource
import signal
import subprocess
import threading
import time

from cloud import Cloud, REGION, TOP
from expect import equal, eventually, expect

SERVICE, NEIGHBOUR = 61001, 61002
GROUP = "/others"
PROGRAMS = ["cw-logfilter", "cw-metrics", "cw-putlogs", "cw-putmetrics", "cw-supervise", "cw-tail"]
MiB = 1 << 20
LIMITS = {"delay": 10, "memory": 64 * MiB, "state": 8 * MiB, "written": 4, "written_anyway": 8 * MiB}


def become(user):
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    os.umask(0o022)


def as_user(user, act, wait=True):
    """Does something in a process of another user. Returns its process id if it is not waited for."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setpgid(0, 0)
            become(user)
            act()
            status = 0
        except BaseException as error:
            print(f"user {user}: {error!r}", flush=True)
        os._exit(status)
    if not wait:
        return child
    expect(os.waitpid(child, 0)[1] == 0, f"what user {user} wanted to do failed")
    return None


def reap(child):
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child, 0)


def end_group(leader):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


class Arena:
    def __init__(self, entries=(), agent={}, logs={}, user=SERVICE, others=True, tmpfs=False):
        """tmpfs: the followed directory is one, if this can be had: files may have any size and any time there. entries: of collect_list, beside that of others.log and of what the neighbour makes: neighbour*.log."""
        self.here = os.path.realpath(".")
        self.user, self.has_others, self.tmpfs = user, others, tmpfs
        self.logs, self.state, self.home = f"{self.here}/logs", f"{self.here}/service/state", f"{self.here}/service"
        self.entries, self.agent, self.log_settings = list(entries), agent, logs
        self.cleanup = contextlib.ExitStack()
        self.lines, self.memory, self.disk, self.largest_state = 0, {}, {}, 0
        self.stopped = threading.Event()
        self.supervisor = None

    def __enter__(self):
        os.mkdir(self.home)
        os.chown(self.home, self.user, self.user)
        # As /tmp: everybody may make files, and remove his own.
        os.mkdir(self.logs)
        if self.tmpfs and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "hostile", self.logs], stderr=subprocess.DEVNULL).returncode == 0:
            self.cleanup.callback(subprocess.run, ["umount", "--lazy", self.logs])
        os.chmod(self.logs, 0o1777)
        open(f"{self.logs}/others.log", "w").close()
        self.cloud = self.cleanup.enter_context(Cloud())
        for path in (self.cloud.directory, f"{self.cloud.directory}/credentials"):
            os.chown(path, self.user, self.user)
        self.write_configuration()
        return self

    def write_configuration(self):
        self.config = f"{self.home}/publisher.json"
        files = [{"file_path": f"{self.logs}/others.log", "log_stream_name": "others.log"}, {"file_path": f"{self.logs}/neighbour*.log"}, *self.entries]
        with open(self.config, "w") as file:
            json.dump({
                "agent": {
                    "instance": {"prefix": "test", "serial": "42"}, "region": REGION, "metrics_collection_interval": 1, "logs_collection_interval": 1,
                    "logfile": f"{self.home}/publisher.log", "state_directory": self.state, **self.agent,
                },
                "metrics": {"namespace": "System/Test", "put_interval": 1},
                "logs": {"log_group_name": GROUP, **self.log_settings, "logs_collected": {"files": {"collect_list": files}}},
            }, file)
        os.chown(self.config, self.user, self.user)
        os.chmod(self.config, 0o600)

    # MARK: - the service

    @property
    def environment(self):
        return {**os.environ, **self.cloud.environment, "HOME": self.home}

    def start(self, processes=None):
        """The supervisor, followed by lines of others. processes: how many the service user may have."""
        def prepare():
            if processes is not None:
                resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
            become(self.user)

        self.supervisor = subprocess.Popen(
            [f"{TOP}/amazon-cloudwatch-publisher", self.config], env=self.environment, cwd=self.home, preexec_fn=prepare)
        self.cleanup.callback(self.stop)
        eventually(lambda: os.path.exists(f"{self.state}/positions"), "the logs are followed", 60)
        eventually(lambda: sorted(set(self.processes().values())) == PROGRAMS, "all programs run", 60)
        if self.has_others and self.lines == 0:
            threads = [threading.Thread(target=self.write_lines), threading.Thread(target=self.measure)]
            for thread in threads:
                thread.start()
            self.cleanup.callback(lambda: [thread.join() for thread in threads])
            self.cleanup.callback(self.stopped.set)
            eventually(lambda: self.arrived(), "the first line arrives", 60)

    def stop(self, statuses=(0,)):
        if self.supervisor is None:
            return
        supervisor, self.supervisor = self.supervisor, None
        supervisor.send_signal(signal.SIGTERM)
        status = supervisor.wait(60)
        expect(status in statuses, f"the supervisor ended with {status}: {self.log()[-2000:]}")

    def log(self):
        with open(f"{self.home}/publisher.log") as file:
            return file.read()

    def run(self, *command, user=None, **options):
        """A program to its end, as the service user if no other is named."""
        return subprocess.run(
            command, env=self.environment, cwd=self.home, preexec_fn=lambda: become(self.user if user is None else user), capture_output=True,
            text=True, timeout=60, **options)

    def processes(self):
        """The programs of the pipes and the supervisor: their names by their ids."""
        if self.supervisor is None:
            return {}
        ids = [str(self.supervisor.pid), *subprocess.run(["pgrep", "-P", str(self.supervisor.pid)], capture_output=True, text=True).stdout.split()]
        found = {}
        for id in ids:
            with contextlib.suppress(OSError):
                with open(f"/proc/{id}/comm") as file:
                    found[int(id)] = file.read().strip()
        return found

    # MARK: - the neighbour

    def neighbour(self, act, wait=True):
        child = as_user(NEIGHBOUR, act, wait)
        if child:
            self.cleanup.callback(reap, child)
            self.cleanup.callback(end_group, child)
        return child

    # MARK: - others

    def write_lines(self):
        with open(f"{self.logs}/others.log", "a", buffering=1) as file:
            while not self.stopped.wait(0.1):
                file.write(f"{self.lines} {time.time():.3f}\n")
                self.lines += 1

    def arrived(self):
        return self.cloud.messages(GROUP, "others.log")

    def delays(self):
        """How long each line of others took, of those that have arrived."""
        times = [batch["time"] for batch in self.cloud.record("batches.jsonl") for _ in range(batch["events"])]
        events = self.cloud.record("events.jsonl")
        return [at - float(event["message"].split()[1]) for event, at in zip(events, times) if event["stream"] == "others.log"]

    def measure(self):
        """Memory and disk of each process, and the size of the state, several times a second."""
        while not self.stopped.wait(0.3):
            for id, name in self.processes().items():
                with contextlib.suppress(OSError, ValueError):
                    with open(f"/proc/{id}/status") as file:
                        peak = next(int(line.split()[1]) << 10 for line in file if line.startswith("VmHWM:"))
                    self.memory[name] = max(self.memory.get(name, 0), peak)
                    with open(f"/proc/{id}/io") as file:
                        self.disk[id] = next(int(line.split()[1]) for line in file if line.startswith("write_bytes:"))
            with contextlib.suppress(OSError):
                sizes = [os.lstat(f"{folder}/{name}").st_size for folder, _, names in os.walk(self.state) for name in names]
                self.largest_state = max(self.largest_state, sum(sizes))

    def __exit__(self, kind, *exception):
        with self.cleanup:
            if kind is None and self.has_others:
                self.judge()

    def judge(self):
        self.stopped.set()
        time.sleep(0.2)  # the line that is just being written
        wanted = self.lines
        with contextlib.suppress(SystemExit):
            eventually(lambda: len(self.arrived()) >= wanted, "the lines arrive", 30)
        arrived = [int(message.split()[0]) for message in self.arrived()]
        delays = self.delays()
        delivered = sum(len(event["message"].encode()) for event in self.cloud.record("events.jsonl"))
        lost, repeated = wanted - len(set(arrived)), len(arrived) - len(set(arrived))
        written, allowed = sum(self.disk.values()), LIMITS["written"] * delivered + LIMITS["written_anyway"]
        memory = ", ".join(f"{name} {peak / MiB:.0f}" for name, peak in sorted(self.memory.items()))
        print(
            f"others: {wanted} lines, lost {lost}, repeated {repeated}, delay {max(delays, default=0):.1f} s; MiB: {memory}; "
            f"state {self.largest_state / MiB:.2f} MiB; delivered {delivered / MiB:.2f} MiB, written {written / MiB:.2f} MiB", flush=True)
        equal((lost, repeated), (0, 0), "lines of others lost and repeated")
        expect(max(delays, default=0) <= LIMITS["delay"], f"a line of others took {max(delays):.1f} s")
        expect(max(self.memory.values(), default=0) <= LIMITS["memory"], f"a process took more than 64 MiB: {memory}")
        expect(self.largest_state <= LIMITS["state"], f"the state grew to {self.largest_state / MiB:.1f} MiB")
        expect(written <= allowed, f"{written / MiB:.1f} MiB were written to the disk")
