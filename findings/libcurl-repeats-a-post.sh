#!/bin/sh
# libcurl sends a POST a second time by itself, and reports one success, when a connection that was kept open from an earlier request ends
# before the first byte of the answer, whether the server has carried the request out or not. No option of a transfer turns that off but
# those that do without a kept connection (CURLOPT_FRESH_CONNECT, CURLOPT_FORBID_REUSE). What must not happen twice, such as
# PutMetricData, which counts again, needs a connection of its own.
#
# Seen with pycurl 7.45.7 from PyPI and the libcurl in its wheel. Fails if that changes. Needs python3 with venv, and PyPI.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pycurl==7.45.7
"$folder/venv/bin/python" - <<'EOF'
import io, socket, sys, threading
import pycurl

bodies = []
listener = socket.create_server(("127.0.0.1", 0))


def read(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return body


def serve():
    first = True
    while True:
        connection, _ = listener.accept()
        count = 0
        while (body := read(connection)) is not None:
            count += 1
            bodies.append(body.decode())
            # The second request of the first connection is read whole, as a server does that carries it out, and not answered.
            if first and count == 2:
                break
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        first = False
        connection.close()


threading.Thread(target=serve, daemon=True).start()
curl, answer = pycurl.Curl(), io.BytesIO()
curl.setopt(pycurl.URL, f"http://127.0.0.1:{listener.getsockname()[1]}/")
curl.setopt(pycurl.WRITEDATA, answer)
curl.setopt(pycurl.NOPROXY, "*")
for body in ("one", "two"):
    curl.setopt(pycurl.POSTFIELDS, body)
    curl.perform()
    print(f"POST {body}: status {curl.getinfo(pycurl.RESPONSE_CODE)}")
print(f"{pycurl.version}")
print(f"the server has read: {', '.join(bodies)}")
sys.exit(0 if bodies == ["one", "two", "two"] else "libcurl behaves differently now")
EOF
