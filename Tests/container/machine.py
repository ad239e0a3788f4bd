"""A Debian machine of its own, booted with systemd in a container that shares this machine's network, or has one to itself.

    with Machine(tree) as machine:              # a copy of the tree, booted
        machine.run("systemctl", "is-active", "ssh")
        machine.reboot()

    with Network() as network, Machine(tree, directory, network) as machine:
        network.cut()                           # network.address is this machine as seen from there
"""

import os
import shutil
import signal
import subprocess

from cloud import TOP
from expect import eventually, succeeded


def step(sentence):
    print(sentence, flush=True)


class Network:
    """A bridge on this machine, to which a container is connected by a cable of its own."""

    def __init__(self):
        # From the block for tests of networks (RFC 2544); several of these may be there at a time.
        number = os.getpid() % 16384
        self.bridge = f"cw{number}"
        self.address, self.other = (f"198.18.{number // 64}.{number % 64 * 4 + n}" for n in (1, 2))

    def __enter__(self):
        self.ip("link", "add", self.bridge, "type", "bridge")
        self.ip("address", "add", f"{self.address}/30", "dev", self.bridge)
        self.mend()
        return self

    def __exit__(self, *exception):
        self.ip("link", "delete", self.bridge)

    def connect(self, process):
        """Gives the network of a process its address."""
        inside = ["nsenter", "--target", process, "--net"]
        self.ip("address", "replace", f"{self.other}/30", "dev", "host0", inside=inside)
        self.ip("link", "set", "host0", "up", inside=inside)

    def cut(self):
        """From now on nothing comes and nothing goes, and nobody is told."""
        self.ip("link", "set", self.bridge, "down")

    def mend(self):
        self.ip("link", "set", self.bridge, "up")

    def ip(self, *words, inside=[]):
        subprocess.run([*inside, "ip", *words], check=True)


class Machine:
    def __init__(self, tree, directory, network=None, var_megabytes=None):
        self.tree, self.root, self.log, self.network = tree, f"{directory}/root", f"{directory}/console", network
        self.var, self.var_megabytes = f"{directory}/var", var_megabytes
        self.nspawn = None

    def __enter__(self):
        subprocess.run(["cp", "-a", "--reflink=auto", self.tree, self.root], check=True)
        if self.var_megabytes:
            self.make_var()
        self.boot()
        return self

    def make_var(self):
        """/var becomes a file system of its own."""
        subprocess.run(["rm", "-rf", f"{self.root}/var/cache/apt", f"{self.root}/var/lib/apt"], check=True)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-d", f"{self.root}/var", self.var, f"{self.var_megabytes}M"], check=True)
        subprocess.run(["mount", "-o", "loop", self.var, f"{self.root}/var"], check=True)

    def __exit__(self, *exception):
        self.stop()
        if self.var_megabytes:
            subprocess.run(["umount", f"{self.root}/var"], check=True)
        if exception == (None, None, None):
            shutil.rmtree(self.root)

    def boot(self):
        # systemd 256 and later boot on this machine's old cgroups only if told so.
        environment = {**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}
        with open(self.log, "ab") as console:
            self.nspawn = subprocess.Popen(
                ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--console=pipe", "--resolv-conf=off",
                 "--directory", self.root, f"--bind-ro={TOP}:/source", *([f"--network-bridge={self.network.bridge}"] if self.network else [])],
                env=environment, stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True)
        eventually(self.booted, f"the container is up; see {self.log}", 60)
        if self.network:
            self.network.connect(self.init)

    def booted(self):
        if self.nspawn.poll() is not None:
            raise SystemExit(f"the container has ended; see {self.log}")
        self.init = self.child()
        return self.init and self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded")

    def child(self):
        """The process that is number 1 in there."""
        found = subprocess.run(["pgrep", "-P", str(self.nspawn.pid)], capture_output=True, text=True).stdout.split()
        return found[0] if found else None

    def run(self, *command, input="", environment={}, seconds=120):
        """A command as root in there."""
        words = [f"{name}={value}" for name, value in {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8", **environment}.items()]
        return subprocess.run(
            ["nsenter", "--target", self.init, "--mount", "--uts", "--ipc", "--pid", "--root", "--wd=/", "env", "-i", *words, *command],
            input=input, capture_output=True, text=True, timeout=seconds)

    def done(self, *command, **options):
        """The same, and it must succeed; what it printed."""
        result = self.run(*command, **options)
        succeeded(result, f"`{' '.join(command)}`, which printed {result.stdout[-1500:]!r},")
        return result.stdout.strip()

    def service(self, name, unit="amazon-cloudwatch-publisher"):
        """A property of a unit, as systemd has it."""
        return self.done("systemctl", "show", "--property", name, "--value", unit)

    def everything(self):
        """All files and links of the system but what systemd, dpkg and the kernel change by themselves, all users, all groups."""
        passing = ("/var/log/journal", "/var/lib/systemd", "/var/lib/logrotate", "/run", "/tmp", "/var/tmp", "/root", "/var/cache", "/source")
        files = self.done("sh", "-c", f"find / -xdev \\( {' -o '.join(f'-path {path}' for path in passing)} \\) -prune -o ! -name '*-' ! -path '/var/log/*' "
                          "! -path '/var/lib/dpkg/*-old' -print | sort")
        return set(files.splitlines()) | set(self.done("cat", "/etc/passwd", "/etc/group").splitlines())

    def reboot(self):
        self.stop()
        self.boot()

    def cut_power(self):
        """Everything in there is gone at once."""
        os.kill(int(self.init), signal.SIGKILL)
        self.nspawn.wait(30)
        self.boot()

    def stop(self):
        if self.nspawn and self.nspawn.poll() is None:
            # SIGRTMIN+4 is systemd's "power off".
            if self.child():
                os.kill(int(self.child()), signal.SIGRTMIN + 4)
            try:
                self.nspawn.wait(90)
            except subprocess.TimeoutExpired:
                self.nspawn.kill()
                raise SystemExit(f"the container did not end; see {self.log}")
