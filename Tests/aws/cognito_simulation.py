#!/usr/bin/env python3
"""A simulation of what cw-deploy-users asks of CloudFormation and Cognito: fast enough for 10,000 users, and as slow as their quotas.

    cognito_simulation.py DIR [--port PORT] [--speed N] [--latency SECONDS] [--lag SECONDS] [--stack-seconds SECONDS]

Prints its URL on standard output and serves until its standard input ends. Users, their passwords and the stacks are in
DIR/journal.jsonl: who kills it and starts it again on the same port and folder finds everything as it was. Signatures are not
verified and templates not looked into; ministack does both.

Beyond the quotas it answers TooManyRequestsException; N times as many calls a second are allowed with --speed N, as if N seconds
passed in one. A new user is missing in ListUsers for the lag, as it may be in Cognito.

    GET  /__state   {"users": {name: {"password", "status", "enabled", "passwords"}}, "calls": {name: n}, "throttled": {...}, "rates": {...}, "stacks": {...}}
    POST /__told    [{"call": "AdminCreateUser", "kind": "throttle", "times": 3, "skip": 1}, ...]: 500, throttle, reset, lostanswer, denied, or any code
    POST /__stacks  {name: {"status": ..., "outputs": {...}, "description": ..., "reason": ...}}; "fail": {name of a resource: reason} for those to come
"""

import argparse
import asyncio
import itertools
import json
import os
import re
import sys
import time
import uuid
from collections import Counter, deque
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

REGION, ACCOUNT = "eu-central-1", "123456789012"
# Calls a second of one account: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
QUOTAS = {
    "AdminCreateUser": 50, "AdminSetUserPassword": 30, "ListUsers": 30, "AdminGetUser": 120, "AdminDisableUser": 25, "AdminEnableUser": 25,
    "AdminUserGlobalSignOut": 30, "DescribeUserPool": 15, "DescribeUserPoolClient": 15,
}
# Calls a second for one user.
USER_QUOTA = 10
RESOURCES = {
    "UserPool": "AWS::Cognito::UserPool", "UserPoolClient": "AWS::Cognito::UserPoolClient", "IdentityPool": "AWS::Cognito::IdentityPool",
    "PublisherRole": "AWS::IAM::Role", "PrincipalTag": "AWS::Cognito::IdentityPoolPrincipalTag", "RoleAttachment": "AWS::Cognito::IdentityPoolRoleAttachment",
}
SYMBOLS = set("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-")


class Refused(Exception):
    def __init__(self, code, message="", status=400):
        super().__init__(message)
        self.code, self.status = code, status


class Bucket:
    """As many calls as the quota for a second at once, and as many each second."""

    def __init__(self, quota):
        self.quota, self.left, self.then = quota, quota, time.monotonic()

    def take(self):
        now = time.monotonic()
        self.left, self.then = min(self.quota, self.left + (now - self.then) * self.quota), now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Simulation:
    def __init__(self, options):
        self.options = options
        self.users, self.stacks, self.told, self.fail = {}, {}, [], {}
        self.calls, self.throttled, self.busiest = Counter(), Counter(), Counter()
        self.accepted = {}  # call: when, for the last second
        self.buckets = {call: Bucket(quota * options.speed) for call, quota in QUOTAS.items()}
        self.user_buckets = {}
        path = os.path.join(options.directory, "journal.jsonl")
        if os.path.exists(path):
            with open(path) as file:
                for line in file:
                    self.follow(json.loads(line))
        self.journal = open(path, "a", buffering=1)

    # What is remembered

    def keep(self, **change):
        self.journal.write(json.dumps(change) + "\n")
        self.follow(change)

    def follow(self, change):
        if "stack" in change:
            self.stacks[change["stack"]] = change["is"]
            if not change["is"]:
                del self.stacks[change["stack"]]
            return
        user = self.users.setdefault(change["user"], {"enabled": True, "passwords": [], "signed_out": 0, "created": change.get("time", 0)})
        user.update({name: change[name] for name in ("password", "status", "enabled", "signed_out") if name in change})
        if change.get("password"):
            user["passwords"].append(change["password"])

    # Cognito

    def user(self, request):
        self.pool(request)
        if (name := request["Username"]) not in self.users:
            raise Refused("UserNotFoundException", "User does not exist.")
        bucket = self.user_buckets.setdefault(name, Bucket(USER_QUOTA * self.options.speed))
        if not bucket.take():
            raise Refused("TooManyRequestsException", "Too many requests")
        return self.users[name]

    def pool(self, request):
        if not any(stack["outputs"].get("UserPoolId") == request["UserPoolId"] for stack in self.stacks.values()):
            raise Refused("ResourceNotFoundException", f"User pool {request['UserPoolId']} does not exist.")

    @staticmethod
    def check_password(password):
        classes = (str.islower, str.isupper, str.isdigit, SYMBOLS.__contains__)
        if not 20 <= len(password) <= 256 or any(c.isspace() for c in password) or not all(any(map(c, password)) for c in classes):
            raise Refused("InvalidPasswordException", "Password did not conform with policy")

    def described(self, name):
        user = self.users[name]
        return {"Username": name, "Attributes": [{"Name": "sub", "Value": str(uuid.uuid5(uuid.NAMESPACE_OID, name))}], "UserCreateDate": user["created"],
                "UserLastModifiedDate": user["created"], "Enabled": user["enabled"], "UserStatus": user["status"]}

    def AdminCreateUser(self, request):
        self.pool(request)
        name = request["Username"]
        if request.get("MessageAction") != "SUPPRESS":
            raise Refused("InvalidParameterException", "Cognito would try to send a message: MessageAction is not SUPPRESS")
        if not re.fullmatch(r"[\w.-]{1,128}", name):
            raise Refused("InvalidParameterException", "1 validation error detected: Value at 'username' failed to satisfy constraint")
        if name in self.users:
            raise Refused("UsernameExistsException", "User account already exists")
        self.check_password(request.get("TemporaryPassword") or "Made-up-by-Cognito-1!")
        self.keep(user=name, status="FORCE_CHANGE_PASSWORD", password=request.get("TemporaryPassword"), time=time.time())
        return {"User": self.described(name)}

    def AdminSetUserPassword(self, request):
        self.user(request)
        self.check_password(request["Password"])
        self.keep(user=request["Username"], status="CONFIRMED" if request.get("Permanent") else "FORCE_CHANGE_PASSWORD", password=request["Password"])
        return {}

    def AdminGetUser(self, request):
        self.user(request)
        user = self.described(request["Username"])
        return {"UserAttributes": user.pop("Attributes"), **user}

    def AdminDisableUser(self, request):
        self.user(request)
        self.keep(user=request["Username"], enabled=False)
        return {}

    def AdminEnableUser(self, request):
        self.user(request)
        self.keep(user=request["Username"], enabled=True)
        return {}

    def AdminUserGlobalSignOut(self, request):
        self.keep(user=request["Username"], signed_out=self.user(request)["signed_out"] + 1)
        return {}

    def ListUsers(self, request):
        self.pool(request)
        limit = request.get("Limit", 60)
        if not 0 <= limit <= 60:
            raise Refused("InvalidParameterException", "1 validation error detected: Value at 'limit' failed to satisfy constraint")
        names = list(self.users)
        first = int(request.get("PaginationToken") or 0)
        last = min(first + (limit or 60), len(names))
        seen = time.time() - self.options.lag
        answer = {"Users": [self.described(name) for name in names[first:last] if self.users[name]["created"] <= seen]}
        return {**answer, "PaginationToken": str(last)} if last < len(names) else answer

    def DescribeUserPool(self, request):
        self.pool(request)
        policy = {"MinimumLength": 20, "RequireUppercase": True, "RequireLowercase": True, "RequireNumbers": True, "RequireSymbols": True, "TemporaryPasswordValidityDays": 1}
        return {"UserPool": {"Id": request["UserPoolId"], "Name": "amazon-cloudwatch-publisher", "Policies": {"PasswordPolicy": policy}, "EstimatedNumberOfUsers": len(self.users)}}

    # CloudFormation

    def stack(self, request):
        name = request.get("StackName", "")
        stack = self.stacks.get(name) or next((stack for stack in self.stacks.values() if stack["id"] == name), None)
        if not stack:
            raise Refused("ValidationError", f"Stack with id {name} does not exist")
        self.progress(stack)
        if stack["name"] not in self.stacks:
            raise Refused("ValidationError", f"Stack with id {name} does not exist")
        return stack

    def progress(self, stack):
        """What has become of it since it was told to change."""
        if not stack["status"].endswith("IN_PROGRESS"):
            return
        step = self.options.stack_seconds / (len(RESOURCES) + 1)
        verb = stack["status"].split("_")[0]
        if verb == "DELETE":
            if time.time() > stack["began"] + self.options.stack_seconds:
                self.keep(stack=stack["name"], **{"is": None})
            return
        for place, (name, type) in enumerate(RESOURCES.items()):
            if time.time() < stack["began"] + step * (place + 1):
                return
            if any(event["name"] == name for event in stack["events"]):
                continue
            stack["events"].append(event := {"name": name, "type": type, "status": f"{verb}_COMPLETE", "reason": "", "time": time.time()})
            if name in stack["fail"]:
                event.update(status=f"{verb}_FAILED", reason=stack["fail"][name])
                for late in list(RESOURCES.items())[place + 1:]:
                    cancelled = {"status": f"{verb}_FAILED", "reason": "Resource creation cancelled", "time": time.time()}
                    stack["events"].append({"name": late[0], "type": late[1], **cancelled})
                stack.update(status="ROLLBACK_COMPLETE" if verb == "CREATE" else "UPDATE_ROLLBACK_COMPLETE", outputs={})
                break
        else:
            stack["status"] = f"{verb}_COMPLETE"
            stack["outputs"] = stack["outputs"] or {
                "Region": REGION, "AccountId": ACCOUNT, "UserPoolId": f"{REGION}_Simulat1n", "AppClientId": "simulatedclient0123456789a", "IdentityPoolId": f"{REGION}:{uuid.uuid4()}"}
        whole = {"name": stack["name"], "type": "AWS::CloudFormation::Stack", "status": stack["status"], "reason": "", "time": time.time()}
        stack["events"].append(whole)
        self.keep(stack=stack["name"], **{"is": stack})

    @staticmethod
    def parameters(request, before):
        parameters = {}
        for n in itertools.count(1):
            place = f"Parameters.member.{n}."
            if (key := request.get(place + "ParameterKey")) is None:
                return parameters
            parameters[key] = before.get(key) if request.get(place + "UsePreviousValue") == "true" else request.get(place + "ParameterValue", "")

    def CreateStack(self, request):
        name = request["StackName"]
        if name in self.stacks:
            raise Refused("AlreadyExistsException", f"Stack [{name}] already exists")
        self.check_template(request)
        stack = {"name": name, "id": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/{uuid.uuid4()}", "status": "CREATE_IN_PROGRESS", "outputs": {}, "events": [],
                 "template": request["TemplateBody"], "parameters": self.parameters(request, {}), "began": time.time(), "fail": self.fail, "reason": "",
                 "description": description(request["TemplateBody"])}
        self.keep(stack=name, **{"is": stack})
        return f"<StackId>{stack['id']}</StackId>"

    def UpdateStack(self, request):
        stack = self.stack(request)
        template = stack["template"] if request.get("UsePreviousTemplate") == "true" else request.get("TemplateBody", "")
        if not stack["status"].endswith("_COMPLETE") or stack["status"] == "ROLLBACK_COMPLETE":
            raise Refused("ValidationError", f"Stack:{stack['id']} is in {stack['status']} state and can not be updated.")
        self.check_template({**request, "TemplateBody": template})
        parameters = self.parameters(request, stack["parameters"])
        if (template, parameters) == (stack["template"], stack["parameters"]):
            raise Refused("ValidationError", "No updates are to be performed.")
        stack.update(status="UPDATE_IN_PROGRESS", template=template, parameters=parameters, began=time.time(), events=[], fail=self.fail, description=description(template))
        self.keep(stack=stack["name"], **{"is": stack})
        return f"<StackId>{stack['id']}</StackId>"

    @staticmethod
    def check_template(request):
        if len(request["TemplateBody"].encode()) > 51_200:
            raise Refused("ValidationError", "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200")
        if not any(request.get(f"Capabilities.member.{n}") in ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM") for n in (1, 2)):
            raise Refused("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]")

    def DescribeStacks(self, request):
        stacks = [self.stack(request)] if request.get("StackName") else self.stacks.values()
        return "<Stacks>" + "".join(
            f"<member><StackId>{stack['id']}</StackId><StackName>{stack['name']}</StackName><Description>{escape(stack['description'])}</Description>"
            f"<StackStatus>{stack['status']}</StackStatus><StackStatusReason>{escape(stack['reason'])}</StackStatusReason><CreationTime>{when(stack['began'])}</CreationTime>"
            + members("Parameters", ({"ParameterKey": key, "ParameterValue": value} for key, value in stack["parameters"].items()))
            + members("Outputs", ({"OutputKey": key, "OutputValue": value} for key, value in stack["outputs"].items()))
            + "</member>" for stack in stacks) + "</Stacks>"

    def GetTemplate(self, request):
        return f"<TemplateBody>{escape(self.stack(request)['template'])}</TemplateBody>"

    def DescribeStackEvents(self, request):
        stack = self.stack(request)
        return members("StackEvents", (
            {"StackId": stack["id"], "StackName": stack["name"], "EventId": f"{event['name']}-{event['status']}-{n}", "LogicalResourceId": event["name"], "ResourceType": event["type"],
             "ResourceStatus": event["status"], "ResourceStatusReason": event["reason"], "Timestamp": when(event["time"])}
            for n, event in reversed(list(enumerate(stack["events"])))))

    def DescribeStackResources(self, request):
        stack = self.stack(request)
        return members("StackResources", (
            {"StackName": stack["name"], "LogicalResourceId": event["name"], "PhysicalResourceId": event["name"], "ResourceType": event["type"], "ResourceStatus": event["status"],
             "ResourceStatusReason": event["reason"], "Timestamp": when(event["time"])} for event in stack["events"]))

    def GetCallerIdentity(self, request):
        return f"<Arn>arn:aws:iam::{ACCOUNT}:user/admin</Arn><UserId>AIDAADMIN</UserId><Account>{ACCOUNT}</Account>"

    # Answers

    def answer(self, call, request):
        """What the call returns; raises Refused."""
        self.calls[call] += 1
        if (bucket := self.buckets.get(call)) and not bucket.take():
            self.throttled[call] += 1
            raise Refused("TooManyRequestsException", "Rate exceeded")
        if call not in CALLS:
            raise Refused("UnknownOperationException", f"The simulation does not know {call}")
        answer = getattr(self, call)(request)
        now, accepted = time.monotonic(), self.accepted.setdefault(call, deque())
        accepted.append(now)
        while accepted[0] < now - 1:
            accepted.popleft()
        self.busiest[call] = max(self.busiest[call], len(accepted))
        return answer

    def next_told(self, call):
        for told in self.told:
            if told.get("call", call) != call or told.get("times", 1) == 0:
                continue
            if told.get("skip", 0) > 0:
                told["skip"] -= 1
                continue
            told["times"] = told.get("times", 1) - 1
            return told["kind"]
        return None

    def control(self, path, body):
        if path == "/__state":
            for stack in list(self.stacks.values()):
                self.progress(stack)
            return {"users": self.users, "calls": self.calls, "throttled": self.throttled, "busiest": self.busiest, "stacks": self.stacks}
        if path == "/__told":
            self.told = json.loads(body)
        elif path == "/__stacks":
            stacks = json.loads(body)
            self.fail = stacks.pop("fail", {})
            for name, stack in stacks.items():
                blank = {"name": name, "id": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/{uuid.uuid4()}", "status": "CREATE_COMPLETE", "outputs": {}, "events": [], "template": "",
                         "parameters": {}, "began": time.time(), "fail": {}, "reason": "", "description": ""}
                self.keep(stack=name, **{"is": {**blank, **stack}})
        return {}


CALLS = {name for name in vars(Simulation) if name[0].isupper()}


def description(template):
    found = re.search(r"^Description: *(.*)$", template, re.MULTILINE)
    return found[1].strip("\"'") if found else ""


def when(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds * 1000) % 1000:03}Z"


def members(name, items):
    return f"<{name}>" + "".join("<member>" + "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in item.items()) + "</member>" for item in items) + f"</{name}>"


async def converse(simulation, reader, writer):
    """One connection, kept alive."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            line, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
            if headers.get("expect", "").lower() == "100-continue":
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            if (path := line.split(" ")[1]).startswith("/__"):
                status, type, answer = 200, "application/json", json.dumps(simulation.control(path, body))
            elif (found := await respond(simulation, headers, body)) is None:
                writer.transport.abort()
                return
            else:
                status, type, answer = found
            data = answer.encode()
            writer.write(f"HTTP/1.1 {status} Simulated\r\nContent-Type: {type}\r\nContent-Length: {len(data)}\r\nDate: {date()}\r\nx-amzn-RequestId: {uuid.uuid4()}\r\n\r\n".encode() + data)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def date():
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())


async def respond(simulation, headers, body):
    """(status, type, text), or None for a connection that ends."""
    if simulation.options.latency:
        await asyncio.sleep(simulation.options.latency)
    if target := headers.get("x-amz-target"):
        call, form = target.split(".")[-1], False
        request = json.loads(body or b"{}")
    else:
        form, request = True, dict(parse_qsl(body.decode(), keep_blank_values=True))
        call = request.get("Action", "")
    told = simulation.next_told(call)
    try:
        if told == "reset":
            simulation.calls[call] += 1
            return None
        if told == "500":
            raise Refused("InternalErrorException", "internal error", 500)
        if told == "throttle":
            raise Refused("Throttling" if form else "TooManyRequestsException", "Rate exceeded")
        if told == "denied":
            action = f"{'cloudformation' if form else 'cognito-idp'}:{call}"
            raise Refused("AccessDenied" if form else "AccessDeniedException",
                          f"User: arn:aws:iam::{ACCOUNT}:user/admin is not authorized to perform: {action} on resource: * because no identity-based policy allows the {action} action",
                          403 if form else 400)
        if told and told != "lostanswer":
            raise Refused(told, "as it was told to")
        answer = simulation.answer(call, request)
        if told == "lostanswer":
            return None
        if not form:
            return 200, "application/x-amz-json-1.1", json.dumps(answer)
        return 200, "text/xml", f"<{call}Response><{call}Result>{answer}</{call}Result><ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata></{call}Response>"
    except Refused as refused:
        if not form:
            return refused.status, "application/x-amz-json-1.1", json.dumps({"__type": refused.code, "message": str(refused)})
        error = f"<Error><Type>Sender</Type><Code>{refused.code}</Code><Message>{escape(str(refused))}</Message></Error>"
        return refused.status, "text/xml", f"<ErrorResponse>{error}<RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"


async def serve(options):
    simulation = Simulation(options)
    server = await asyncio.start_server(lambda reader, writer: converse(simulation, reader, writer), "127.0.0.1", options.port, limit=1 << 20)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)  # connections may be open


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--speed", type=float, default=1)
    for name, default in (("latency", 0), ("lag", 0), ("stack-seconds", 0.3)):
        parser.add_argument(f"--{name}", type=float, default=default)
    options = parser.parse_args()
    os.makedirs(options.directory, exist_ok=True)
    asyncio.run(serve(options))


if __name__ == "__main__":
    main()
