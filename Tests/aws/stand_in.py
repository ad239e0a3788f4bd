"""What the stand-ins for the smaller services have in common: a server in this process that writes down every request and
answers by its class, or as it was told to.

    with IoT(...) as iot:
        iot.answer(403, "<html>", times=2)     # these answers first
        iot.requests                           # [{"method", "path", "headers", "body", "status", "time"}, ...]
"""

import contextlib
import datetime
import itertools
import json
import os
import socket
import ssl
import struct
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class StandIn:
    """Subclasses define `handle(request)`, which returns (status, object or text) or (status, object or text, headers)."""

    context = None  # an ssl.SSLContext, for HTTPS
    address = ("127.0.0.1", 0)

    def __init__(self):
        self.requests, self.told, self.lock = [], [], threading.Lock()
        self.clock = 0  # seconds by which the service's clock is ahead of this machine's
        self.delay = 0  # seconds before each answer
        self.numbers = itertools.count(1)

    def __enter__(self):
        stand_in = self

        class Handler(Conversation):
            service = stand_in

        self.server = Server(self.address, Handler)
        self.server.context = self.context
        self.port = self.server.server_address[1]
        self.host = f"localhost:{self.port}" if self.context else f"127.0.0.1:{self.port}"
        self.url = f"http{'s' if self.context else ''}://{self.host}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, status, body="", times=1, type="application/json", skip=0, headers={}):
        """From now on these answers, so many times (-1: always); `status` "reset" ends the connection instead."""
        self.told.append({"status": status, "body": body, "times": times, "type": type, "skip": skip, "headers": headers})

    def as_usual(self):
        self.told.clear()

    def next_told(self):
        with self.lock:
            for told in self.told:
                if told["times"] == 0:
                    continue
                if told["skip"] > 0:
                    told["skip"] -= 1
                    continue
                told["times"] -= 1
                return told
        return None

    def now(self):
        return time.time() + self.clock

    def expiration(self, seconds):
        return datetime.datetime.fromtimestamp(self.now() + seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def handle(self, request):
        raise NotImplementedError


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # a client that goes away, or whose certificate is refused

    def finish_request(self, request, client_address):
        # In the connection's own thread: a slow handshake holds up nobody else.
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        self.RequestHandlerClass(request, client_address, self)


class Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service = None

    def log_message(self, format, *arguments):
        pass  # the record has it all

    def converse(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = {"method": self.command, "path": self.path, "headers": {name.lower(): value for name, value in self.headers.items()},
                   "body": body, "status": None, "time": time.time(), "certificate": self.certificate()}
        with self.service.lock:
            self.service.requests.append(request)
        time.sleep(self.service.delay)
        if told := self.service.next_told():
            status, answer, headers = told["status"], told["body"], {"Content-Type": told["type"], **told["headers"]}
        else:
            status, answer, *headers = self.service.handle(request)
            headers = {"Content-Type": "application/json" if isinstance(answer, dict) else "text/plain", **(headers[0] if headers else {})}
        request["status"] = status
        if status == "reset":
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        data = json.dumps(answer).encode() if isinstance(answer, (dict, list)) else answer.encode()
        self.send_response_only(status)
        for name, value in {"Date": formatdate(self.service.now(), usegmt=True), **headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = converse

    def certificate(self):
        if not isinstance(self.connection, ssl.SSLSocket):
            return None
        return {**(self.connection.getpeercert() or {}), "der": self.connection.getpeercert(binary_form=True)}

    def finish(self):
        with contextlib.suppress(OSError):  # the client may be gone
            super().finish()


def server_context(authority, name="server", clients=None):
    """TLS with a certificate of the authority for localhost; with `clients`, another authority, theirs are demanded."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if not os.path.exists(authority.both(name)):
        authority.issue(name, server=True)
    context.load_cert_chain(authority.both(name))
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients.path)
    return context


def made_up(number, prefix):
    """Credentials that a gate without a stand-in behind it accepts."""
    return {"AccessKeyId": f"ASIA{prefix}{number:06}", "SecretAccessKey": f"secret-{prefix}-{number}", "SessionToken": f"token-{prefix}-{number}"}
