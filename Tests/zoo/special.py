"""The writers that do more to their logs than renaming them."""

import os
import shutil
import subprocess
import threading
import time

from writers import Copying, Counting, FileWriter, MovingOn, Shifting, point


def shift(path, count):
    """path.2 becomes path.3, path.1 becomes path.2, the file itself path.1; how many there are now."""
    for number in range(count, -1, -1):
        os.rename(f"{path}.{number}" if number else path, f"{path}.{number + 1}")
    return count + 1


class Log4jMax(FileWriter):
    """log4j2's default, fileIndex=max: app.log.1 is the oldest; when `most` are there, .1 is deleted and all others move down."""

    most = 5
    pattern = "app.log.{}"

    def start(self):
        super().start()
        self.ends = []  # of the files .1, .2 ...: the line after each

    def move(self):
        if len(self.ends) >= self.most:
            # Two younger ones are delivered as well, so that no stored position can stand in it.
            if not self.ground.await_delivery(self.ends[2]):
                self.most += 1
            else:
                time.sleep(1.2)  # the position is stored
                os.unlink(self.path(self.pattern.format(1)))
                for number in range(2, len(self.ends) + 1):
                    os.rename(self.path(self.pattern.format(number)), self.path(self.pattern.format(number - 1)))
                self.ends.pop(0)
        self.ends.append(self.ledger.count())
        os.rename(self.live(), self.path(self.pattern.format(len(self.ends))))


class Winston(MovingOn):
    """app.log, app1.log, app2.log ...: each is left when it is full."""

    def label(self):
        self.count += 1
        return "app.log" if self.count == 1 else f"app{self.count - 1}.log"


class Glog(MovingOn):
    def label(self):
        self.calendar += self.step
        return f"app.pi.root.log.INFO.{self.calendar:%Y%m%d-%H%M%S}.4711"


class Kubelet(Counting):
    """0.log is renamed to 0.log.TIME, of which all but the youngest are compressed; /var/log/containers has a link to the live one.

    Every fourth time the container is started again: the next number, and the link leads there.
    """

    compress = None
    container = 0
    youngest = None

    @property
    def folder_of_pod(self):
        return self.path("pods/default_web-0_8d5a/web")

    def live(self):
        return f"{self.folder_of_pod}/{self.container}.log"

    def start(self):
        os.makedirs(self.path("containers"))
        super().start()
        point(self.path("containers/web-0_default_web-1a2b.log"), self.live())

    def rotate(self):
        if (self.count + self.container) % 4 != 3:
            return super().rotate()
        self.settle()
        self.ledger.rotated()
        self.container += 1
        self.youngest = None
        self.reopen()
        point(self.path("containers/web-0_default_web-1a2b.log"), self.live())

    def label(self):
        self.count += 1
        self.calendar += self.step / 24
        return f"pods/default_web-0_8d5a/web/{self.container}.log.{self.calendar:%Y%m%d-%H%M%S}"

    def pack(self, path):
        if self.youngest:
            super().pack(self.youngest)
        self.youngest = path


class Appender(FileWriter):
    """Opens the log for each write, as `echo >> app.log` does, and so never writes into a file that is not under the name."""

    def write(self, count):
        self.open(self.live())
        super().write(count)
        self.settle()

    def move(self):
        pass

    def reopen(self):
        pass


class Log2ram(Appender):
    """The folder is copied to the disk, and from there to a fresh memory file system, at every boot."""

    name = "log/app.log"
    device = False  # each copy lies on another file system than the one before

    def start(self):
        self.boots = 0
        self.memory = f"/dev/shm/zoo-{os.getpid()}-{self.ground.cell.group}"
        if self.device:
            shutil.rmtree(self.memory, ignore_errors=True)
            os.makedirs(self.path("disk0"))
            point(self.path("log"), self.path("disk0"))

    def rotate(self):
        self.boots += 1
        log, fresh = self.path("log"), self.path(f"disk{self.boots}")
        if not self.device:
            subprocess.run(["cp", "-a", log, f"{log}.hdd"], check=True)
            os.rename(log, f"{log}.gone")
            shutil.rmtree(f"{log}.gone")
            os.rename(f"{log}.hdd", log)
        else:
            if self.boots % 2:
                fresh = f"{self.memory}/{self.boots}"
                os.makedirs(self.memory, exist_ok=True)
            subprocess.run(["cp", "-a", os.path.realpath(log), fresh], check=True)
            old = os.path.realpath(log)
            point(log, fresh)
            shutil.rmtree(old)
        self.ledger.rotated()

    def stop(self):
        super().stop()
        shutil.rmtree(self.memory, ignore_errors=True)


class Mirror(Appender):
    """Another machine's folder, brought here by rsync: a new inode each time, and rotated files under their new names."""

    def start(self):
        self.numbers = 0
        os.makedirs(f"{self.ground.directory}/far")

    def live(self):
        return f"{self.ground.directory}/far/app.log"

    def settle(self):
        super().settle()
        if os.path.exists(self.live()):
            subprocess.run(["rsync", "-ac", "--delete", f"{self.ground.directory}/far/", self.folder], check=True)

    def rotate(self):
        self.settle()
        self.numbers = shift(self.live(), self.numbers)
        self.ledger.rotated()
        self.write(20)
        self.settle()

    def write(self, count):
        self.open(self.live())
        FileWriter.write(self, count)
        FileWriter.settle(self)
        if self.dice.random() < 0.5:
            self.settle()


class Edited(Appender):
    """sed -i: the same lines under a new inode."""

    def rotate(self):
        subprocess.run(["sed", "-i", "s/password=[^ ]*/password=***/", self.live()], check=True)
        self.ledger.rotated()


class NumberedBackups(FileWriter):
    """cp --backup=numbered and emacs: app.log.~1~, the highest is the newest."""

    def move(self):
        empty = f"{self.ground.directory}/empty"
        open(empty, "wb").close()
        subprocess.run(["mv", "--backup=numbered", empty, self.live()], check=True)


class ShortJob(FileWriter):
    """A job that lives shorter than a look: it writes job.log for 0.2 s, and moves it away."""

    name = "job.log"
    pause = 0.6
    numbers = 0

    def start(self):
        pass

    def write(self, count):
        self.open(self.live())
        for part in (count // 2, count - count // 2):
            super().write(part)
            time.sleep(0.1)
        self.settle()
        self.ledger.rotated()
        self.numbers = shift(self.live(), self.numbers)

    def rotate(self):
        time.sleep(self.pause)


class Deaf(Shifting):
    """The writer is told late: it goes on in the renamed file for longer than a reader waits, while the new one stays empty."""

    deaf = 10.0

    def rotate(self):
        self.settle()
        self.move()
        os.close(os.open(self.live(), os.O_CREAT | os.O_WRONLY, 0o644))
        end = time.monotonic() + (self.deaf if self.ground.situation in ("running", "killed") and len(self.older) % 5 == 1 else 0.3)
        while time.monotonic() < end:
            self.write(3)
            self.settle()
            time.sleep(min(0.3, max(0, end - time.monotonic())))
        self.write(3)
        self.settle()
        self.ledger.rotated()
        self.reopen()


class Stubborn(Shifting):
    """Nobody ever tells the writer: it goes on in the renamed file, whatever that is called by now, and all new ones stay empty."""

    def rotate(self):
        self.settle()
        self.move()
        os.close(os.open(self.live(), os.O_CREAT | os.O_WRONLY, 0o644))
        self.ledger.rotated()
        if self.ground.situation in ("running", "killed"):
            time.sleep(1)


class Switching(Shifting):
    """The scheme is another one since the last update of the program: numbers, then dates, then numbers before the ending."""

    def start(self):
        super().start()
        self.turns = 0

    def move(self):
        self.turns += 1
        phase = self.turns // 2 % 3
        if phase == 0:
            return super().move()
        self.calendar += self.step
        name = f"app.log-{self.calendar:%Y%m%d}" if phase == 1 else f"app.{self.turns}.log"
        os.rename(self.live(), self.path(name))
        return self.path(name)

    step = Counting.step


class Overwriting(FileWriter):
    """StandardOutput=file:/var/log/app.log: each start of the service writes over the file from its start."""

    def start(self):
        self.open(self.live(), 0)

    def write(self, count):
        super().write(count)
        self.settle()
        self.ledger.destroy(0, self.ledger.count())

    def rotate(self):
        self.ledger.rotated()
        self.open(self.live(), 0)


class Emptied(FileWriter):
    """`> app.log`, without a copy: what was not read is gone."""

    same = False  # all lines are the same

    def write(self, count):
        if not self.same:
            return super().write(count)
        self.put(self.ledger.same("watchdog: still alive", count))

    def rotate(self):
        self.settle()
        if not self.ground.await_delivery(self.ledger.count()):
            self.ledger.destroy(0, self.ledger.count())
        if self.same:
            self.ground.cell.await_until(self.ledger.has_all)
        size = os.fstat(self.descriptor).st_size
        os.ftruncate(self.descriptor, 0)
        self.ledger.rotated()
        if self.same:
            time.sleep(1.2)  # a look
            while os.fstat(self.descriptor).st_size < size + 500:
                self.write(20)


class Deleted(FileWriter):
    """rm app.log, and a new one, perhaps with the same inode. What was not read is gone, unless somebody has the file open."""

    def rotate(self):
        self.settle()
        if not self.ground.await_delivery(self.ledger.count()):
            self.ledger.destroy(0, self.ledger.count())
        os.unlink(self.live())
        self.ledger.rotated()
        self.open(self.live())


class Swapping(Appender):
    """A link that leads to one place, then to another, then to the first again: a disk that is swapped, a release that is taken back."""

    name = "current/app.log"

    def start(self):
        self.places = 0
        for place in ("one", "two"):
            os.makedirs(self.path(place))
        point(self.path("current"), self.path("one"))

    def rotate(self):
        self.places += 1
        self.ground.await_delivery(self.ledger.count())
        self.ledger.rotated()
        point(self.path("current"), self.path(("one", "two")[self.places % 2]))
        time.sleep(0.3)


class SlowCompressor(Shifting):
    """The compressed file grows for a second while the plain one is there, then the plain one goes."""

    compress = "gzip"

    def pack(self, path):
        packed = subprocess.run(["gzip", "-1", "-c", path], stdout=subprocess.PIPE, check=True).stdout
        with open(path + ".gz", "wb") as file:
            for part in (packed[: len(packed) // 3], packed[len(packed) // 3 :]):
                file.write(part)
                file.flush()
                time.sleep(0.5)
        os.unlink(path)
        self.older[-1] = (1, ".gz")


class Damaging(Shifting):
    """Every second compressed file is cut off: what it held is gone, as far as it was not read before; half a line is no line."""

    compress = "gzip"
    begun = 0

    def pack(self, path):
        super().pack(path)
        packed, end = path + ".gz", self.ledger.count()
        if len(self.older) % 2:
            os.truncate(packed, os.path.getsize(packed) * 6 // 10)
            self.ledger.destroy(self.begun, end)
        self.begun = end


class Forbidden(Shifting):
    """A rotated file can be read by nobody but root for two seconds."""

    def move(self):
        moved = super().move()
        descriptor = os.open(moved, os.O_RDONLY)
        os.fchmod(descriptor, 0)
        threading.Timer(2, self.allow, (descriptor,)).start()
        return moved

    @staticmethod
    def allow(descriptor):
        os.fchmod(descriptor, 0o644)
        os.close(descriptor)


class Backtracking(Appender):
    """A link that is pointed to the next file, and to the one before it again, in which the writer goes on."""

    name = "current.log"

    def start(self):
        self.turns = 0
        self.lead_to(0)

    def rotate(self):
        self.turns += 1
        self.ground.await_delivery(self.ledger.count())
        self.ledger.rotated()
        self.lead_to(self.turns - self.turns // 3 * 2)
        time.sleep(0.3)

    def lead_to(self, day):
        point(self.live(), self.path(f"app-{self.calendar + day * Counting.step:%Y%m%d}.log"))


class Vim(Appender):
    """An editor: the file becomes app.log~, all of it is written anew, and app.log~ goes."""

    def rotate(self):
        log = self.live()
        with open(log, "rb") as file:
            text = file.read()
        os.rename(log, f"{log}~")
        with open(log, "wb") as file:
            file.write(text)
        os.unlink(f"{log}~")
        self.ledger.rotated()


class Zipping(Shifting):
    """logback's FixedWindow with .zip, which nobody can read through a pipe: what was not read before is told as a gap."""

    pattern = "app.log.{}"
    command = ["zip", "-q", "-m", "-j"]

    def move(self):
        self.ground.await_delivery(self.ledger.count())
        return super().move()

    def rotate(self):
        first = len(self.ledger.generations["a"])
        self.settle()
        moved = self.move()
        self.ledger.rotated()
        self.reopen()
        time.sleep(1.5 if self.ground.situation == "running" else 0)
        if self.ground.situation != "running":
            self.ledger.destroy(0, first)
        subprocess.run([*self.command, f"{moved}.zip", moved], check=True)
        self.older[-1] = (1, ".zip")


class PM2(Copying):
    """pm2-logrotate: app__DATE.log is a copy, the log is emptied; what is written in between is lost by the program itself."""

    pattern = "app__{t:%Y-%m-%d_%H-%M-%S}.log"
