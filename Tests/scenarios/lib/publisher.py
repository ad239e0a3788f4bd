"""A publisher with one log and a sample a second, for the scenarios in which something else than systemd starts it."""

import contextlib
import json
import os
import subprocess
import threading
import time

from cloud import REGION, TOP
from expect import equal, eventually, expect, same_lines

GROUP = "/system/test-42"


def configure(path="publisher.json"):
    """The configuration file; state, log and messages lie beside it."""
    here = os.path.realpath(".")
    with open(path, "w") as file:
        json.dump({
            "agent": {
                "instance": {"prefix": "test", "serial": "42"}, "region": REGION, "metrics_collection_interval": 1, "logs_collection_interval": 1,
                "logfile": f"{here}/publisher.log", "state_directory": f"{here}/state",
            },
            "metrics": {"namespace": "System/Test", "put_interval": 1},
            "logs": {"log_group_name": "/system/{instance_id}", "logs_collected": {"files": {"collect_list": [{"file_path": f"{here}/app.log"}]}}},
        }, file)
    os.chmod(path, 0o600)
    return os.path.realpath(path)


class Log:
    """The log, to which numbered lines are written."""

    def __init__(self):
        self.lines = []
        open("app.log", "a").close()

    def write(self, count=1):
        with open("app.log", "a") as file:
            for _ in range(count):
                self.lines.append(f"line {len(self.lines)}")
                file.write(self.lines[-1] + "\n")

    @contextlib.contextmanager
    def growing(self):
        """Written to without pause, in another thread."""
        stopped = threading.Event()

        def grow():
            while not stopped.wait(0.002):
                self.write()

        writer = threading.Thread(target=grow)
        writer.start()
        try:
            yield
        finally:
            stopped.set()
            writer.join()

    def arrives(self, cloud):
        """All that was written, each line once and in order."""
        eventually(lambda: len(cloud.messages(GROUP, "app.log")) >= len(self.lines), "the lines arrive", 60)
        same_lines(cloud.messages(GROUP, "app.log"), self.lines, "app.log")


def processes():
    """The processes of this publisher, by their ids; the scripts and the programs have its configuration file as an argument."""
    here = os.path.realpath("publisher.json")
    found = subprocess.run(["pgrep", "-r", "D,R,S,T", "-a", "-f", f"(cw-|amazon-cloudwatch-).* {here}"], capture_output=True, text=True).stdout
    return {int(line.split()[0]): line.split(None, 1)[1] for line in found.splitlines()}


def programs():
    """The programs of both pipes that run: their names and ids."""
    found = {id: line.split() for id, line in processes().items()}
    return {words[0]: id for id, words in found.items() if words[0].startswith("cw-") and words[0] not in ("cw-config", "cw-supervise") and "--status" != words[1]}


def lives(cloud, log, control, supervisor):
    """Under a manager of services: down, up, restart and kill -9 in the middle of writing.

    control: "down", "up", "restart" to the command that does it and waits for it; supervisor: the process of our script."""
    eventually(lambda: os.path.exists("state/positions"), "the log is followed")
    with log.growing():
        eventually(lambda: cloud.messages(GROUP, "app.log"), "lines arrive")
        eventually(cloud.metrics, "metrics arrive")
        began = time.monotonic()
        done(control["down"])
        expect(time.monotonic() - began < 25, "it was not down in time")
        equal(processes(), {}, "what runs when it is down")
        done(control["up"])
        eventually(lambda: len(programs()) == 5, "the pipes run again")
        before = supervisor()
        done(control["restart"])
        eventually(lambda: supervisor() not in (before, 0) and len(programs()) == 5, "the pipes run after a restart")
        before = supervisor()
        os.kill(before, 9)
        eventually(lambda: supervisor() not in (before, 0), "it is started again after kill -9")
    log.arrives(cloud)
    done(control["down"])
    # The pipes of the one that was killed end by themselves.
    eventually(lambda: not processes(), "nothing is left running", 30)
    log.arrives(cloud)


def done(command):
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    expect(result.returncode == 0, f"`{' '.join(command)}` exited with {result.returncode}: {result.stdout}{result.stderr}")
    return result.stdout.strip()


def service_directory(config):
    """The service directory as it is shipped, with a `conf` for this machine; its absolute path."""
    subprocess.run(["cp", "-R", f"{TOP}/installers/without-systemd/service", "service"], check=True)
    with open("service/conf", "w") as file:
        file.write(f"user=$(id -un)\nconfig={config}\nexport PATH={TOP}:$PATH CW_STOP_SECONDS=20\n")
    return os.path.realpath("service")
