"""Stand-ins for what gives credentials by plain HTTP on the machine itself: the container endpoint, and EC2's metadata (IMDSv2)."""

from stand_in import StandIn, made_up

ROLE = "instance-role"


class Container(StandIn):
    def __init__(self, token="container-token", credentials=None):
        super().__init__()
        self.token, self.credentials = token, credentials

    def handle(self, request):
        if request["path"] != "/credentials":
            return 404, {"message": "Not Found"}
        if request["headers"].get("authorization") != self.token:
            return 401, {"message": "Unauthorized"}
        made = self.credentials() if self.credentials else made_up(next(self.numbers), "ECS")
        return 200, {"AccessKeyId": made["AccessKeyId"], "SecretAccessKey": made["SecretAccessKey"], "Token": made["SessionToken"],
                     "Expiration": self.expiration(3600)}


class InstanceMetadata(StandIn):
    def __init__(self, credentials=None):
        super().__init__()
        self.credentials, self.token = credentials, "metadata-token"

    def handle(self, request):
        method, path, headers = request["method"], request["path"], request["headers"]
        if (method, path) == ("PUT", "/latest/api/token"):
            return (200, self.token) if headers.get("x-aws-ec2-metadata-token-ttl-seconds", "").isdigit() else (400, "")
        if headers.get("x-aws-ec2-metadata-token") != self.token:
            return 401, ""
        folder = "/latest/meta-data/iam/security-credentials/"
        if path == folder:
            return 200, ROLE
        if path == folder + ROLE:
            made = self.credentials() if self.credentials else made_up(next(self.numbers), "EC2")
            return 200, {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": made["AccessKeyId"], "SecretAccessKey": made["SecretAccessKey"],
                         "Token": made["SessionToken"], "Expiration": self.expiration(3600), "LastUpdated": self.expiration(0)}
        return 404, ""
