#!/usr/bin/env python3
"""A stand-in for AWS that verifies signatures and permissions, with one user who may only publish.

    ministack.py DIR

Starts ministack on a free port of 127.0.0.1, makes the user, writes DIR/credentials (a shared credentials file with the
profile `publisher`), prints the URL on standard output, and stops when its standard input ends: so it cannot outlive whoever
started it. What ministack itself says is in DIR/ministack.log.

ministack does not check the signature of the root keys, so whatever is under test must use the user's.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import boto3
import botocore.session
from botocore.config import Config

REGION = "eu-central-1"
ROOT = {"aws_access_key_id": "AKIAROOTROOTROOTROOT", "aws_secret_access_key": "root", "region_name": REGION}
# What the publisher needs, and nothing that reads log events or metrics back.
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
                "logs:PutLogEvents", "logs:PutRetentionPolicy", "logs:TagResource", "cloudwatch:PutMetricData",
            ],
            "Resource": "*",
        }
    ],
}


def root_client(service, url):
    """A client that may do everything, to read back what has arrived."""
    # A session of botocore that takes nothing from the environment: that is the publisher's.
    session = botocore.session.Session({"profile": (None, "NO_PROFILE", None, None), "ca_bundle": (None, "NO_BUNDLE", None, None)})
    return boto3.Session(botocore_session=session).client(
        service, endpoint_url=url, config=Config(retries={"max_attempts": 1}), **ROOT)


def role(url, name, principal={"AWS": "*"}, policy=POLICY, action="sts:AssumeRole"):
    """The ARN of a new role that may do what the publisher needs."""
    iam = root_client("iam", url)
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": action}]}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="publish", PolicyDocument=json.dumps(policy))
    return arn


def assume(url, arn, session_name):
    """Credentials of a session of this role that the stand-in verifies, for the services that it does not have."""
    return root_client("sts", url).assume_role(RoleArn=arn, RoleSessionName=session_name)["Credentials"]


@contextlib.contextmanager
def running(directory):
    """The URL of a stand-in that runs as long as the block."""
    os.makedirs(directory, exist_ok=True)
    process = None
    try:
        # It cannot be told to take a free port: one that is free now may be another's a moment later, and then it ends.
        for _ in range(3):
            process, url = start(directory)
            if is_healthy(process, url):
                break
            process.kill()
            process.wait()
        else:
            raise SystemExit(f"ministack.py: error: ministack did not start; see {directory}/ministack.log")
        write_credentials(url, os.path.join(directory, "credentials"))
        yield url
    finally:
        if process:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def start(directory):
    """A new process of it, and the URL at which it will answer."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {
        "AUTH": "true", "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "PATH": os.environ["PATH"], "HOME": directory,
        "TMPDIR": directory, "AWS_ACCESS_KEY_ID": ROOT["aws_access_key_id"], "AWS_SECRET_ACCESS_KEY": ROOT["aws_secret_access_key"],
        "MINISTACK_REGION": REGION,
        # Two listeners that it opens on all interfaces otherwise.
        "IOT_MTLS_ENABLED": "false", "SFTP_ENABLED": "false",
    }
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ministack_extended.py")
    with open(os.path.join(directory, "ministack.log"), "a") as log:
        # A process group of its own: Ctrl-C must not take it away from those who still deliver.
        process = subprocess.Popen(
            [sys.executable, program], env=environment, cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=os.setpgrp)
    return process, f"http://127.0.0.1:{port}"


def is_healthy(process, url):
    """Waits until it answers; False if it has ended."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/_ministack/health", timeout=5).read()
            return process.poll() is None
        time.sleep(0.05)
    return False


def write_credentials(url, path):
    iam = root_client("iam", url)
    iam.create_user(UserName="publisher")
    iam.put_user_policy(UserName="publisher", PolicyName="publish", PolicyDocument=json.dumps(POLICY))
    key = iam.create_access_key(UserName="publisher")["AccessKey"]
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("[publisher]\n")
        file.write(f"aws_access_key_id = {key['AccessKeyId']}\naws_secret_access_key = {key['SecretAccessKey']}\n")


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    with running(os.path.abspath(sys.argv[1])) as url:
        print(url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
