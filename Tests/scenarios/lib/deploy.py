"""What the scenarios of cw-deploy-users have in common: the simulation, an administrator who may do just enough, and what is recorded.

    with Simulated(speed=20) as cognito:                # Cognito's quotas and CloudFormation, fast
        result = cognito.run("--systems", "systems.txt")
        cognito.state()["users"], recorded("passwords.txt")
    with Cloud(verified=True) as cloud:                 # ministack: signatures, permissions, real sign-in
        administrator(cloud)
        cloud.run("cw-deploy-users")
"""

import contextlib
import csv
import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request

from cloud import REGION, TOP, run
from creds import write
from expect import equal, expect

STACK = "amazon-cloudwatch-publisher"
PASSWORD = re.compile(r"[A-Za-z0-9!@#%^*()_=+-]{32}")
CLASSES = ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]")
OUTPUTS = {"Region", "AccountId", "UserPoolId", "IdentityPoolId", "AppClientId"}
# What the manual says that an administrator needs; CloudFormation acts for the same person.
ADMINISTRATOR = {
    "cognito": [
        "cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents", "cloudformation:GetTemplate",
        "cognito-idp:DescribeUserPool", "cognito-idp:ListUsers", "cognito-idp:AdminCreateUser", "cognito-idp:AdminSetUserPassword", "cognito-idp:AdminGetUser",
        "cognito-idp:AdminDisableUser", "cognito-idp:AdminUserGlobalSignOut",
    ],
    "iot": [
        "cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents", "cloudformation:GetTemplate",
        "iot:DescribeEndpoint", "iot:ListThingPrincipals", "iot:CreateThing", "iot:CreateCertificateFromCsr", "iot:AttachPolicy", "iot:AttachThingPrincipal", "iot:UpdateCertificate",
    ],
}
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true"}


class Simulated:
    """A running cognito_simulation.py; it can be killed and started again without forgetting anything."""

    def __init__(self, directory="simulation", **options):
        self.directory, self.port = os.path.abspath(directory), 0
        self.options = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", str(value))]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.process.stdin.close()
        self.process.wait()

    def start(self):
        command = [sys.executable, f"{TOP}/Tests/aws/cognito_simulation.py", self.directory, "--port", str(self.port), *self.options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        expect(self.url, "the simulation did not start")
        self.port = int(self.url.rpartition(":")[2])
        self.environment = {**CREDENTIALS, "AWS_ENDPOINT_URL": self.url}

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()

    def run(self, *arguments, **options):
        return run("cw-deploy-users", *arguments, environment=self.environment, **options)

    def popen(self, *arguments, **options):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options}
        return subprocess.Popen(["cw-deploy-users", *arguments], env={**os.environ, **self.environment}, **quiet)

    def ask(self, path, content=None):
        data = None if content is None else json.dumps(content).encode()
        with urllib.request.urlopen(self.url + path, data=data, timeout=60) as answer:
            return json.loads(answer.read())

    def state(self):
        return self.ask("/__state")

    def tell(self, *answers):
        self.ask("/__told", answers)

    def stacks(self, **stacks):
        self.ask("/__stacks", stacks)

    def signs_in(self, passwords):
        """Each system has one recorded password, and it is the one that Cognito knows."""
        users = self.state()["users"]
        for name, found in passwords.items():
            equal(len(found), 1, f"the number of recorded passwords of {name}")
            expect(name in users, f"{name} is recorded and not a user")
            equal(users[name]["status"], "CONFIRMED", f"the status of {name}")
            expect(users[name]["password"] == found[0], f"the recorded password of {name} is not the one that was set")


def systems(names, path="systems.txt"):
    return write(path, "".join(f"{name}\n" for name in names), 0o644)


def recorded(path="passwords.txt", format="text"):
    """The passwords of each system in an output file, in the order of the file."""
    with open(path, newline="") as file:
        text = file.read()
    expect(text.endswith("\n"), f"{path} does not end with a line feed")
    if format == "text":
        rows = []
        for line in text.splitlines():
            match = re.fullmatch(r"Added user: (\S+) // (\S+)", line)
            expect(match, f"a line of {path} has another form")
            rows.append(match.groups())
    elif format == "json":
        rows = [(row["id"], row["password"]) for row in map(json.loads, text.splitlines())]
    else:
        rows = [(row["id"], row["password"]) for row in csv.DictReader(text.splitlines())]
    found = {}
    for name, password in rows:
        found.setdefault(name, []).append(password)
    return found


def good(passwords, names):
    """One password each for exactly these systems, no two the same, each of the kind that was promised."""
    equal(sorted(passwords), sorted(names), "the recorded systems")
    every = [password for found in passwords.values() for password in found]
    equal(len(every), len(names), "the number of recorded passwords")
    equal(len(set(every)), len(every), "the number of different passwords")
    for password in every:
        expect(PASSWORD.fullmatch(password), "a password has another length or other characters")
        expect(all(re.search(kind, password) for kind in CLASSES), "a password lacks a kind of characters")
    return {name: found[0] for name, found in passwords.items()}


def private(*paths):
    for path in paths:
        equal(oct(os.lstat(path).st_mode & 0o7777), oct(0o600), f"the mode of {path}")


def administrator(cloud, kind="cognito", without=(), plus=()):
    """From here on cloud.run acts as an IAM user who may do what cw-deploy-users needs, except for what is left out, and besides."""
    iam = cloud.client("iam")
    name = f"administrator-{len(iam.list_users()['Users'])}"
    iam.create_user(UserName=name)
    actions = [action for action in (*ADMINISTRATOR[kind], *plus) if action not in without]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    iam.put_user_policy(UserName=name, PolicyName="deploy", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    cloud.environment |= {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    cloud.environment.pop("AWS_PROFILE", None)


def as_device(cloud):
    """The environment of a machine that has nothing but its configuration file."""
    return {name: value for name, value in cloud.environment.items() if not re.match("AWS_(ACCESS|SECRET|PROFILE|SHARED|REGION)", name)}


def on_device(cloud, *command):
    """Runs a program on a machine that has nothing but its configuration file."""
    return run("env", "-i", f"PATH={os.environ['PATH']}", *(f"{name}={value}" for name, value in as_device(cloud).items()), *command)


def outputs(cloud, stack=STACK):
    found = cloud.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
    return {output["OutputKey"]: output["OutputValue"] for output in found}


def users(cloud, pool):
    """All users of a pool by their names."""
    pages = cloud.client("cognito-idp").get_paginator("list_users").paginate(UserPoolId=pool)
    return {user["Username"]: user for page in pages for user in page["Users"]}


def tokens(cloud, outputs, name, password):
    """Signs in as the Python publisher did; None if it is refused."""
    idp = cloud.client("cognito-idp")
    with contextlib.suppress(idp.exceptions.NotAuthorizedException):
        answer = idp.initiate_auth(ClientId=outputs["AppClientId"], AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": name, "PASSWORD": password})
        return answer.get("AuthenticationResult")
    return None


def template(path="template.json", example="amazon-cloudwatch-publisher-rpi.json"):
    """An example configuration as the README says, with the state and the log in a folder of the test."""
    with open(f"{TOP}/configs/{example}") as file:
        content = json.load(file)
    content["agent"] |= {"state_directory": os.path.abspath("state"), "logfile": os.path.abspath("publisher.log")}
    return write(path, content, 0o644)


class Watcher(threading.Thread):
    """Collects the arguments and environments of the processes of this session, but for the test's own."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen, self.stopped = set(), threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stopped.set()
        self.join()

    def run(self):
        session = os.getsid(0)
        while not self.stopped.wait(0.002):
            for pid in filter(str.isdigit, os.listdir("/proc")):
                with contextlib.suppress(OSError):
                    if int(pid) != os.getpid() and os.getsid(int(pid)) == session:
                        for name in ("cmdline", "environ"):
                            with open(f"/proc/{pid}/{name}", "rb") as file:
                                self.seen.add(file.read())


def kill(process):
    """kill -9; whether it was still running."""
    running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return running
