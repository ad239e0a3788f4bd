"""D-Bus by its wire format, as far as a bus and a service need it that tell how many units have failed."""

import os
import socket
import struct
import threading

CALL, REPLY, ERROR = 1, 2, 3
PATH, INTERFACE, MEMBER, ERROR_NAME, REPLY_SERIAL, DESTINATION, SENDER, SIGNATURE = 1, 2, 3, 4, 5, 6, 7, 8
MANAGER = "org.freedesktop.systemd1"


def aligned(data, boundary):
    return data + b"\0" * (-len(data) % boundary)


def text(value):
    return struct.pack("<I", len(value)) + value.encode() + b"\0"


def message(kind, serial, fields, body=b""):
    """Fields: code -> text, or a number for REPLY_SERIAL."""
    packed = b""
    for code, value in fields.items():
        packed = aligned(packed, 8)
        if code == REPLY_SERIAL:
            packed += struct.pack("<BBcBI", code, 1, b"u", 0, value)
        elif code == SIGNATURE:
            packed += struct.pack("<BBcBB", code, 1, b"g", 0, len(value)) + value.encode() + b"\0"
        else:
            packed += struct.pack("<BBcB", code, 1, b"o" if code == PATH else b"s", 0) + text(value)
    return aligned(b"l" + bytes([kind, 0, 1]) + struct.pack("<III", len(body), serial, len(packed)) + packed, 8) + body


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def read_message(connection):
    """Kind, serial, fields and body of the next message, in the order of bytes of little-endian machines."""
    head = read_exactly(connection, 16)
    body_size, serial, fields_size = struct.unpack("<III", head[4:])
    rest = read_exactly(connection, -(-fields_size // 8) * 8 + body_size)
    fields, offset = {}, 0
    while offset < fields_size:
        offset += -offset % 8
        code, kind = rest[offset], chr(rest[offset + 2])
        offset += 4
        if kind == "g":
            size = rest[offset]
            fields[code] = rest[offset + 1:offset + 1 + size].decode()
            offset += size + 2
        else:
            number = struct.unpack_from("<I", rest, offset)[0]
            fields[code] = number if kind == "u" else rest[offset + 4:offset + 4 + number].decode()
            offset += 4 if kind == "u" else number + 5
    return head[1], serial, fields, rest[len(rest) - body_size:]


def answer(connection, serial, call, failed):
    """Answers a call of a manager of units of which so many have failed."""
    number, fields, body = call
    to = {REPLY_SERIAL: number, **({DESTINATION: fields[SENDER]} if SENDER in fields else {})}
    if fields.get(MEMBER) == "Get" and b"NFailedUnits\0" in body:
        connection.sendall(message(REPLY, serial, {**to, SIGNATURE: "v"}, b"\1u\0\0" + struct.pack("<I", failed())))
    else:
        connection.sendall(message(ERROR, serial, {**to, ERROR_NAME: "org.freedesktop.DBus.Error.UnknownMethod"}))


class Bus:
    """A stand-in for the system bus with its manager of units. `failed`: how many have failed, or None: it does not answer."""

    def __init__(self, path, failed=0):
        self.failed, self.connections, self.asked = failed, 0, 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        expected = b"\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n"
        assert read_exactly(connection, len(expected)) == expected
        connection.sendall(b"DATA\r\nOK 0123456789abcdef0123456789abcdef\r\n")
        serial = 0
        try:
            while True:
                _, number, fields, body = read_message(connection)
                serial += 1
                if fields.get(MEMBER) == "Hello":
                    connection.sendall(message(REPLY, serial, {REPLY_SERIAL: number, SIGNATURE: "s"}, text(":1.1")))
                else:
                    self.asked += 1
                    if self.failed is not None:
                        answer(connection, serial, (number, fields, body), lambda: self.failed)
        except EOFError:
            connection.close()


class Manager:
    """A manager of units on a real bus."""

    def __init__(self, path, failed=0):
        self.failed = failed
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(path)
        user = str(os.getuid()).encode().hex()
        self.connection.sendall(b"\0AUTH EXTERNAL %s\r\nBEGIN\r\n" % user.encode())
        line = b""
        while not line.endswith(b"\r\n"):
            line += read_exactly(self.connection, 1)
        assert line.startswith(b"OK "), line
        bus = "org.freedesktop.DBus"
        to = {PATH: "/org/freedesktop/DBus", INTERFACE: bus, DESTINATION: bus}
        self.connection.sendall(message(CALL, 1, {**to, MEMBER: "Hello"}))
        self.connection.sendall(message(CALL, 2, {**to, MEMBER: "RequestName", SIGNATURE: "su"}, aligned(text(MANAGER), 4) + struct.pack("<I", 0)))
        while True:
            kind, _, fields, _ = read_message(self.connection)
            if fields.get(REPLY_SERIAL) == 2:
                assert kind == REPLY, fields
                break
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        serial = 2
        try:
            while True:
                kind, number, fields, body = read_message(self.connection)
                serial += 1
                if kind == CALL:
                    answer(self.connection, serial, (number, fields, body), lambda: self.failed)
        except (EOFError, OSError):
            pass
