"""The rows of the table: each writer, and what its user naturally lets cw-tail follow."""

import re
from dataclasses import dataclass, field

import packaged
import special
from packaged import HANDLERS, Circular, Logrotate, Savelog, Supervised, Syslog
from writers import Copying, Counting, MovingOn, Program, Shifting

EVERYWHERE = ("running", "stalled", "stopped", "killed")


@dataclass
class Row:
    name: str
    make: object
    follow: list = field(default_factory=lambda: ["app.log"])
    needs: tuple = ()  # programs
    situations: tuple = EVERYWHERE
    plain: bool = False  # ASCII alone
    rounds: int = 5  # rotations while the pipe is stalled or stopped
    order: str = "stream"  # or "generation": the order of whole files cannot be known; or "none"
    repeats: int = 0  # how often a line may come again without a kill
    says: bool = True  # what the writer destroys unread can be noticed
    may_say_gap: str = ""  # "killed", "while nothing ran" (or killed), or "always": whether what is gone had been read cannot be known
    says_on_stderr: str = ""
    fragments: bool = False  # the writer itself makes one line of two
    reader_first: bool = False  # the log is not there when the reader starts
    descriptors: int = 0  # limit of open files
    as_nobody: bool = False  # the reader has no privileges
    rotates_at_last: bool = True
    part: bool = False  # of the small representative zoo that the scenarios run

    @property
    def slug(self):
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower().replace("(", "of ")).strip("-")


def row(title, kind, *follow, **options):
    """`options` are the row's own, and what is left the writer's."""
    own = {key: options.pop(key) for key in list(options) if key in Row.__dataclass_fields__ and key != "name"}
    own.setdefault("follow", list(follow) or ["app.log"])
    return Row(title, lambda ground: kind(ground, **options), **own)


def logrotate(words, directives="", needs=(), **options):
    return row(f"logrotate, {words}", Logrotate, directives=directives, needs=("logrotate", *needs), **options)


def compressed_by(program, suffix, **options):
    directives = f"compress; compresscmd {packaged.shutil.which(program) or program}; compressext {suffix}"
    return logrotate(program, directives, needs=(program,), **options)


LATE = {"reopen_late": 0.4}
SYSLOG_NG_SECONDS = packaged.SYSLOG_NG.replace("%s", "app-$YEAR$MONTH$DAY-$HOUR$MIN$SEC.log")
SYSLOG_NG_ONE = packaged.SYSLOG_NG.replace("%s", "app.log")

ROWS = [
    # Debian's logrotate.
    logrotate("app.log.1", part=True, **LATE),
    logrotate("compress", "compress", part=True),
    logrotate("delaycompress", "compress; delaycompress", **LATE),
    logrotate("copytruncate", "copytruncate", moves=False, part=True),
    logrotate("copytruncate, compress", "copytruncate; compress", moves=False),
    logrotate("dateext", "dateext", by_day=True, needs=("faketime",), **LATE),
    logrotate("dateext, compress", "dateext; compress", by_day=True),
    logrotate("-%d%m%Y over New Year", "dateext; dateformat -%d%m%Y", by_day=True),
    logrotate(".%m-%d-%Y over New Year, gz", "dateext; dateformat .%m-%d-%Y; compress", by_day=True),
    logrotate("extension .log (app.1.log)", "extension .log", **LATE),
    logrotate("extension .log, compress", "extension .log; compress"),
    logrotate("olddir", "olddir old", **LATE),
    logrotate("createolddir, compress", "olddir archive; createolddir 0755; compress"),
    logrotate("copy", "copy", moves=False),
    logrotate("start 0, app.log*", "start 0", follow=["app.log*"], **LATE),
    compressed_by("bzip2", ".bz2"),
    compressed_by("pigz", ".gz"),
    compressed_by("xz", ".xz"),
    compressed_by("zstd", ".zst"),
    compressed_by("lz4", ".lz4", unreadable=True),
    logrotate("numbers, then dateext", "", switch=(3, "dateext"), by_day=True, **LATE),
    logrotate("64 descriptors", "", descriptors=64, **LATE),
    row("savelog -l", Savelog, needs=("savelog",), **LATE),
    row("savelog (gzip)", Savelog, needs=("savelog",), options=[]),
    row("savelog -d -l", Savelog, needs=("savelog",), options=["-d", "-l", "-D", "%Y%m%d%H%M%S%N"], **LATE),
    # Programs that take their lines from a pipe.
    row("cronolog, access-*.log", Program, "access-*.log", needs=("cronolog",), splits=True, per_second=True, rounds=3,
        command=["cronolog", "{folder}/access-%Y%m%d-%H%M%S.log"]),
    # Without --prev-symlink, cronolog 1.6.2+rpk makes the link once and never points it to another file.
    row("cronolog --symlink", Program, "current.log", needs=("cronolog",), splits=True, per_second=True, rounds=3,
        command=["cronolog", "--symlink={folder}/current.log", "--prev-symlink={folder}/previous.log", "{folder}/access-%Y%m%d-%H%M%S.log"]),
    row("rotatelogs by size, app.log*", Program, "app.log*", needs=("rotatelogs",), splits=True,
        command=["rotatelogs", "-n", "1000", "{folder}/app.log", "{size}B"]),
    row("rotatelogs -n 8, app.log*", Circular, "app.log*", needs=("rotatelogs",), splits=True, may_say_gap="while nothing ran",
        command=["rotatelogs", "-n", "8", "{folder}/app.log", "{size}B"]),
    row("rotatelogs by time, access.log.*", Program, "access.log.*", needs=("rotatelogs",), splits=True, per_second=True, rounds=3,
        command=["rotatelogs", "{folder}/access.log.%Y%m%d-%H%M%S", "1"]),
    row("rotatelogs -L (hard link)", Program, "current.log", needs=("rotatelogs",), splits=True, per_second=True, rounds=3,
        command=["rotatelogs", "-L", "{folder}/current.log", "{folder}/access.log.%Y%m%d-%H%M%S", "1"]),
    row("svlogd", Supervised, "svc/current", needs=("svlogd",), command=["svlogd", "{folder}/svc"], config="s{size}\nn1000\n", part=True),
    row("svlogd, all of the folder", Supervised, "svc/current", "svc/@*", needs=("svlogd",),
        command=["svlogd", "{folder}/svc"], config="s{size}\nn1000\n"),
    row("svlogd, processor gzip", Supervised, "svc/current", needs=("svlogd",),
        command=["svlogd", "{folder}/svc"], config="s{size}\nn1000\n!gzip -1\n"),
    row("svlogd, killed (@TAI64N.u)", Supervised, "svc/current", needs=("svlogd",), command=["svlogd", "{folder}/svc"],
        config="s{size}\nn1000\n", dies=True),
    row("s6-log", Supervised, "svc/current", needs=("s6-log",), command=["s6-log", "-b", "n1000", "s{size}", "{folder}/svc"]),
    row("s6-log, processor gzip", Supervised, "svc/current", needs=("s6-log",),
        command=["s6-log", "-b", "n1000", "s{size}", "!gzip -1", "{folder}/svc"]),
    row("multilog", Supervised, "svc/current", needs=("multilog",), command=["multilog", "s{size}", "n1000", "{folder}/svc"]),
    row("multilog, processor gzip", Supervised, "svc/current", needs=("multilog",),
        command=["multilog", "s{size}", "n1000", "!gzip -1", "{folder}/svc"]),
    row("rsyslog, HUP", Syslog, needs=("rsyslogd",), command=packaged.RSYSLOG_COMMAND, configuration=packaged.RSYSLOG_PLAIN, hup=True, plain=True),
    row("rsyslog, outchannel by size", Syslog, needs=("rsyslogd",),
        command=packaged.RSYSLOG_COMMAND, configuration=packaged.RSYSLOG_SIZE, plain=True),
    row("syslog-ng, HUP", Syslog, needs=("syslog-ng",), command=packaged.SYSLOG_NG_COMMAND, configuration=SYSLOG_NG_ONE, hup=True, plain=True),
    row("syslog-ng, app-*.log by date", Syslog, "app-*.log", needs=("syslog-ng",),
        command=packaged.SYSLOG_NG_COMMAND, configuration=SYSLOG_NG_SECONDS,
        per_second=True, rounds=3, plain=True),
    # Handlers of applications in Python.
    row("Python RotatingFileHandler", Program, command=[*HANDLERS, "rotating", "{folder}/app.log", "{size}"]),
    row("Python RotatingFileHandler, gzip", Program, command=[*HANDLERS, "rotating-gz", "{folder}/app.log", "{size}"]),
    row("Python TimedRotatingFileHandler", Program, command=[*HANDLERS, "timed", "{folder}/app.log", "0"], per_second=True, rounds=3),
    row("loguru", Program, command=[*HANDLERS, "loguru", "{folder}/app.log", "{size}"]),
    row("loguru, compression gz", Program, command=[*HANDLERS, "loguru-gz", "{folder}/app.log", "{size}"]),
    row("concurrent-log-handler", Program, command=[*HANDLERS, "concurrent", "{folder}/app.log", "{size}"]),
    row("concurrent-log-handler, gzip", Program, command=[*HANDLERS, "concurrent-gz", "{folder}/app.log", "{size}"]),
    # Java.
    row("log4j2, highest newest (its default)", special.Log4jMax, part=True),
    row("log4j2, highest newest, app.log*", special.Log4jMax, "app.log*"),
    row("log4j2, fileIndex=min", Shifting),
    row("log4j2, folders by month, gz", Counting, pattern="{t:%Y-%m}/app-{t:%m-%d-%Y}-{n}.log", compress="gzip", per_step=3),
    row("logback FixedWindow (app.1.log)", Shifting, pattern="app.{}.log"),
    row("logback FixedWindow, gz", Shifting, pattern="app.{}.log", compress="gzip"),
    row("logback FixedWindow, zip, app.log*", special.Zipping, "app.log*", needs=("zip",), situations=("running", "stopped"), rotates_at_last=False),
    row("Spring Boot (app.log.DATE.9, .10)", Counting, pattern="app.log.{t:%Y-%m-%d}.{n}", number=7, per_step=5, part=True),
    row("Spring Boot, gz", Counting, pattern="app.log.{t:%Y-%m-%d}.{n}", number=7, per_step=5, compress="gzip"),
    row("logback without a live name, app-*.log", MovingOn, "app-*.log", pattern="app-{t:%Y-%m-%d}.{n}.log", number=7, per_step=5),
    row("java.util.logging (app0.log)", Shifting, "app0.log", name="app0.log", pattern="app{}.log"),
    row("java.util.logging, app*.log", Shifting, "app*.log", name="app0.log", pattern="app{}.log"),
    row("log4j hourly (app.log.16)", Counting, pattern="app.log.{t:%H}", step=Counting.step / 24),
    row("hourly (app.log.30Nov2026-16)", Counting, pattern="app.log.{t:%d%b%Y-%H}", step=Counting.step / 24),
    row("daily, month first over New Year", Counting, pattern="app.log.{t:%m-%d-%Y}"),
    row("daily, day first over New Year, gz", Counting, pattern="app.log.{t:%d-%m-%Y}", compress="gzip"),
    # .NET and C++.
    row("NLog Rolling (app.0.log)", Shifting, pattern="app.{}.log", first=0),
    row("NLog Sequence (archives/app.001.log)", Counting, pattern="archives/app.{n:03}.log"),
    row("Serilog, app*.txt", MovingOn, "app*.txt", pattern="app{t:%Y%m%d}_{n:03}.txt", per_step=3),
    row("spdlog rotating (app.1.log)", Shifting, "app*.log", pattern="app.{}.log"),
    row("spdlog daily, app_*.log", MovingOn, "app_*.log", pattern="app_{t:%Y-%m-%d}.log"),
    row("glog (link app.INFO)", special.Glog, "app.INFO", link="app.INFO"),
    # Numbers elsewhere.
    row("app-1.log", Shifting, pattern="app-{}.log"),
    row("app1.log", Shifting, pattern="app{}.log"),
    row("app_001.log", Shifting, pattern="app_{:03}.log"),
    row("app (1).log", Shifting, pattern="app ({}).log"),
    row("1.app.log", Shifting, pattern="{}.app.log"),
    row("mv --backup=numbered (app.log.~1~)", special.NumberedBackups),
    # node and PHP.
    row("winston, app*.log", special.Winston, "app*.log", part=True),
    row("winston tailable (app1.log)", Shifting, pattern="app{}.log"),
    row("winston-daily-rotate-file, gz", MovingOn, "app-*.log", pattern="app-{t:%Y-%m-%d}.log", compress="gzip"),
    row("pm2-logrotate (app__DATE.log)", special.PM2, part=True),
    row("pm2-logrotate, compress, app*.log", special.PM2, "app*.log", compress="gzip"),
    row("Monolog, app-*.log", MovingOn, "app-*.log", pattern="app-{t:%Y-%m-%d}.log"),
    row("Laravel beside a leftover, laravel*.log", MovingOn, "laravel*.log", pattern="laravel-{t:%Y-%m-%d}.log", leftover="laravel.log", part=True),
    row("access.log.DATE beside access.log", MovingOn, "access.log*", pattern="access.log.{t:%Y%m%d}", leftover="access.log"),
    # Containers.
    row("docker json-file", Shifting, "4f1d/*-json.log", name="4f1d/4f1d-json.log", pattern="4f1d/4f1d-json.log.{}"),
    row("docker json-file, compress", Shifting, "4f1d/*-json.log", name="4f1d/4f1d-json.log", pattern="4f1d/4f1d-json.log.{}", compress="gzip"),
    row("kubelet, pods/*/*/*.log", special.Kubelet, "pods/*/*/*.log", compress="gzip"),
    row("kubelet, containers/*.log", special.Kubelet, "containers/*.log", compress="gzip", part=True),
    # The same lines under a new inode, or elsewhere.
    row("log2ram (a new inode at each boot)", special.Log2ram, "log/app.log", part=True),
    row("log2ram (another device at each boot)", special.Log2ram, "log/app.log", device=True),
    # A copy of less than 1,024 bytes is read again.
    row("rsync from another machine", special.Mirror, needs=("rsync",), repeats=3),
    row("sed -i", special.Edited),
    row("an editor (app.log~)", special.Vim),
    # What was not read of a disk is gone with it; so it is swapped when all was delivered, and after a kill nobody can know whether it was all.
    row("a disk swapped, and swapped back", special.Swapping, "current/app.log", situations=("running", "killed"), rotates_at_last=False,
        may_say_gap="killed"),
    # What else happens.
    row("a job shorter than a look", special.ShortJob, "job.log", reader_first=True, part=True),
    row("a writer that is told late", special.Deaf),
    row("a writer that is never told (no HUP)", special.Stubborn, part=True),
    row("the scheme changes", special.Switching),
    row("a banner on top of each file", Shifting, banner=1500),
    row("a slow compressor", special.SlowCompressor),
    # What is left of a cut off file cannot be told from another that begins so; and it is waited for for 10 s, since it may be written yet.
    row("damaged .gz files", special.Damaging, repeats=1, may_say_gap="always", rotates_at_last=False),
    row("an old file without permission for 2 s", special.Forbidden, needs=("setpriv",), as_nobody=True, rotates_at_last=False),
    row("a link that goes back", special.Backtracking, "current.log", order="generation"),
    row("cp app.log app.log-DATE, > app.log", Copying, pattern="app.log-{t:%Y%m%d-%H%M%S}"),
    row("emptied without a copy", special.Emptied),
    row("emptied, all lines the same", special.Emptied, same=True, situations=("running",), rotates_at_last=False),
    row("deleted and made again", special.Deleted),
    row("a name that is not UTF-8", Shifting, "app-*.log", name="app-\udcff.log", pattern="app-\udcff.log.{}"),
    # What was written over is gone, and what stands at the seam is a line of two: judged are the warning, and that nothing comes four times.
    row("StandardOutput=file: of systemd", special.Overwriting, situations=("running",), says=False, says_on_stderr="append:", fragments=True,
        order="none", repeats=2, rotates_at_last=False),
]
