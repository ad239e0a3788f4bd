"""A stand-in for IAM Roles Anywhere: CreateSession, with the certificate, its chain, the signature and the clock verified.

https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html
"""

import base64
import datetime
import hashlib
import json
import re
import urllib.parse

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from stand_in import StandIn, made_up

ACCOUNT = "000000000000"
ANCHOR = "arn:aws:rolesanywhere:{region}:" + ACCOUNT + ":trust-anchor/66666666-7777-8888-9999-000000000000"
PROFILE = "arn:aws:rolesanywhere:{region}:" + ACCOUNT + ":profile/11111111-2222-3333-4444-555555555555"
ALGORITHMS = {"AWS4-X509-RSA-SHA256", "AWS4-X509-ECDSA-SHA256"}


class Denied(Exception):
    def __init__(self, message, status=403, code="AccessDeniedException"):
        self.message, self.status, self.code = message, status, code


class RolesAnywhere(StandIn):
    def __init__(self, authority, region, role="arn:aws:iam::000000000000:role/publisher", credentials=None):
        """`authority`: the trust anchor; `credentials`: a function that makes them."""
        super().__init__()
        self.authority, self.region, self.role, self.credentials = authority, region, role, credentials
        self.anchor, self.profile = ANCHOR.format(region=region), PROFILE.format(region=region)
        self.accepts_session_name = False

    def handle(self, request):
        try:
            subject, settings = self.verified(request)
        except Denied as denied:
            return denied.status, {"message": denied.message}, {"x-amzn-ErrorType": denied.code}
        made = self.credentials() if self.credentials else made_up(next(self.numbers), "RA")
        settings.setdefault("durationSeconds", 3600)
        return 201, {"subjectArn": f"arn:aws:rolesanywhere:{self.region}:{ACCOUNT}:subject/{subject}", "credentialSet": [{
            "assumedRoleUser": {"arn": f"{self.role}/{subject}", "assumedRoleId": f"AROA:{subject}"},
            "credentials": {
                "accessKeyId": made["AccessKeyId"], "secretAccessKey": made["SecretAccessKey"], "sessionToken": made["SessionToken"],
                "expiration": self.expiration(settings["durationSeconds"])},
            "packedPolicySize": 0, "roleArn": self.role, "sourceIdentity": f"CN={subject}"}]}

    def verified(self, request):
        headers = request["headers"]
        path, _, query = request["path"].partition("?")
        if request["method"] != "POST" or path != "/sessions":
            raise Denied("Not Found", 404, "ResourceNotFoundException")
        form = re.fullmatch(r"(\S+) Credential=(\d+)/(\d{8})/([\w-]+)/rolesanywhere/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]+)",
                            headers.get("authorization", ""))
        if not form or form.group(1) not in ALGORITHMS:
            raise Denied("Missing or malformed Authorization", 403)
        algorithm, serial, day, region, signed, signature = form.groups()
        certificates = [decoded(headers.get("x-amz-x509", ""))]
        certificates += [decoded(text) for text in filter(None, headers.get("x-amz-x509-chain", "").split(","))]
        self.check_chain(certificates)
        leaf = certificates[0]
        if int(serial) != leaf.serial_number:
            raise Denied("Credential is not the serial number of the certificate")
        self.check_clock(headers, day, region)
        wanted = {"host", "x-amz-date", "x-amz-x509"} | {"x-amz-x509-chain"} & set(headers)
        names = signed.split(";")
        if not wanted <= set(names) or names != sorted(names):
            raise Denied("Not all that must be signed is signed")
        canonical = "\n".join([
            "POST", "/sessions", "&".join(sorted(query.split("&"))),
            *(f"{name}:{' '.join(headers.get(name, '').split())}" for name in names), "", signed, hashlib.sha256(request["body"]).hexdigest()])
        to_sign = "\n".join([algorithm, headers["x-amz-date"], f"{day}/{region}/rolesanywhere/aws4_request", hashlib.sha256(canonical.encode()).hexdigest()])
        try:
            if algorithm == "AWS4-X509-RSA-SHA256":
                leaf.public_key().verify(bytes.fromhex(signature), to_sign.encode(), padding.PKCS1v15(), hashes.SHA256())
            else:
                leaf.public_key().verify(bytes.fromhex(signature), to_sign.encode(), ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError, TypeError, AttributeError):
            raise Denied("The request signature we calculated does not match the signature you provided") from None
        return leaf.subject.rfc4514_string().removeprefix("CN="), self.checked_settings(query, request["body"])

    def check_chain(self, certificates):
        now = datetime.datetime.fromtimestamp(self.now(), datetime.timezone.utc)
        for certificate, issuer in zip(certificates, certificates[1:] + [self.authority.certificate]):
            try:
                certificate.verify_directly_issued_by(issuer)
            except (InvalidSignature, ValueError, TypeError):
                raise Denied("Untrusted certificate. Insufficient certificate") from None
            if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
                raise Denied("Untrusted certificate. Certificate is expired or not yet valid")

    def check_clock(self, headers, day, region):
        try:
            sent = datetime.datetime.strptime(headers.get("x-amz-date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        except ValueError:
            raise Denied("Invalid x-amz-date") from None
        if abs(sent.timestamp() - self.now()) > 300:
            raise Denied("Signature expired: it is now earlier than the limit (- 5 min.)")
        if not headers["x-amz-date"].startswith(day) or region != self.region:
            raise Denied("Credential should be scoped to a valid day and region")

    def checked_settings(self, query, body):
        """The ARNs stand in the query (AWS's helper in Go) or in the body (AWS's client in Python)."""
        try:
            settings = json.loads(body or b"{}")
        except ValueError:
            raise Denied("The body is no JSON", 400, "ValidationException") from None
        settings = {**settings, **dict(urllib.parse.parse_qsl(query))}
        for name, wanted in (("trustAnchorArn", self.anchor), ("profileArn", self.profile), ("roleArn", self.role)):
            if name not in settings:
                raise Denied(f"{name} is missing", 400, "ValidationException")
            if settings[name] != wanted:
                raise Denied(f"{name} not found", 404, "ResourceNotFoundException")
        seconds = settings.get("durationSeconds", 3600)
        if not isinstance(seconds, int) or not 900 <= seconds <= 43200:
            raise Denied("durationSeconds must be between 900 and 43200", 400, "ValidationException")
        if "roleSessionName" in settings and not self.accepts_session_name:
            raise Denied("Profile does not accept a role session name")
        return settings


def decoded(text):
    try:
        return x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
    except ValueError:
        raise Denied("Invalid X-Amz-X509") from None
