#!/usr/bin/env python3
"""ministack, and what the stacks of cw-deploy-users need of AWS that it lacks:

* the tags that an identity pool gives to sessions by its users' claims, and variables such as ${aws:PrincipalTag/username} in the
  resources and conditions of policies; without them it refuses what AWS allows
* the condition key cloudwatch:namespace, and ARNs of log groups as AWS checks them ("...:log-group:NAME:log-stream:STREAM")
* AWS::IoT::RoleAlias in templates. For the stand-in of the credential provider (iot.py), which comes as root, there are in the
  working directory iot-ca.pem, the authority that signs the devices' certificates, and iot-role-aliases.json; and its host is
  what it has written into iot-credentials-host.

Started by ministack.py. What it must and must not allow is in the scenario deploy-lets-no-device-write-for-another.
"""

import dataclasses
import gzip
import json
import os
import re
import sys

# The folder of this file has a module of ours with the name of the package.
sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != os.path.dirname(os.path.abspath(__file__))]

from ministack.core import iam_actions, iam_evaluator  # noqa: E402
from ministack.core.responses import get_account_id, get_region  # noqa: E402
from ministack.services import cognito, iot, sts  # noqa: E402
from ministack.services.cloudformation import provisioners  # noqa: E402


def replace(module, name):
    """The function takes the place of this one, which it gets as its first argument."""
    def decorate(function):
        original = getattr(module, name)
        setattr(module, name, lambda *arguments, **named: function(original, *arguments, **named))
        return function
    return decorate


@replace(sts, "register_session")
def with_tags_of_claims(original, access_key, session):
    pool = cognito._identity_pools.get(session.get("_identity_pool_id")) or {}
    tags = []
    for provider, token in (session.get("_logins") or {}).items():
        claims = cognito._token_claims(token)
        wanted = (pool.get("_principal_tags") or {}).get(provider, {}).get("PrincipalTags") or {}
        tags += [{"Key": tag, "Value": str(claims[claim])} for tag, claim in wanted.items() if claim in claims]
    original(access_key, {**session, "SessionTags": [*(session.get("SessionTags") or []), *tags]})


def with_values(pattern, keys):
    """The pattern with the values of its variables, or None: a statement whose variable has no value does not apply."""
    names = [name.lower() for name in re.findall(r"\$\{([^}]*)\}", pattern)]
    if any(name not in keys for name in names):
        return None
    return re.sub(r"\$\{([^}]*)\}", lambda match: keys[match[1].lower()], pattern)


def conditions_with_values(wanted, keys):
    """What has no value matches nothing."""
    values = [with_values(str(text), keys) for text in (wanted if isinstance(wanted, list) else [wanted])]
    return [value for value in values if value is not None]


@replace(iam_evaluator, "_first_match")
def with_variables(original, context, statements, effect):
    # The session of a device is made with its thing's name as a tag, for want of a better place.
    prefix = "aws:principaltag/credentials-iot."
    keys = {**context.principal_keys, **{
        "credentials-iot:" + name.removeprefix(prefix): value for name, value in context.principal_keys.items() if name.startswith(prefix)}}
    resolved = []
    for statement in statements:
        resources = [with_values(resource, keys) for resource in statement.resources]
        resources = [resource for resource in resources if resource is not None]
        if resources or not statement.resources:
            conditions = {
                operator: {key: conditions_with_values(wanted, keys) for key, wanted in block.items()} for operator, block in statement.conditions.items()}
            resolved.append(dataclasses.replace(statement, resources=resources, conditions=conditions))
    return original(context, resolved, effect)


@replace(iam_actions, "extract_resource_arn")
def with_stream(original, service, method, path, headers, body, *arguments):
    arn = original(service, method, path, headers, body, *arguments)
    if service != "logs":
        return arn
    request = fields(body)
    if arn == "*" and headers.get("x-amz-target", "").endswith(".DescribeLogGroups"):
        return f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group::log-stream:"
    return arn if "logGroupName" not in request else f"{arn}:log-stream:{request.get('logStreamName', '')}"


@replace(iam_actions, "request_tag_context")
def with_namespace(original, service, action, body, parameters):
    context = original(service, action, body, parameters)
    if action == "cloudwatch:PutMetricData":
        context = {**context, "cloudwatch:namespace": parameters.get("Namespace") or fields(body).get("Namespace")}
    return context


def fields(body):
    body = body or b"{}"
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


role_aliases = {}


def create_role_alias(logical_id, properties, stack):
    name = properties["RoleAlias"]
    arn = f"arn:aws:iot:{get_region()}:{get_account_id()}:rolealias/{name}"
    role_aliases[name] = {"arn": arn, "role": properties["RoleArn"], "seconds": int(properties.get("CredentialDurationSeconds", 3600))}
    keep_role_aliases()
    return name, {"RoleAliasArn": arn}


def delete_role_alias(name, properties):
    role_aliases.pop(name, None)
    keep_role_aliases()


def keep_role_aliases():
    with open("iot-role-aliases.json.new", "w") as file:
        json.dump(role_aliases, file)
    os.rename("iot-role-aliases.json.new", "iot-role-aliases.json")


provisioners._RESOURCE_HANDLERS["AWS::IoT::RoleAlias"] = {
    "create": create_role_alias,
    "update": lambda name, old, new, stack: create_role_alias(None, new, stack),
    "delete": delete_role_alias,
}


@replace(iam_evaluator, "evaluate_trust_policy")
def with_credential_provider_as_root(original, document, caller, context):
    principals = [statement.get("Principal") for statement in iam_principals(document)]
    if caller.endswith(":root") and {"Service": "credentials.iot.amazonaws.com"} in principals:
        return True
    return original(document, caller, context)


def iam_principals(document):
    return (json.loads(document) if isinstance(document, str) else document).get("Statement", [])


@replace(iot, "_describe_endpoint")
def with_credential_provider(original, query):
    if query.get("endpointType") == "iot:CredentialProvider" and os.path.exists("iot-credentials-host"):
        with open("iot-credentials-host") as file:
            return 200, {"Content-Type": "application/json"}, json.dumps({"endpointAddress": file.read().strip()}).encode()
    return original(query)


if __name__ == "__main__":
    with open("iot-ca.pem", "w") as file:
        file.write(iot._ensure_ca()[0])
    from ministack.app import main

    main()
