#!/usr/bin/env python3
"""A strict gate in front of a stand-in for AWS, or alone.

    gate.py --record DIR [--upstream http://127.0.0.1:PORT] [--tls CERTIFICATE KEY [--wrong-tls CERTIFICATE KEY] [--address IP]]

Prints its URL on standard output and serves until its standard input ends.

It enforces every limit of CreateLogGroup, PutLogEvents and PutMetricData (limits.py), which the stand-ins do not; writes down every request
and everything that was accepted; and plays the faults that it is told. Requests travel on unchanged, Host included, so
that the stand-in behind it verifies their signatures. Without --upstream it answers the few calls we make by itself.
The calls of signing in (Cognito, which are not signed, and STS, which are forms) are written down and meet faults as well.

    POST /__faults [{"target": "PutLogEvents", "kind": "throttle", "times": 3, "skip": 1, "seconds": 2}, ...]
                   "several": true spares requests with a single event
                   kind "answer" has "status" and "body" (text, or what becomes JSON): any answer that is wanted; "echo" has the request
                   in it; with "lag" a stream is there so many seconds after it was made
    GET  /__state  {"requests": [...], "faults": [...]}

DIR/events.jsonl has one line per accepted log event, DIR/metrics.jsonl one per accepted data point; DIR/batches.jsonl one per
accepted PutLogEvents, in the order of events.jsonl: how many of its lines are this request's, and who signed it.
"""

import argparse
import contextlib
import gzip
import http.client
import json
import os
import re
import signal
import socket
import ssl
import struct
import sys
import threading
import time
from datetime import datetime, timezone
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from limits import RETENTION_DAYS, Refused, check_log_events, check_log_group, check_metric_data

# kind: (HTTP status, content type, body); these answers never reach the upstream.
ANSWERS = {
    "500": (500, "application/x-amz-json-1.1", b'{"__type":"InternalFailure","message":"internal failure"}'),
    "503": (503, "application/x-amz-json-1.1", b'{"__type":"ServiceUnavailableException","message":"try again later"}'),
    "throttle": (400, "application/x-amz-json-1.1", b'{"__type":"ThrottlingException","message":"Rate exceeded"}'),
    "accessdenied": (400, "application/x-amz-json-1.1", b'{"__type":"AccessDeniedException","message":"User is not authorized"}'),
    "expiredtoken": (400, "application/x-amz-json-1.1", b'{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}'),
    "html200": (200, "text/html", b"<html><body>Welcome to our hotel. Please log in.</body></html>"),
    "redirect": (302, "text/html", b""),
    "413": (413, "text/html", b"<html><body>413 Request Entity Too Large</body></html>"),
}
# Nobody signs these: they are how one gets the credentials to sign with.
UNSIGNED = {"InitiateAuth", "RespondToAuthChallenge", "GetTokensFromRefreshToken", "GetId", "GetCredentialsForIdentity", "AssumeRoleWithWebIdentity"}
WHO_ASKS = {
    "AccessDeniedException", "AccessDenied", "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch",
    "ExpiredTokenException", "ExpiredToken",
}
DROPPING = {"reset", "refuse", "hang"}


class Gate:
    """What the connections share: the record, the faults, and the service itself when there is no upstream."""

    def __init__(self, record, upstream):
        self.upstream = upstream
        self.lock = threading.Lock()
        self.requests, self.faults, self.connections = [], [], set()
        self.events = open(os.path.join(record, "events.jsonl"), "w", encoding="utf-8")
        self.metrics = open(os.path.join(record, "metrics.jsonl"), "w", encoding="utf-8")
        self.batches = open(os.path.join(record, "batches.jsonl"), "w", encoding="utf-8")
        self.groups = {}  # name: {"retention": days or None, "streams": set of names, "made_with": class, key and tags}
        self.made = {}  # (group, stream): when
        self.refuse_until, self.closed = 0.0, threading.Event()
        self.wrong_certificate_until = 0.0

    def throw_out(self):
        """Ends all connections that are open; their handlers wake up and end."""
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def take_fault(self, target, body):
        """The fault that this request meets, if any."""
        with self.lock:
            for fault in self.faults:
                if fault.get("target", target) != target or fault.get("times", 1) == 0:
                    continue
                if fault.get("several") and body.count(b'"timestamp":') < 2:
                    continue
                if fault.get("skip", 0) > 0:
                    fault["skip"] -= 1
                    continue
                fault["times"] = fault.get("times", 1) - 1
                return fault
        return None

    def retention(self, group):
        return self.groups.get(group, {}).get("retention")

    def keep_events(self, request, accepted, access_key):
        place = {"group": request["logGroupName"], "stream": request["logStreamName"]}
        events = [{**place, "timestamp": event["timestamp"], "message": event["message"]} for event in accepted]
        batch = {**place, "events": len(accepted), "access_key": access_key, "time": time.time()}
        self.write((self.events, events), (self.batches, [batch]))

    def keep_metrics(self, request, data):
        self.write((self.metrics, [{"Namespace": request["Namespace"], **datum} for datum in data]))

    def write(self, *records):
        records = [(file, "".join(json.dumps(item) + "\n" for item in items)) for file, items in records]
        with self.lock:
            for file, lines in records:
                file.write(lines)
                file.flush()

    def remember(self, target, request):
        """Follows what the upstream has accepted, as far as the limits depend on it."""
        with self.lock:
            if target == "CreateLogGroup":
                self.groups.setdefault(request["logGroupName"], {"retention": None, "streams": set(), "made_with": made_with(request)})
            elif target == "CreateLogStream" and request["logGroupName"] in self.groups:
                self.groups[request["logGroupName"]]["streams"].add(request["logStreamName"])
                self.made[request["logGroupName"], request["logStreamName"]] = time.monotonic()
            elif target == "PutRetentionPolicy" and request["logGroupName"] in self.groups:
                self.groups[request["logGroupName"]]["retention"] = request["retentionInDays"]

    def answer(self, target, request):
        """The service itself, as far as we call it."""
        name = request.get("logGroupName")
        group = self.groups.get(name)
        if target in ("CreateLogStream", "PutRetentionPolicy", "PutLogEvents") and group is None:
            raise Refused("ResourceNotFoundException", "The specified log group does not exist.")
        if target == "CreateLogGroup" and group is not None:
            raise Refused("ResourceAlreadyExistsException", "The specified log group already exists")
        if target == "CreateLogStream" and request["logStreamName"] in group["streams"]:
            raise Refused("ResourceAlreadyExistsException", "The specified log stream already exists")
        if target == "PutLogEvents" and request["logStreamName"] not in group["streams"]:
            raise Refused("ResourceNotFoundException", "The specified log stream does not exist.")
        if target == "PutRetentionPolicy" and request.get("retentionInDays") not in RETENTION_DAYS:
            raise Refused("InvalidParameterException", "Invalid retention value. Check valid retention value.")
        if target == "DescribeLogGroups":
            prefix = request.get("logGroupNamePrefix", "")
            found = {name: group for name, group in self.groups.items() if name.startswith(prefix)}
            return {"logGroups": [{"logGroupName": name, **group["made_with"], **days(group)} for name, group in sorted(found.items())]}
        if target == "DescribeLogStreams":
            return {"logStreams": [{"logStreamName": stream} for stream in sorted(group["streams"])]}
        if target == "PutLogEvents":
            return {"nextSequenceToken": "0"}
        if target in ("CreateLogGroup", "CreateLogStream", "PutRetentionPolicy", "PutMetricData"):
            return {}
        raise Refused("UnknownOperationException", f"{target} is not known here")


def made_with(request):
    return {name: value for name, value in request.items() if name != "logGroupName"}


def days(group):
    return {"retentionInDays": group["retention"]} if group["retention"] else {}


class Connection(BaseHTTPRequestHandler):
    """One client connection, with at most one connection of its own to the upstream."""

    protocol_version = "HTTP/1.1"
    gate = None
    upstream = None
    query = False  # whether this request speaks the query protocol: a form, answered in XML

    def setup(self):
        super().setup()
        self.gate.connections.add(self.connection)

    def finish(self):
        self.gate.connections.discard(self.connection)
        if self.upstream:
            self.upstream.close()
        with contextlib.suppress(OSError):  # the client may be gone
            super().finish()

    def log_message(self, format, *arguments):
        pass  # the record has it all

    def do_GET(self):
        if self.path == "/__state":
            with self.gate.lock:
                state = {"requests": self.gate.requests, "faults": self.gate.faults}
                self.reply(200, "application/json", json.dumps(state).encode())
        else:
            self.pass_on(self.body())

    def do_POST(self):
        body = self.body()
        if self.path == "/__faults":
            with self.gate.lock:
                self.gate.faults[:] = json.loads(body)
            return self.reply(200, "application/json", b"{}")
        target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        self.query = not target and self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        if self.query:
            target = dict(parse_qsl(body.decode("utf-8", "replace"))).get("Action", "")
        if not target:
            return self.pass_on(body)
        entry = {
            "target": target, "time": time.time(), "wire_bytes": len(body), "connection": self.client_address[1],
            "gzip": self.headers.get("Content-Encoding") == "gzip", "host": self.headers.get("Host"),
            "agent": self.headers.get("User-Agent"), "access_key": access_key(self.headers), "status": None, "error": None,
        }
        with self.gate.lock:
            self.gate.requests.append(entry)
        fault = self.gate.take_fault(target, body)
        if fault:
            entry["fault"] = fault["kind"]
            if self.play(fault, target, body, entry):
                return None
        self.serve(target, body, entry)

    def play(self, fault, target, body, entry):
        """Does what the fault says; true if that was all."""
        kind, seconds = fault["kind"], fault.get("seconds", 0)
        if kind in ANSWERS:
            status, content_type, answer = ANSWERS[kind]
            entry["status"] = status
            if self.query and content_type.endswith("json-1.1"):
                return self.refuse(Refused(*json.loads(answer).values(), status)) or True
            self.reply(status, content_type, answer, {"Location": "http://127.0.0.1:1/"} if kind == "redirect" else {})
        elif kind == "answer":
            entry["status"], answer = fault.get("status", 200), fault["body"]
            answer = answer if isinstance(answer, str) else json.dumps(answer)
            self.reply(entry["status"], fault.get("type", "application/x-amz-json-1.1"), answer.encode())
        elif kind == "halfjson":
            entry["status"] = 200
            self.reply(200, "application/x-amz-json-1.1", b'{"nextSequenceToken":"49', missing=40)
        elif kind == "lostanswer":
            self.serve(target, body, entry, silently=True)
            self.drop()
        elif kind in DROPPING:
            if kind == "refuse":
                self.gate.refuse_until = time.monotonic() + seconds
                self.gate.closed.wait()
            elif kind == "hang":
                time.sleep(seconds or 3600)
            self.drop()
        elif kind == "skew":
            # The service's clock goes wrong by so many seconds; the client must find out by the Date header.
            return self.refuse_skewed(seconds, entry)
        elif kind == "latency":
            time.sleep(seconds)
            return False
        elif kind == "echo":
            entry["status"], sent = 400, gzip.decompress(body) if entry["gzip"] else body
            self.refuse(Refused("InvalidParameterException", f"no {dict(self.headers)} with {sent.decode('utf-8', 'replace')}"))
        elif kind == "lag":
            request = json.loads(gzip.decompress(body) if entry["gzip"] else body)
            made = self.gate.made.get((request["logGroupName"], request["logStreamName"]), 0)
            if time.monotonic() - made >= seconds:
                return False
            entry["status"], entry["error"] = 400, "ResourceNotFoundException"
            self.refuse(Refused(entry["error"], "The specified log stream does not exist."))
        elif kind == "groupdeleted":
            with self.gate.lock:
                self.gate.groups.clear()
            return False
        elif kind == "certificate":
            self.gate.wrong_certificate_until = time.monotonic() + seconds
            self.gate.throw_out()
        else:
            raise ValueError(f"no fault of kind {kind}")
        return True

    def refuse_skewed(self, seconds, entry):
        now = time.time() + seconds
        self.clock = now
        if "X-Amz-Date" not in self.headers:
            return False
        sent = datetime.strptime(self.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc).timestamp()
        if abs(now - sent) <= 300:
            return False
        entry["status"], entry["error"] = 400, "InvalidSignatureException"
        self.refuse(Refused("InvalidSignatureException", "Signature expired: it is now earlier than the limit (- 5 min.)"))
        return True

    def serve(self, target, body, entry, silently=False):
        """Limits, then the upstream or our own answer, then the record; the answer is kept back if `silently`."""
        try:
            plain = gzip.decompress(body) if entry["gzip"] else body
            request = dict(parse_qsl(plain.decode())) if self.query else self.checked(target, plain)
            accepted, info = None, None
            if target in UNSIGNED or target in ("CreateLogGroup", "PutRetentionPolicy"):
                entry["request"] = request
            if target == "CreateLogGroup":
                check_log_group(request)
            if target == "PutLogEvents":
                accepted, info = check_log_events(request, int(time.time() * 1000), self.gate.retention(request.get("logGroupName")))
                entry["group"], entry["stream"] = request["logGroupName"], request["logStreamName"]
                entry["events"], entry["bytes"] = len(request["logEvents"]), sum(len(e["message"].encode()) + 26 for e in request["logEvents"])
            elif target == "PutMetricData":
                accepted = check_metric_data(request, len(plain), time.time())
                entry["metrics"] = len(accepted)
            status, headers, answer = self.ask(target, request, body)
        except Refused as refusal:
            if self.gate.upstream and target not in UNSIGNED:
                # The service looks first who asks, and then at what is asked for.
                status, headers, answer = self.forward(body)
                if error_code(answer) in WHO_ASKS:
                    entry["status"], entry["error"] = status, error_code(answer)
                    return None if silently else self.reply(status, headers.pop("Content-Type", "text/plain"), answer, headers)
            entry["status"], entry["error"], entry["message"] = refusal.status, refusal.code, refusal.message
            return None if silently else self.refuse(refusal)
        entry["status"] = status
        if status == 200:
            self.gate.remember(target, request)
            if target == "PutLogEvents":
                self.gate.keep_events(request, accepted, entry["access_key"])
                if info:
                    entry["rejected"] = info
                    answer = json.dumps({**json.loads(answer or b"{}"), "rejectedLogEventsInfo": info}).encode()
            elif target == "PutMetricData":
                self.gate.keep_metrics(request, accepted)
        else:
            entry["error"] = error_code(answer)
        if not silently:
            self.reply(status, headers.pop("Content-Type", "application/x-amz-json-1.1"), answer, headers)

    def checked(self, target, plain):
        """The request as an object, if it is one that the service would look at."""
        wanted = "application/x-amz-json-1.0" if target == "PutMetricData" else "application/x-amz-json-1.1"
        if self.headers.get("Content-Type") != wanted:
            raise Refused("UnknownOperationException", f"Content-Type {self.headers.get('Content-Type')} and not {wanted}", 404)
        if target not in UNSIGNED and not (
            self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 ") and "X-Amz-Date" in self.headers):
            raise Refused("MissingAuthenticationTokenException", "Missing Authentication Token")
        try:
            request = json.loads(plain.decode("utf-8"), parse_constant=lambda text: int(text))
        except ValueError as error:
            raise Refused("SerializationException", str(error)) from None
        if not isinstance(request, dict):
            raise Refused("SerializationException", "the body is not an object")
        return request

    def ask(self, target, request, body):
        if self.gate.upstream is None:
            with self.gate.lock:
                return 200, {}, json.dumps(self.gate.answer(target, request)).encode()
        return self.forward(body)

    def forward(self, body):
        """The request to the upstream, byte for byte; the body once more if the upstream has closed an idle connection."""
        for attempt in (1, 2):
            if self.upstream is None:
                self.upstream = http.client.HTTPConnection(self.gate.upstream, timeout=120)
            try:
                self.upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() not in ("connection", "transfer-encoding", "expect", "content-length"):
                        self.upstream.putheader(name, value)
                self.upstream.putheader("Content-Length", str(len(body)))
                self.upstream.endheaders(body)
                response = self.upstream.getresponse()
                answer = response.read()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                self.upstream.close()
                self.upstream = None
                if attempt == 2:
                    raise
        hop = {"connection", "transfer-encoding", "content-length", "keep-alive", "date", "server"}
        return response.status, {name.title(): value for name, value in response.getheaders() if name.lower() not in hop}, answer

    def pass_on(self, body):
        """Whatever is no call of ours: the stand-in's own pages, other services."""
        if self.gate.upstream is None:
            return self.reply(404, "text/plain", b"no such page\n")
        status, headers, answer = self.forward(body)
        self.reply(status, headers.pop("Content-Type", "text/plain"), answer, headers)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def refuse(self, refusal):
        if self.query:
            kind, code, message = "Sender" if refusal.status < 500 else "Receiver", re.sub("Exception$", "", refusal.code), escape(refusal.message)
            body = f"<ErrorResponse><Error><Type>{kind}</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
            return self.reply(refusal.status, "text/xml", body.encode())
        headers = {"x-amzn-query-error": re.sub("Exception$", "", refusal.code) + ";Sender"} if "x-amzn-query-mode" in self.headers else {}
        body = json.dumps({"__type": refusal.code, "message": refusal.message}).encode()
        self.reply(refusal.status, "application/x-amz-json-1.1", body, headers)

    clock = None

    def reply(self, status, content_type, body, headers={}, missing=0):
        headers = {"x-amzn-RequestId": os.urandom(8).hex(), "Content-Type": content_type, "Date": formatdate(self.clock, usegmt=True), **headers}
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + missing))
        self.end_headers()
        self.wfile.write(body)
        if missing:
            self.drop()

    def drop(self):
        """Ends the connection with a reset, when the handler returns."""
        self.wfile.flush()
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def access_key(headers):
    found = re.search(r"Credential=([^/]+)/", headers.get("Authorization", ""))
    return found.group(1) if found else None


def error_code(answer):
    if found := re.search(rb"<Code>([^<]+)</Code>", answer):
        return found.group(1).decode("utf-8", "replace")
    try:
        return json.loads(answer)["__type"].rpartition("#")[2]
    except (ValueError, KeyError, TypeError):
        return answer[:200].decode("utf-8", "replace")


def listen(address, port):
    listener = socket.create_server((address, port), backlog=64)
    listener.settimeout(0.05)
    return listener


def serve(gate, listener, context, wrong_context):
    """Accepts connections. While the fault `refuse` lasts the door is closed, for connections that are open as well; while the
    fault `certificate` lasts another certificate is shown."""
    place = listener.getsockname()
    while True:
        if time.monotonic() < gate.refuse_until:
            listener.close()
            gate.closed.set()
            gate.throw_out()
            time.sleep(max(0.0, gate.refuse_until - time.monotonic()))
            gate.closed.clear()
            listener = listen(*place)
        try:
            connection, address = listener.accept()
        except TimeoutError:
            continue
        shown = wrong_context if time.monotonic() < gate.wrong_certificate_until else context
        threading.Thread(target=converse, args=(gate, connection, address, shown), daemon=True).start()


def converse(gate, connection, address, context):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with contextlib.suppress(OSError, ValueError):  # a client that goes away, or is thrown out by a fault
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        Connection(connection, address, None)
    connection.close()


def server_context(files):
    if files is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", required=True, metavar="DIR")
    parser.add_argument("--upstream", metavar="URL")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    parser.add_argument("--wrong-tls", nargs=2, metavar=("CERTIFICATE", "KEY"), help="shown while the fault `certificate` lasts")
    options = parser.parse_args()

    os.makedirs(options.record, exist_ok=True)
    contexts = [server_context(files) for files in (options.tls, options.wrong_tls)]
    listener = listen(options.address, options.port)
    Connection.gate = Gate(options.record, urlsplit(options.upstream).netloc if options.upstream else None)
    threading.Thread(target=serve, args=(Connection.gate, listener, *contexts), daemon=True).start()
    port = listener.getsockname()[1]
    host = "localhost" if options.tls and options.address == "127.0.0.1" else options.address
    print(f"{'https' if options.tls else 'http'}://{host}:{port}", flush=True)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it, by closing its standard input
    sys.stdin.read()


if __name__ == "__main__":
    main()
