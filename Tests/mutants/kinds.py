"""What is mutated, which program gets it, and what of it must not be lost."""

import bz2
import gzip
import json
import lzma
import os
import shutil
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GOOD = 3  # good ones, each before and after mutated ones


class Unfit(Exception):
    """An input that is not tried, since it would do something else than be read."""


class Kind:
    def __init__(self, worker):
        self.worker, self.execute, self.inputs = worker, worker.execute, 0
        self.prepare()

    def prepare(self):
        pass

    def end(self):
        pass

    def fail(self, sentence):
        raise self.failure(sentence)

    def failure(self, sentence):
        import __main__

        return __main__.Failed(sentence)

    def mixed(self, mutator, good, target, own, count):
        """Good lines and mutated ones by turns, as one input."""
        lines = []
        self.inputs = 0
        for line in good:
            for _ in range(count):
                text = mutator.mutate(mutator.seed(target, own), own)
                if b'"end"' not in text and b"good" not in text:  # neither says that all is over, nor looks like a good one
                    lines.append(text)
                    self.inputs += 1
            lines.append(line)
        return b"\n".join(lines) + b"\n"

    def expect_all(self, wanted, output):
        missing = [text for text in wanted if text not in output]
        if missing:
            self.fail(f"good ones are lost: {missing[:3]}")


def records():
    now = int(time.time() * 1000)
    good = [b'{"source":"/good.log","timestamp":%d,"message":"good %d of them"}' % (now, n) for n in range(GOOD)]
    own = [
        b'{"source":"/bad.log","position":"2;802:1f3:4096:9a1c:77f0:1795341599000","timestamp":%d,"message":"a \\"line\\" of text \\u00e4"}' % now,
        b'{"source":"/bad.log","position":"","timestamp":%d}' % now,
        b'{"source":"/bad.log","timestamp":%d,"clock":"5f0c2a17:%d:360123","message":"x","gap":true,"group":"g","stream":"s"}' % (now, now),
    ]
    return good, own


class Filter(Kind):
    """Log records through cw-logfilter."""

    def play(self, mutator):
        good, own = records()
        _, output = self.execute(
            "cw-logfilter", "--records", "--exclude", "^bad.*(a|b)+$", input=self.mixed(mutator, good, "log-record", own, 100), statuses={0, 65, 70})
        self.expect_all(good, output)


class Put(Kind):
    """Log records through cw-putlogs."""

    def play(self, mutator):
        good, own = records()
        _, output = self.execute("cw-putlogs", "--records", "--dry-run", "--log-group", "g", input=self.mixed(mutator, good, "log-record", own, 100), statuses={0, 65, 70})
        self.expect_all([b'"message":"good %d of them"' % n for n in range(GOOD)], output)


class PutMetrics(Kind):
    def play(self, mutator):
        now = int(time.time() * 1000)
        good = [b'{"name":"good%d","value":%d,"timestamp":%d}' % (n, n, now) for n in range(GOOD)]
        own = [
            b'{"name":"Bad","value":1.5e3,"unit":"Count/Second","timestamp":%d,"dimensions":{"InstanceId":"a","Hostname":"b"},"resolution":1}' % now,
            b'{"name":"Bad","values":[1,2.5],"counts":[1,3],"timestamp":%d,"namespace":"N/x"}' % now,
            b'{"name":"Bad","statistics":{"count":3,"sum":6,"minimum":1,"maximum":3},"timestamp":%d}' % now,
        ]
        _, output = self.execute("cw-putmetrics", "--dry-run", input=self.mixed(mutator, good, "metric-record", own, 100), statuses={0, 65, 70})
        self.expect_all([b'"MetricName":"good%d"' % n for n in range(GOOD)], output)


class Lines(Kind):
    """Plain lines, of any bytes, through pattern and sender."""

    def play(self, mutator):
        good = [b"good line %d" % n for n in range(GOOD)]
        text = self.mixed(mutator, good, "plain-filter", [b"GET /health 200", b"Nov 30 12:00:00 host sshd[1]: fail" * 5], 40)
        _, output = self.execute("cw-logfilter", "--include", "(?i)GOOD|(a+)+b$", "--exclude", r"\bnever\d", input=text, statuses={0, 65})
        self.expect_all(good, output.split(b"\n"))
        _, output = self.execute("cw-putlogs", "--dry-run", "--log-group", "g", "--log-stream", "s", input=text, statuses={0, 65})
        self.expect_all([b'"message":"good line %d"' % n for n in range(GOOD)], output)


class Patterns(Kind):
    """A mutated pattern is refused, or keeps what it must: with an exclude that cannot match, every line."""

    own = [b"^(?:a|b)+\\s*$", b"(?x) a # b\n c", b"\\Q.*", b"(*UCP)\\w+", b"(?<n>x)\\k<n>", b"[[:alpha:]-\\d]{2,5}?", b"(?i)error|WARN"]

    def play(self, mutator):
        self.inputs = 1
        pattern = mutator.mutate(mutator.random.choice(self.own), self.own)
        line = b"good " + b"x" * mutator.random.choice((1, 3000))
        if not pattern:
            raise Unfit
        status, output = self.execute("cw-logfilter", "--include", "good", "--include", pattern, input=line + b"\n", statuses={0, 64, 65})
        if status != 64 and output != line + b"\n":
            self.fail(f"an include that matches keeps nothing: {output[:100]!r}")


class Configuration(Kind):
    """A mutated configuration is read or refused; nothing in it may be carried out here."""

    own = [json.dumps({
        "agent": {"instance": {"prefix": "a", "serial": 12345678901234567}, "region": "eu-west-1", "metrics_collection_interval": 60, "debug": True},
        "metrics": {"namespace": "System/A", "append_dimensions": {"a": "b"}, "aggregation_dimensions": [["a"], []], "metrics_collected": {
            "cpu": {"measurement": ["usage_idle", {"name": "time_user", "rename": "T", "unit": "Count"}], "resources": ["*"]},
            "disk": {"measurement": ["free"], "ignore_file_system_types": ["tmpfs"]}, "procstat": [{"pattern": "x", "measurement": ["pid_count"]}]}},
        "logs": {"log_group_name": "/g/{instance_id}", "retention_in_days": 30, "logs_collected": {"files": {"collect_list": [
            {"file_path": "/nowhere/*.log", "exclude_patterns": ["a.*b"], "timestamp_format": "%Y-%m-%d %H:%M:%S", "timezone": "UTC"},
            {"file_path": "/nowhere/**/{a,b}.txt", "multi_line_start_pattern": "{timestamp_format}", "publish_multi_logs": True, "encoding": "utf-16"},
        ]}, "journald": {"collect_list": [{"units": ["a.service"], "priority": "warning", "matches": [{"A": "b"}]}]}}},
    }, indent=1).encode()]

    def play(self, mutator):
        self.inputs = 1
        data = mutator.mutate(mutator.seed("configuration", self.own), self.own)
        lower = data.lower()
        if b"ommand" in lower or b"xec" in lower or b"\\u00" in lower or b"process" in lower:
            raise Unfit
        with open("c.json", "wb") as file:
            file.write(data)
        os.chmod("c.json", 0o600)
        status, _ = self.execute("cw-config", "check", "-c", "c.json", statuses={0, 78})
        command = mutator.random.choice((("instance-id",), ("show",), ("get", "logs.log_group_name"), ("fill", "c.json", "agent.debug=true")))
        arguments = command if command[0] == "fill" else (*command, "-c", "c.json")
        self.execute("cw-config", *arguments, statuses={0, 65, 69, 78})
        if status == 0 and b"/nowhere" in data and data.count(b"file_path") == data.count(b"/nowhere"):
            self.execute("cw-tail", "--once", "--state", "state", "-c", "c.json")


class SharedFiles(Kind):
    """AWS's own files, and what cw-creds says of them."""

    own = [
        b"[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\nregion = eu-west-1\n[profile a]\nsource_profile = b\nrole_arn = arn:aws:iam::1:role/x\n[profile b]\nsource_profile = a\n",
        b"[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://localhost:1\n[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n",
    ]

    def play(self, mutator):
        self.inputs = 2
        for name in ("config", "credentials"):
            data = mutator.mutate(mutator.seed("shared-config", self.own), self.own)
            if b"process" in data or b"://" in data.replace(b"https://localhost:1", b""):
                raise Unfit
            with open(name, "wb") as file:
                file.write(data)
            os.chmod(name, 0o600)
        environment = {"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "credentials"}
        self.execute("cw-creds", mutator.random.choice(("get", "explain")), environment=environment)


class State(Kind):
    """A log that is delivered to its middle; then its state is mutated, with right checksums or without. What was not delivered comes,
    unless the position itself says something else."""

    def prepare(self):
        shutil.rmtree("state", ignore_errors=True)
        with open("a.log", "w") as file:
            file.writelines(f"line {n} of what is old, and of no use to anybody else\n" for n in range(60))
        path = os.path.realpath("a.log")
        environment = {**self.worker.environment, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s"}
        with Server() as server:
            tail = subprocess.Popen([self.program("cw-tail"), "--once", "--state", "state", path], env=environment, stdout=subprocess.PIPE)
            subprocess.run(
                [self.program("cw-putlogs"), "--records", "--state", "state", "--log-group", "g", "--endpoint-url", server.url], stdin=tail.stdout,
                env=environment, check=True)
            tail.wait()
        with open("a.log", "a") as file:
            file.writelines(f"line {n} of what is new\n" for n in range(20))
        self.path = path
        with open("state/positions", "rb") as file:
            self.bytes = file.read()
        self.body = next(line for line in reversed(self.bytes.replace(b"\0", b"\n").split(b"\n")) if b'"position"' in line and b'a.log"' in line) + b"\n"
        self.position = self.body[self.body.index(b'"position"'):self.body.index(b',"seen"')]

    def program(self, name):
        return shutil.which(name, path=self.worker.environment["PATH"])

    def play(self, mutator):
        self.inputs = 1
        is_torn = mutator.random.random() < 0.3
        if is_torn:
            data = bytearray(self.bytes)
            place = data.find(b"cw-")
            for _ in range(mutator.random.choice((1, 4))):
                data[mutator.random.choice((place, 0, 16384, 32768)) + mutator.random.randrange(400)] = mutator.random.randrange(256)
            data = bytes(data[:mutator.random.choice((len(data), mutator.random.randrange(len(data)), len(data)))])
        else:
            body = mutator.mutate(self.body, [self.body])
            head = b"cw-positions 2 %s %d " % (mutator.random.choice((b"1", b"7", b"4611686018427387902")), len(body))
            slot = head + b"%x\n" % checksum(head + body) + body
            data = slot + bytes(max(3 * 16384 - len(slot), 0))
        shutil.rmtree("state")
        os.mkdir("state", 0o700)
        with open("state/positions", "wb") as file:
            file.write(data)
        os.utime("a.log", (0, mutator.random.choice((-(2**31), 0, 1, 2**31, 2**33, int(time.time())))))
        self.execute("cw-tail", "--status", "--state", "state", "--format", "table", self.path)
        status, output = self.execute("cw-tail", "--once", "--state", "state", self.path)
        if status == 0 and (is_torn or body.count(b"position") == 1 and self.position in body):
            self.expect_all([b"line %d of what is new" % n for n in range(20)], output)


def checksum(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


class Logs(Kind):
    """A log of mutated lines, whose times are looked for."""

    own = [b"2026-11-30 12:00:00,250 started", b"2026-02-29T24:00:61.999999999+14:00 x", b"  at a.b.c(D.java:1)", b"Nov 31 23:59:60 host x[1]: y"]

    def prepare(self):
        entry = {"file_path": os.path.realpath("a.log"), "timestamp_format": "%Y-%m-%d %H:%M:%S", "timezone": "UTC", "from_beginning": True}
        self.entries = [
            entry, {**entry, "multi_line_start_pattern": "{timestamp_format}"}, {**entry, "timestamp_format": "%b %d %H:%M:%S.%f"},
            {"file_path": entry["file_path"], "encoding": "utf-16le", "from_beginning": True}, {**entry, "encoding": "shift_jis"},
        ]

    def play(self, mutator):
        entry = mutator.random.choice(self.entries)
        with open("c.json", "w") as file:
            json.dump({"agent": {"instance": {"prefix": "a", "serial": "1"}}, "logs": {"log_group_name": "g", "logs_collected": {"files": {"collect_list": [entry]}}}}, file)
        good = [b"2026-11-30 12:00:0%d good line %d" % (n, n) for n in range(GOOD)]
        with open("a.log", "wb") as file:
            file.write(self.mixed(mutator, good, "timestamp-format", self.own, 40))
        _, output = self.execute("cw-tail", "--once", "--state", "state", "-c", "c.json")
        if "encoding" not in entry:
            self.expect_all([b"good line %d" % n for n in range(GOOD)], output)
        shutil.rmtree("state", ignore_errors=True)


class Packed(Kind):
    """A rotated file that is packed and damaged; the log goes on."""

    def prepare(self):
        text = b"".join(b"line %d of what was packed\n" % n for n in range(200))
        self.forms = {"gz": gzip.compress(text), "bz2": bz2.compress(text), "xz": lzma.compress(text)}

    def play(self, mutator):
        self.inputs = 1
        form = mutator.random.choice(("gz", "gz", "gz", "gz", "bz2", "xz"))
        shutil.rmtree("logs", ignore_errors=True)
        os.mkdir("logs")
        with open(f"logs/a.log.1.{form}", "wb") as file:
            file.write(mutator.mutate(self.forms[form], list(self.forms.values())))
        with open("logs/a.log", "w") as file:
            file.write("good line\n")
        _, output = self.execute("cw-tail", "--once", os.path.realpath("logs/a.log"), os.path.realpath(f"logs/a.log.1.{form}"))
        self.expect_all([b"good line"], output)


class Journal(Kind):
    """A journalctl that says anything, and ends in any way."""

    own = [
        b'{"__CURSOR":"s=a;i=1;b=c","__REALTIME_TIMESTAMP":"1795341620000000","__MONOTONIC_TIMESTAMP":"17","_BOOT_ID":"c","MESSAGE":"x","_SYSTEMD_UNIT":"a.service","_PID":"1"}',
        b'{"__CURSOR":"s=a;i=2;b=c","__REALTIME_TIMESTAMP":"1795341620000001","MESSAGE":[97,0,255],"PRIORITY":"3","SYSLOG_IDENTIFIER":"i"}',
    ]

    def prepare(self):
        os.makedirs("bin", exist_ok=True)
        with open("bin/journalctl", "w") as file:
            file.write("#!/bin/sh\ncat journal\nexit 0\n")
        os.chmod("bin/journalctl", 0o755)

    def play(self, mutator):
        with open("journal", "wb") as file:
            file.write(self.mixed(mutator, [b"", b""], "journal-entry", self.own, 4))
        self.execute("cw-tail", "--journal", "--once", "--from", "start", environment={"PATH": f"{os.path.realpath('bin')}:/usr/bin:/bin"})


class Server:
    """Answers in AWS's place: what it is told, once, and then as the service does."""

    def __init__(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, kind, answer = server.told.pop(0) if server.told else (200, "application/x-amz-json-1.1", b"{}")
                if status == 200 and answer == b"{}":
                    server.bodies.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
                self.send_response(status)
                for name, value in (("Content-Type", kind), ("x-amzn-RequestId", "0"), ("Content-Length", str(len(answer)))):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST

        self.told, self.bodies = [], []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Answers(Kind):
    """Somebody answers in the place of the container endpoint, or of CloudWatch Logs."""

    credentials = [b'{"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"s","Token":"t","Expiration":"2036-11-30T12:00:00Z","RoleArn":"arn:aws:iam::1:role/x"}']
    errors = [
        b'{"__type":"com.amazonaws#ThrottlingException","message":"Rate exceeded"}', b'{"__type":"ResourceNotFoundException","message":"The specified log stream does not exist."}',
        b'{"nextSequenceToken":"1","rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1,"tooNewLogEventStartIndex":2,"expiredLogEventEndIndex":0}}',
        b'{"__type":"InvalidSignatureException","message":"Signature expired: 20261130T000000Z is now earlier than 20261130T010000Z"}',
    ]

    def prepare(self):
        self.server = Server()
        self.server.__enter__()

    def end(self):
        self.server.__exit__()

    def play(self, mutator):
        self.inputs = 1
        self.server.bodies.clear()
        if mutator.random.random() < 0.8:
            answer = mutator.mutate(mutator.seed("aws-answer", self.credentials), self.credentials)
            self.server.told[:] = [(mutator.random.choice((200, 200, 200, 400, 403, 302)), "application/json", answer)] * 3
            self.execute("cw-creds", "get", environment={"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{self.server.url}/"})
            return
        answer = mutator.mutate(mutator.seed("aws-answer", self.errors), self.errors)
        self.server.told[:] = [(mutator.random.choice((200, 200, 400, 400, 413)), "application/x-amz-json-1.1", answer)]
        status, _ = self.execute(
            "cw-putlogs", "--log-group", "g", "--log-stream", "s", "--endpoint-url", self.server.url, input=b"good line\n",
            environment={"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s"})
        self.server.told.clear()
        # A 200 with an object, or with nothing, is an acceptance, whoever says it.
        if status == 0 and answer.strip() and not answer.lstrip().startswith(b"{") and not any(b"good line" in body for body in self.server.bodies):
            self.fail("the line was not accepted, and the program says that it was")


KINDS = {
    "filter": Filter, "put": Put, "put-metrics": PutMetrics, "lines": Lines, "patterns": Patterns, "configuration": Configuration, "shared-files": SharedFiles,
    "state": State, "logs": Logs, "packed": Packed, "journal": Journal, "answers": Answers,
}
