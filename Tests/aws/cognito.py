"""A Cognito user pool with machine users, an identity pool and a role that may only publish, in a running ministack.

    users = cognito.stack(url)                  # the stack of cognito-stack-minimal.json
    users.add("rpi-1", password)                # ready to sign in
    users.configuration("rpi-1", password=...)  # what stands in the configuration of the publisher on that machine
"""

import os

import ministack

TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cognito-stack-minimal.json")
PASSWORD = "Correct-Horse-Battery-1!"


class Users:
    def __init__(self, url, outputs):
        self.url, self.idp = url, ministack.root_client("cognito-idp", url)
        self.pool, self.identity_pool, self.client = outputs["UserPoolId"], outputs["IdentityPoolId"], outputs["AppClientId"]
        self.account, self.role = outputs["AccountId"], outputs["RoleArn"]

    def add(self, name, password=PASSWORD, permanent=True):
        """A user; not `permanent`: one who has to choose a new password first."""
        # Without a password of ours ministack makes up one that the pool's policy refuses.
        self.idp.admin_create_user(UserPoolId=self.pool, Username=name, TemporaryPassword=password, MessageAction="SUPPRESS")
        if permanent:
            self.set_password(name, password)

    def set_password(self, name, password):
        self.idp.admin_set_user_password(UserPoolId=self.pool, Username=name, Password=password, Permanent=True)

    def disable(self, name):
        self.idp.admin_disable_user(UserPoolId=self.pool, Username=name)

    def confidential_client(self):
        """Another client of the pool, one with a secret, and the secret; the identity pool takes its users too."""
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        made = self.idp.create_user_pool_client(UserPoolId=self.pool, ClientName="confidential", GenerateSecret=True, ExplicitAuthFlows=flows)
        client = made["UserPoolClient"]["ClientId"]
        identity = ministack.root_client("cognito-identity", self.url)
        pool = identity.describe_identity_pool(IdentityPoolId=self.identity_pool)
        pool = {name: value for name, value in pool.items() if value and name != "ResponseMetadata"} | {"AllowUnauthenticatedIdentities": False}
        pool["CognitoIdentityProviders"].append({**pool["CognitoIdentityProviders"][0], "ClientId": client})
        identity.update_identity_pool(**pool)
        return client, made["UserPoolClient"]["ClientSecret"]

    def strange_client(self):
        """A client of the pool that the identity pool does not know."""
        flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        return self.idp.create_user_pool_client(UserPoolId=self.pool, ClientName="strange", ExplicitAuthFlows=flows)["UserPoolClient"]["ClientId"]

    def configuration(self, name, **authentication):
        prefix, _, serial = name.partition("-")
        ids = {"accountId": self.account, "userPoolId": self.pool, "identityPoolId": self.identity_pool, "appClientId": self.client}
        if not {"password", "passwordFile", "passwordCommand"} & set(authentication):
            authentication["password"] = PASSWORD
        authentication = {name: value for name, value in {**ids, **authentication}.items() if value is not None}
        return {"agent": {"instance": {"prefix": prefix, "serial": serial}, "region": ministack.REGION, "authentication": authentication}}


def stack(url, name="publisher"):
    cloudformation = ministack.root_client("cloudformation", url)
    with open(TEMPLATE) as file:
        cloudformation.create_stack(StackName=name, TemplateBody=file.read(), Capabilities=["CAPABILITY_IAM"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.2, "MaxAttempts": 150})
    outputs = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    return Users(url, {output["OutputKey"]: output["OutputValue"] for output in outputs})
