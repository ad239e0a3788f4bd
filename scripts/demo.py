"""Steps 3 to 5 of the demo: publish, read back, show. Run by scripts/demo."""

import contextlib
import glob
import json
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta, timezone

import chart
import ministack

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PLACE = f"{TOP}/build/demo"
VISITS = f"{PLACE}/visits"
SYSTEM_LOGS = ["/var/log/dpkg.log", "/var/log/apt/*.log"]
NAMESPACE = "System/Demo"
SECONDS = int(os.environ.get("DEMO_SECONDS", "120"))
INSTANCE = "demo-" + "".join(c if c.isalnum() or c in ".-_" else "-" for c in socket.gethostname()).lower()
GROUP, HISTORY = f"/demo/{INSTANCE}", "/demo/history"
CONFIGURATION = {
    "agent": {
        "instance": {"prefix": "demo", "serial": INSTANCE.removeprefix("demo-")},
        "region": ministack.REGION,
        "metrics_collection_interval": 1,
        "logs_collection_interval": 2,
        "logfile": f"{PLACE}/publisher.log",
        "state_directory": f"{PLACE}/state",
    },
    "metrics": {"namespace": NAMESPACE, "put_interval": 1},
    "logs": {
        "log_group_name": "/demo/{instance_id}",
        "retention_in_days": 7,
        "logs_collected": {"files": {"collect_list": [
            {"file_path": VISITS, "exclude_patterns": ["^DEBUG"]}, *({"file_path": path} for path in SYSTEM_LOGS),
        ]}},
    },
}


class Visits(threading.Thread):
    """Writes a log as a small web server would, and rotates it in the middle of the demo."""

    def __init__(self, stop):
        super().__init__(daemon=True)
        self.stop, self.written, self.dropped, self.rotated = stop, 0, 0, None

    def run(self):
        began = time.monotonic()
        while not self.stop.wait(0.05):
            if self.rotated is None and time.monotonic() - began > SECONDS / 2:
                os.rename(VISITS, VISITS + ".1")
                self.rotated = time.monotonic()
            with open(VISITS, "a", encoding="utf-8") as log:
                log.write(f"GET /page/{self.written % 97} 200 {self.written * 7919 % 500} ms, visit {self.written}\n")
                self.written += 1
                if self.written % 10 == 0:
                    log.write(f"DEBUG cache has {self.written % 31} pages\n")
                    self.dropped += 1


def make_load(parent):
    """Waves of work for a processor and the loopback network, so that there is something to see."""
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    peer, _ = server.accept()
    block, began = bytes(1 << 16), time.monotonic()
    while os.getppid() == parent:
        now = time.monotonic() - began
        busy = 0.45 * (1 - math.cos(2 * math.pi * now / max(20, SECONDS / 4)))
        until = time.monotonic() + 0.1 * busy
        while time.monotonic() < until:
            sum(range(1_000))
        if now % max(20, SECONDS / 4) > max(20, SECONDS / 4) * 0.6:
            for _ in range(1 + int(now * 3) % 40):
                client.sendall(block)
                left = len(block)
                while left:
                    left -= len(peer.recv(left))
        time.sleep(max(0.0, 0.1 * (1 - busy)))


def publish(environment):
    """Runs everything for SECONDS; returns what was written, and how the supervisor ended."""
    print(f"      the log files of this machine as they are: cw-tail --once | cw-logfilter | cw-putlogs into {HISTORY}")
    pipe = "cw-tail --once \"$@\" | cw-logfilter --records | cw-putlogs --records --log-group " + HISTORY
    present = [path for pattern in SYSTEM_LOGS for path in sorted(glob.glob(pattern))]
    if present:
        status = subprocess.run(["bash", "-o", "pipefail", "-c", pipe, "pipe", *present], env=environment).returncode
        if status != 0:
            raise SystemExit(f"demo: error: the pipe ended with {status}")

    print(f"      amazon-cloudwatch-publisher: a sample each second and a log that grows, for {SECONDS} s")
    open(VISITS, "w").close()
    stop = threading.Event()
    visits = Visits(stop)
    with contextlib.ExitStack() as cleanup:
        load = os.fork()
        if load == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            make_load(os.getppid())
            os._exit(0)
        cleanup.callback(os.waitpid, load, 0)
        cleanup.callback(os.kill, load, signal.SIGKILL)
        # A group of its own: Ctrl-C comes to us alone, and we end it in good order.
        supervisor = subprocess.Popen(
            [f"{TOP}/amazon-cloudwatch-publisher", f"{PLACE}/publisher.json"], env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stderr=open(f"{PLACE}/stderr", "w"))
        cleanup.callback(supervisor.wait)
        cleanup.callback(supervisor.terminate)
        time.sleep(1)  # cw-tail begins at the end of files that are there
        visits.start()
        wait_and_show(supervisor, visits)
        stop.set()
        visits.join()
        # cw-tail looks at its files a few times a second, and reads a file that was renamed for five seconds longer before the new one.
        time.sleep(max(1.0, (visits.rotated or 0) + 7 - time.monotonic()))
        supervisor.terminate()
        status = supervisor.wait()
    if status != 0:
        raise SystemExit(f"demo: error: the supervisor ended with {status}; see {PLACE}/publisher.log and {PLACE}/stderr")
    return visits, present


def wait_and_show(supervisor, visits):
    began = time.monotonic()
    while (passed := time.monotonic() - began) < SECONDS:
        if supervisor.poll() is not None:
            raise SystemExit(f"demo: error: the supervisor ended early; see {PLACE}/publisher.log and {PLACE}/stderr")
        if sys.stdout.isatty():
            bar = "█" * int(30 * passed / SECONDS)
            print(f"\r      {bar:░<30} {int(passed):3} of {SECONDS} s, {visits.written} lines written ", end="", flush=True)
        time.sleep(min(0.5, max(0.0, SECONDS - passed)))
    if sys.stdout.isatty():
        print(f"\r{'':79}\r", end="")


def read_metrics(url, began):
    """Every metric as it is stored: [(name, unit, dimensions, [(time, value), ...])], sorted by name."""
    cloudwatch = ministack.root_client("cloudwatch", url)
    found = []
    for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace=NAMESPACE):
        for metric in page["Metrics"]:
            points = cloudwatch.get_metric_statistics(
                Namespace=NAMESPACE, MetricName=metric["MetricName"], Dimensions=metric["Dimensions"], Period=1, Statistics=["Average"],
                StartTime=began - timedelta(seconds=5), EndTime=datetime.now(timezone.utc) + timedelta(seconds=5))["Datapoints"]
            series = sorted((point["Timestamp"].timestamp(), point["Average"]) for point in points)
            rest = [one["Value"] for one in metric["Dimensions"] if one["Name"] not in ("InstanceId", "Hostname")]
            found.append((" ".join([metric["MetricName"], *rest]), points[0]["Unit"] if points else "", series))
    return sorted(found)


def show_metrics(metrics):
    print(f"\n{'metric':30} {'samples':>7} {'min':>10} {'average':>10} {'max':>10}  unit")
    for name, unit, series in metrics:
        values = [value for _, value in series]
        if values:
            low, mean, high = (chart.short(value) for value in (min(values), sum(values) / len(values), max(values)))
            print(f"{name:30} {len(values):7} {low:>10} {mean:>10} {high:>10}  {unit}")
    series = {name: points for name, _, points in metrics}
    print("\n" + chart.in_terminal("CPUUtilization, percent", series["CPUUtilization"], top=100))
    print("\n" + chart.in_terminal("NetworkIn, bytes a second", series["NetworkIn"]))
    path = f"{PLACE}/metrics.svg"
    panels = [
        ("CPUUtilization, percent", {"CPUUtilization": series["CPUUtilization"]}, 100),
        ("Network, bytes a second", {name: series[name] for name in ("NetworkIn", "NetworkOut")}, None),
        ("MemoryUtilization, percent", {"MemoryUtilization": series["MemoryUtilization"]}, 100),
    ]
    with open(path, "w", encoding="utf-8") as file:
        file.write(chart.as_svg(f"{INSTANCE}, as stored in CloudWatch", panels))
    print(f"\nthe same as a picture: {os.path.relpath(path, os.getcwd())}")


def read_stream(logs, group, stream):
    messages, token = [], {}
    while True:
        page = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True, limit=10_000, **token)
        messages += [event["message"] for event in page["events"]]
        if not page["events"] or token.get("nextToken") == page["nextForwardToken"]:
            return messages
        token = {"nextToken": page["nextForwardToken"]}


def show_logs(url, visits, present):
    """Compares each stream with what was written; true if all are the same."""
    logs = ministack.root_client("logs", url)
    groups = [group["logGroupName"] for group in logs.describe_log_groups(logGroupNamePrefix="/demo/")["logGroups"]]
    streams = {(group, stream["logStreamName"]): read_stream(logs, group, stream["logStreamName"])
               for group in groups for stream in logs.describe_log_streams(logGroupName=group)["logStreams"]}
    wanted = {(GROUP, os.path.basename(VISITS)): visits.written}
    for path in present:
        with open(path, "rb") as file:
            lines = sum(line.strip(b"\r\n") != b"" for line in file)
        if lines:
            wanted[HISTORY, os.path.basename(path)] = lines
    print(f"\n{'log group':30} {'stream':24} {'written':>9} {'stored':>9}")
    good = True
    for key in sorted(set(streams) | set(wanted)):
        stored = len(streams.get(key, []))
        same = stored == wanted.get(key, stored)
        good = good and same
        print(f"{key[0]:30} {key[1]:24} {wanted.get(key, ''):>9} {stored:>9}  {'✓' if same else '✗ not the same'}")
    print(f"({visits.dropped} lines of visits begin with DEBUG: cw-logfilter dropped them. The file was rotated in the middle.)")
    for key, messages in sorted(streams.items()):
        print(f"\nthe last lines of {key[0]} {key[1]}:")
        for message in messages[-3:]:
            print(f"  {message[:110]}")
    return good


def main():
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    os.umask(0o077)
    shutil.rmtree(PLACE, ignore_errors=True)
    os.makedirs(PLACE)
    with open(f"{PLACE}/publisher.json", "w") as file:
        json.dump(CONFIGURATION, file, indent=2)
    with ministack.running(f"{PLACE}/ministack") as url:
        print(f"3/5 publish to a stand-in for CloudWatch at {url}, as a user who may do nothing else")
        environment = {
            "PATH": f"{TOP}/build/bin:/usr/bin:/bin", "HOME": PLACE, "LC_ALL": "C.UTF-8", "AWS_ENDPOINT_URL": url, "AWS_PROFILE": "publisher",
            "AWS_REGION": ministack.REGION, "AWS_SHARED_CREDENTIALS_FILE": f"{PLACE}/ministack/credentials",
        }
        began = datetime.now(timezone.utc)
        visits, present = publish(environment)
        print("4/5 read everything back through the API of CloudWatch")
        metrics = read_metrics(url, began)
        print("5/5 what is stored")
        show_metrics(metrics)
        good = show_logs(url, visits, present)
    if not good:
        raise SystemExit(f"demo: error: some stream has not what was written; see {PLACE}/publisher.log")
    print("\nEverything that was written is stored. Nothing is left running.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\ndemo: stopped; nothing is left running")
