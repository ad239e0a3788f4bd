"""A stand-in for the credential provider of AWS IoT: TLS with client certificates, one role alias, things by their certificates.

https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
"""

import urllib.parse

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
