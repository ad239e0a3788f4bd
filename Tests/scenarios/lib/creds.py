"""What the scenarios of cw-creds have in common: files, what `get` prints, and AWS's own command line tool."""

import contextlib
import datetime
import glob
import json
import os
import re
import subprocess
import time

import boto3
from botocore.config import Config

from cloud import REGION, run
from expect import equal, expect, succeeded

MEMBERS = {"Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "AccountId"}
SIGN_IN = ("InitiateAuth", "RespondToAuthChallenge", "GetId", "GetCredentialsForIdentity")


def write(path, content, mode=0o600):
    """A file, as text or JSON; its absolute path."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(content if isinstance(content, str) else json.dumps(content))
    os.chmod(path, mode)
    return os.path.abspath(path)


def configuration(path, content, state="state"):
    """A configuration file whose cache lies in `state`."""
    agent = {**content.get("agent", {}), "state_directory": os.path.abspath(state)}
    return write(path, {**content, "agent": agent})


def authenticated(path, authentication, state="state"):
    return configuration(path, {"agent": {"instance": {"prefix": "rpi", "serial": "1"}, "region": REGION, "authentication": authentication}}, state)


def process(result):
    """What `cw-creds get` printed, if it is exactly what a credential_process has to print."""
    succeeded(result, " ".join(result.args))
    equal(result.stderr, "", f"stderr of `{' '.join(result.args)}`")
    equal(result.stdout.count("\n"), 1, "the number of lines on stdout")
    made = json.loads(result.stdout)
    expect({"Version", "AccessKeyId", "SecretAccessKey"} <= set(made) <= MEMBERS, f"the members are {sorted(made)}")
    equal(made["Version"], 1, "Version")
    expect(all(isinstance(value, str) and value for name, value in made.items() if name != "Version"), "a member that is no text or empty")
    if "Expiration" in made:
        datetime.datetime.strptime(made["Expiration"], "%Y-%m-%dT%H:%M:%SZ")
    return made


def says(result, statuses, pattern):
    """The program exited so, and said so in exactly one line, which matches."""
    statuses = statuses if isinstance(statuses, tuple) else (statuses,)
    what = " ".join(result.args)
    lines = result.stderr.splitlines()
    expect(result.returncode in statuses, f"`{what}` exited with {result.returncode} and not {statuses} (stderr: {result.stderr!r})")
    equal(len(lines), 1, f"the number of lines on stderr of `{what}` ({result.stderr!r})")
    expect(re.search(pattern, lines[0], re.IGNORECASE), f"`{what}` does not say {pattern!r}: {lines[0]!r}")
    expect(lines[0].startswith("cw-"), f"it begins otherwise: {lines[0]!r}")
    equal(result.stdout, "", f"stdout of `{what}`")
    return lines[0]


def records(*lines, source="/var/log/s", end=True):
    """Log records for `cw-putlogs -c`."""
    now = int(time.time() * 1000)
    ending = [{"end": len(lines)}] if end else []
    return "".join(json.dumps(record) + "\n" for record in [{"source": source, "timestamp": now, "message": line} for line in lines] + ending)


def metric():
    return json.dumps({"name": "M", "value": 1, "timestamp": int(time.time() * 1000)}) + '\n{"end":1}\n'


PUTLOGS = ["cw-putlogs", "--log-group", "g", "--log-stream", "s", "-c"]


def checked(result):
    """The lines of `cw-creds check` by their first words."""
    succeeded(result, "cw-creds check")
    return table(result.stdout)


def table(text):
    lines = {}
    for line in text.splitlines():
        name, _, value = line.partition(" ")
        lines[name.rstrip(":")] = value.strip()
    return lines


def counts(cloud):
    """How often each of the calls of a Cognito user's sign-in was made."""
    return {target: len(cloud.requests(target)) for target in SIGN_IN}


def client(service, made, url):
    """A boto3 client with these credentials, which tries once."""
    return boto3.client(
        service, region_name=REGION, endpoint_url=url, aws_access_key_id=made["AccessKeyId"], aws_secret_access_key=made["SecretAccessKey"],
        aws_session_token=made.get("SessionToken"), config=Config(retries={"total_max_attempts": 1}))


def arn(made, url):
    return client("sts", made, url).get_caller_identity()["Arn"]


def aws(*arguments, environment={}):
    """AWS's command line tool, version 2."""
    expect(os.access("/usr/bin/aws", os.X_OK), "the AWS CLI is missing (make deps)")
    # What is a module for the scenarios may be another one for it.
    return run("env", "-u", "PYTHONPATH", "/usr/bin/aws", *arguments, environment={"AWS_PAGER": "", "AWS_DEFAULT_REGION": REGION, **environment})


def at_another_time(cloud, offset, *command, input=""):
    """The program with a clock that is wrong by so much, such as "+2h"."""
    found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1") + glob.glob("/usr/local/lib/faketime/libfaketime.so.1")
    expect(found, "libfaketime is missing (make deps)")
    # Through a shell: Swift does not find its arguments when a preloaded library has set a variable before.
    # FAKETIME_DONT_FAKE_MONOTONIC: pauses and time limits stay what they are.
    variables = [f"LD_PRELOAD={found[0]}", f"FAKETIME={offset}", "FAKETIME_DONT_FAKE_MONOTONIC=1"]
    process = subprocess.Popen(["env", *variables, "sh", "-c", 'exec "$@"', "sh", *command], env={**os.environ, **cloud.environment}, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(input, timeout=120)
    finally:
        process.kill()
        for name in (f"faketime_shm_{process.pid}", f"sem.faketime_sem_{process.pid}"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"/dev/shm/{name}")  # libfaketime forgets them where one program becomes another
    return subprocess.CompletedProcess(command, process.returncode, out, err)
