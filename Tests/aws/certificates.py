"""Throw-away certificates: an authority, and what it issues to devices and servers, right and wrong in the ways that occur."""

import datetime
import ipaddress
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def new_key(kind="ec"):
    return rsa.generate_private_key(public_exponent=65537, key_size=2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())


class Authority:
    """An authority whose certificate is DIRECTORY/ca.pem; `parent`: the authority that vouches for this one, else itself."""

    def __init__(self, directory, name="throw-away test CA", parent=None):
        self.directory, self.parent = os.path.abspath(directory), parent
        os.makedirs(self.directory, exist_ok=True)
        self.key = new_key()
        self.name = common_name(name)
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        builder = self.builder(self.name, self.key, datetime.timedelta(days=1)).issuer_name(parent.name if parent else self.name)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True).add_extension(usage, True)
        self.certificate = builder.sign((parent or self).key, hashes.SHA256())
        self.path = self.write("ca.pem", pem(self.certificate))

    @staticmethod
    def builder(name, key, lifetime):
        now = datetime.datetime.now(datetime.timezone.utc)
        first, last = sorted((now - datetime.timedelta(days=1), now - datetime.timedelta(hours=2) + lifetime))
        builder = x509.CertificateBuilder().subject_name(name).public_key(key.public_key())
        # 159 bits with the highest set: longer than any machine word, as AWS's are.
        serial = int.from_bytes(os.urandom(19), "big") | 1 << 158
        return builder.serial_number(serial).not_valid_before(first).not_valid_after(last)

    def issue(self, name, kind="ec", expired=False, server=False):
        """Files NAME.pem and NAME.key (0600), and NAME-both.pem with both; the certificate's path and the key's."""
        key = new_key(kind)
        builder = self.builder(common_name(name), key, datetime.timedelta(minutes=30 if expired else 24 * 60)).issuer_name(self.name)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        if server:
            names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
        else:
            usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False).add_extension(usage, True)
        certificate = pem(builder.sign(self.key, hashes.SHA256()))
        # What AWS IoT hands out: "BEGIN RSA PRIVATE KEY" and "BEGIN EC PRIVATE KEY".
        form = serialization.PrivateFormat.TraditionalOpenSSL
        secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        if self.parent:
            certificate += pem(self.certificate)
        self.write(f"{name}-both.pem", certificate + secret)
        return self.write(f"{name}.pem", certificate), self.write(f"{name}.key", secret)

    def both(self, name):
        return os.path.join(self.directory, f"{name}-both.pem")

    def write(self, name, data):
        path = os.path.join(self.directory, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        return path


def common_name(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)
