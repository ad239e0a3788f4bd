"""A stand-in for IAM Identity Center: the portal that gives role credentials for an access token, and the token endpoint."""

import json
import urllib.parse

from stand_in import StandIn, made_up


class SSO(StandIn):
    def __init__(self, access_token, client_secret="client-secret", refresh_token="refresh-token", credentials=None):
        super().__init__()
        self.access_token, self.client_secret, self.refresh_token = access_token, client_secret, refresh_token
        self.credentials, self.next_access_token = credentials, f"{access_token}-refreshed"

    def handle(self, request):
        path, _, query = request["path"].partition("?")
        if (request["method"], path) == ("POST", "/token"):
            return self.token(json.loads(request["body"]))
        if (request["method"], path) == ("GET", "/federation/credentials"):
            if request["headers"].get("x-amz-sso_bearer_token") != self.access_token:
                return 401, {"message": "Session token not found or invalid"}, {"x-amzn-ErrorType": "UnauthorizedException"}
            query = urllib.parse.parse_qs(query)
            if set(query) != {"role_name", "account_id"}:
                return 400, {"message": "Invalid request"}, {"x-amzn-ErrorType": "InvalidRequestException"}
            made = self.credentials() if self.credentials else made_up(next(self.numbers), "SSO")
            return 200, {"roleCredentials": {
                "accessKeyId": made["AccessKeyId"], "secretAccessKey": made["SecretAccessKey"], "sessionToken": made["SessionToken"],
                "expiration": int((self.now() + 3600) * 1000)}}
        return 404, {"message": "Not Found"}

    def token(self, asked):
        if asked.get("grantType") != "refresh_token" or asked.get("refreshToken") != self.refresh_token or asked.get("clientSecret") != self.client_secret:
            return 400, {"error": "invalid_grant", "error_description": "Invalid refresh token"}, {"x-amzn-ErrorType": "InvalidGrantException"}
        self.access_token = self.next_access_token
        return 200, {"accessToken": self.access_token, "expiresIn": 28800, "refreshToken": self.refresh_token, "tokenType": "Bearer"}
