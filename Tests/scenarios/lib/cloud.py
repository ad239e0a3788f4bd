"""The cloud as the scenarios see it: a strict gate, alone or in front of a stand-in that verifies signatures.

    with Cloud() as cloud:                      # the gate answers by itself
    with Cloud(verified=True) as cloud:         # ministack behind it: IAM user, signatures, permissions, reading back
        result = cloud.run("cw-putlogs", "--log-group", "g", "--log-stream", "s", input=lines)
        cloud.requests("PutLogEvents"), cloud.messages("g", "s"), cloud.metrics()
"""

import contextlib
import json
import os
import ssl
import subprocess
import sys
import urllib.request

import ministack

TOP = os.environ["TOP"]
REGION = ministack.REGION


class Cloud:
    def __init__(self, verified=False, tls=False, address="127.0.0.1", directory="cloud"):
        self.verified, self.tls, self.address = verified, tls, address
        self.directory = os.path.abspath(directory)
        self.cleanup = contextlib.ExitStack()

    def __enter__(self):
        os.makedirs(self.directory)
        command = [sys.executable, f"{TOP}/Tests/aws/gate.py", "--record", self.directory, "--address", self.address]
        credentials = os.path.join(self.directory, "credentials")
        if self.verified:
            self.upstream = self.cleanup.enter_context(ministack.running(self.directory))
            command += ["--upstream", self.upstream]
        else:
            with open(credentials, "w") as file:
                file.write("[publisher]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n")
            os.chmod(credentials, 0o600)
        self.environment = {
            "AWS_SHARED_CREDENTIALS_FILE": credentials, "AWS_PROFILE": "publisher", "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        if self.tls:
            for option, name in (("--tls", "tls"), ("--wrong-tls", "wrong-tls")):
                subprocess.run([f"{TOP}/Tests/aws/make-ca", f"{self.directory}/{name}", self.address], check=True)
                command += [option, f"{self.directory}/{name}/server.pem", f"{self.directory}/{name}/server.key"]
            self.environment["AWS_CA_BUNDLE"] = f"{self.directory}/tls/ca.pem"
        self.gate = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.cleanup.callback(self.stop_gate)
        self.url = self.environment["AWS_ENDPOINT_URL"] = self.gate.stdout.readline().strip()
        if not self.url:
            raise SystemExit("the gate did not start")
        return self

    def __exit__(self, *exception):
        return self.cleanup.__exit__(*exception)

    def stop_gate(self):
        self.gate.stdin.close()
        self.gate.wait()

    def run(self, *command, **options):
        return run(*command, environment=self.environment, **options)

    def start(self, *command, **options):
        """The command in the background, as a subprocess.Popen; ended with the cloud at the latest."""
        process = subprocess.Popen(command, env={**os.environ, **self.environment}, **options)
        self.cleanup.callback(process.wait)
        self.cleanup.callback(process.terminate)
        return process

    def fault(self, *faults):
        """Faults to come, in the words of gate.py; without any, the remaining ones are called off."""
        self.ask("/__faults", json.dumps(faults).encode())

    def requests(self, target):
        """Every request for this call, accepted or not, in the order in which they came."""
        return [request for request in self.ask("/__state")["requests"] if request["target"] == target]

    def accepted(self, target):
        return [request for request in self.requests(target) if request["status"] == 200 and request.get("fault") in (None, "latency", "lostanswer")]

    def ask(self, path, data=None):
        trust = ssl.create_default_context(cafile=self.environment["AWS_CA_BUNDLE"]) if self.tls else None
        with urllib.request.urlopen(self.url + path, data=data, timeout=30, context=trust) as answer:
            return json.loads(answer.read())

    def events(self, group, stream):
        """The accepted events of one stream, in the order in which they were accepted."""
        events = self.record("events.jsonl")
        return [event for event in events if event["group"] == group and event["stream"] == stream]

    def messages(self, group, stream):
        return [event["message"] for event in self.events(group, stream)]

    def streams(self):
        return sorted({(event["group"], event["stream"]) for event in self.record("events.jsonl")})

    def metrics(self):
        return self.record("metrics.jsonl")

    def record(self, name):
        """What the gate has written so far; of a line that it is just writing there may be a part, which does not count yet."""
        with open(os.path.join(self.directory, name), encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.endswith("\n")]

    def client(self, service):
        """A boto3 client that may read everything, past the gate."""
        return ministack.root_client(service, self.upstream)

    def stored_messages(self, group, stream):
        """What the stand-in has stored, read back page by page through the API."""
        logs, token, messages = self.client("logs"), {}, []
        while True:
            page = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True, limit=10_000, **token)
            messages += [event["message"] for event in page["events"]]
            if token.get("nextToken") == page["nextForwardToken"] or not page["events"]:
                return messages
            token = {"nextToken": page["nextForwardToken"]}


def run(*command, input=b"", environment={}, timeout=120):
    """Runs a program to its end: result.returncode, result.stdout, result.stderr (text)."""
    if isinstance(input, str):
        input = input.encode()
    result = subprocess.run(command, input=input, capture_output=True, env={**os.environ, **environment}, timeout=timeout)
    result.stdout, result.stderr = result.stdout.decode(), result.stderr.decode()
    return result
