"""A stand-in for the credential provider of AWS IoT: TLS with client certificates, one role alias, things by their certificates.

https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
"""

import hashlib
import json
import os
import types
import urllib.parse

import ministack
from stand_in import StandIn, made_up, server_context


class IoT(StandIn):
    def __init__(self, server_authority, device_authority, alias="publisher-alias", credentials=None, seconds=3600):
        """`credentials`: a function that makes them; `seconds`: how long they live."""
        super().__init__()
        self.context = server_context(server_authority, clients=device_authority)
        self.alias, self.credentials, self.seconds = alias, credentials, seconds

    def handle(self, request):
        if request["method"] != "GET" or not request["path"].startswith("/role-aliases/"):
            return 404, {"message": "Not Found", "traceId": "0"}
        alias = urllib.parse.unquote(request["path"].removeprefix("/role-aliases/").removesuffix("/credentials"))
        thing = request["headers"].get("x-amzn-iot-thingname")
        subject = dict(pair[0] for pair in request["certificate"]["subject"])["commonName"]
        if alias != self.alias:
            return 404, {"message": "Role alias not found"}
        if thing is not None and thing != subject:
            return 403, {"message": "Access Denied"}
        made = self.credentials() if self.credentials else made_up(next(self.numbers), "IOT")
        return 200, {"credentials": {
            "accessKeyId": made["AccessKeyId"], "secretAccessKey": made["SecretAccessKey"], "sessionToken": made["SessionToken"],
            "expiration": self.expiration(self.seconds)}}


class RegisteredIoT(IoT):
    """The same for the things, certificates, policies and role aliases of a running ministack, which also knows the host then."""

    def __init__(self, server_authority, url, directory):
        """`directory`: where that ministack runs."""
        super().__init__(server_authority, types.SimpleNamespace(path=os.path.join(directory, "iot-ca.pem")))
        self.iot, self.sts, self.directory = ministack.root_client("iot", url), ministack.root_client("sts", url), directory

    def __enter__(self):
        super().__enter__()
        with open(os.path.join(self.directory, "iot-credentials-host"), "w") as file:
            file.write(self.host)
        return self

    def handle(self, request):
        alias = urllib.parse.unquote(request["path"].removeprefix("/role-aliases/").removesuffix("/credentials"))
        thing = request["headers"].get("x-amzn-iot-thingname")
        with open(os.path.join(self.directory, "iot-role-aliases.json")) as file:
            found = json.load(file).get(alias)
        if not found:
            return 404, {"message": "Role alias not found"}
        certificate = hashlib.sha256(request["certificate"]["der"]).hexdigest()
        described = self.iot.describe_certificate(certificateId=certificate)["certificateDescription"]
        things = self.iot.list_principal_things(principal=described["certificateArn"])["things"]
        if described["status"] != "ACTIVE" or (thing is not None and thing not in things) or not self.may_assume(described["certificateArn"], found["arn"]):
            return 403, {"message": "Access Denied"}
        tags = [{"Key": "credentials-iot.ThingName", "Value": thing}] if thing else []
        made = self.sts.assume_role(RoleArn=found["role"], RoleSessionName=certificate, Tags=tags)["Credentials"]
        return 200, {"credentials": {
            "accessKeyId": made["AccessKeyId"], "secretAccessKey": made["SecretAccessKey"], "sessionToken": made["SessionToken"],
            "expiration": self.expiration(found["seconds"])}}

    def may_assume(self, certificate, alias):
        for policy in self.iot.list_attached_policies(target=certificate)["policies"]:
            document = json.loads(self.iot.get_policy(policyName=policy["policyName"])["policyDocument"])
            for statement in document["Statement"]:
                if (statement["Effect"], statement["Action"], statement["Resource"]) == ("Allow", "iot:AssumeRoleWithCertificate", alias):
                    return True
        return False
