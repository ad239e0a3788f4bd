"""The writers that are real programs: from Debian, and from PyPI (handlers.py)."""

import glob
import os
import shutil
import socket
import subprocess
import time

import field
import pipe as pipes
from writers import FileWriter, Program, files_in

PACKAGES = f"{field.TOP}/build/zoo-packages/usr"
HANDLERS = [f"{field.TOP}/build/venv-zoo/bin/python", f"{field.TOP}/Tests/zoo/handlers.py"]


class Logrotate(FileWriter):
    """A program that is told of a rotation (HUP), and logrotate with these directives in its configuration."""

    directives = ""
    moves = True  # the writer's file is renamed
    by_day = False  # logrotate runs a day later each time
    unreadable = False  # the compressed files: what they hold is gone, unless it was read before
    switch = None  # (number of rotations, other directives)

    days = 0
    rotations = 0
    begun = 0

    def start(self):
        self.configuration = f"{self.ground.directory}/logrotate.conf"
        for folder in ("old", "archive"):
            if f"olddir {folder}" in self.directives and "createolddir" not in self.directives:
                os.makedirs(self.path(folder))
        super().start()

    def move(self):
        self.rotations += 1
        directives = self.switch[1] if self.switch and self.rotations > self.switch[0] else self.directives
        lines = ["rotate 1000", "missingok", "create 0644", *(line.strip() for line in directives.split(";"))]
        with open(self.configuration, "w") as file:
            file.write("\n  ".join([f'"{self.live()}" {{', *lines]) + "\n}\n")
        environment = {**os.environ}
        if self.by_day:
            self.days += 1
            library = pipes.faster_environment(1)["LD_PRELOAD"]
            environment |= {"LD_PRELOAD": library, "FAKETIME": f"+{29 + self.days}d", "NO_FAKE_STAT": "1"}
        subprocess.run(["logrotate", "-f", "-s", f"{self.configuration}.state", self.configuration], check=True, env=environment)
        if self.unreadable:
            self.ledger.destroy(self.begun, self.ledger.count())
            self.begun = self.ledger.count()

    def reopen(self):
        if self.moves:
            super().reopen()


class Savelog(FileWriter):
    """A program that opens its log anew, and Debian's savelog with these options."""

    options = ["-l"]

    def move(self):
        subprocess.run(["savelog", "-q", "-c", "1000", *self.options, self.name], check=True, cwd=self.folder)


class Supervised(Program):
    """svlogd, s6-log and multilog: a folder with `current`, and @TAI64N names beside it."""

    config = ""
    dies = False  # now and then by kill -9; what it has written until then becomes a file of its own

    def start(self):
        os.makedirs(self.path("svc"))
        if self.config:
            with open(self.path("svc/config"), "w") as file:
                file.write(self.config.format(size=self.size))
        super().start()

    def rotate(self):
        before = self.older()
        self.settle()
        self.rotations += 1
        if self.dies and self.rotations % 2:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.spawn()
        deadline = time.monotonic() + 10
        while self.older() == before and time.monotonic() < deadline:
            self.write(10)
            self.settle()
        self.ledger.rotated()

    def older(self):
        return {name for name in os.listdir(self.path("svc")) if name.startswith("@")}


class Circular(Program):
    """rotatelogs -n: in the end it overwrites its first file, which is no loss of the reader's when that was delivered."""

    files = 8

    def start(self):
        if self.ground.situation == "stalled":  # much is written then, and it must not overwrite what nobody could read
            self.size *= 12
        super().start()

    def rotate(self):
        self.rotations += 1
        if self.rotations >= self.files - 2:
            self.settle()
            self.ground.await_delivery(self.ledger.count())
            time.sleep(1.2)  # and its position is stored
        super().rotate()


class Syslog(Program):
    """A syslog daemon that gets its lines through a socket."""

    configuration = ""
    hup = False  # a rotation is logrotate's, with HUP

    def spawn(self):
        directory = self.ground.directory
        socket_path = os.path.relpath(f"{directory}/socket")  # a long one is refused
        with open(f"{directory}/syslog.conf", "w") as file:
            file.write(self.configuration.format(folder=self.folder, directory=directory, size=self.size))
        with open(f"{directory}/rotate", "w") as file:
            file.write(f'#!/bin/sh\nmv -f "{self.folder}/app.log" "{self.folder}/app.log.$(date +%Y%m%d-%H%M%S.%N)"\n')
        os.chmod(f"{directory}/rotate", 0o755)
        words = [word.format(directory=directory) for word in self.command]
        with open(f"{directory}/writer.stderr", "ab") as errors:
            self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=errors, stderr=errors)
        deadline = time.monotonic() + 20
        while True:
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self.socket.connect(socket_path)
                return
            except OSError:
                self.socket.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def send(self, text):
        self.socket.sendall(text)

    def rotate(self):
        if not self.hup:
            return super().rotate()
        self.settle()
        log = self.path("app.log")
        for path in sorted((path for path in files_in(self.folder) if path != log), key=lambda path: -int(path.rpartition(".")[2])):
            base, _, number = path.rpartition(".")
            os.rename(path, f"{base}.{int(number) + 1}")
        os.rename(log, f"{log}.1")
        self.ledger.rotated()
        self.process.send_signal(1)
        deadline = time.monotonic() + 10
        while not os.path.exists(log) and time.monotonic() < deadline:
            self.write(1)
            time.sleep(0.02)

    def stop(self):
        if self.process:
            self.socket.close()
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


RSYSLOG = """
global(workDirectory="{directory}" parser.escapeControlCharactersOnReceive="off")
module(load="imptcp")
input(type="imptcp" path="{directory}/socket" unlink="on" ruleset="zoo")
template(name="line" type="string" string="%rawmsg%\\n")
"""
RSYSLOG_PLAIN = RSYSLOG + 'ruleset(name="zoo") {{ action(type="omfile" file="{folder}/app.log" template="line") }}\n'
RSYSLOG_SIZE = RSYSLOG + """
$outchannel rotation,{folder}/app.log,{size},{directory}/rotate
ruleset(name="zoo") {{
  *.* :omfile:$rotation;line
}}
"""
SYSLOG_NG_MODULES = (glob.glob(f"{PACKAGES}/lib/syslog-ng/[0-9]*") or [""])[0]
SYSLOG_NG = f"@version: {os.path.basename(SYSLOG_NG_MODULES)}" + """
options {{ stats-freq(0); flush-lines(1); create-dirs(yes); }};
source s {{ unix-stream("{directory}/socket" flags(no-parse) max-connections(4)); }};
destination d {{ file("{folder}/%s" template("$MSG\\n")); }};
log {{ source(s); destination(d); }};
"""
SYSLOG_NG_COMMAND = [
    "env", f"LD_LIBRARY_PATH={PACKAGES}/lib/syslog-ng", "syslog-ng", "-F", "--no-caps", "--module-path", SYSLOG_NG_MODULES,
    "-f", "{directory}/syslog.conf", "-R", "{directory}/persist", "-p", "{directory}/pid", "-c", "{directory}/control"]
RSYSLOG_COMMAND = [
    "rsyslogd", "-n", "-M", f"{PACKAGES}/lib/{os.uname().machine}-linux-gnu/rsyslog", "-f", "{directory}/syslog.conf", "-i", "{directory}/pid"]


def missing(*programs):
    """Those of the programs that are not installed."""
    return [program for program in programs if not shutil.which(program)]
