#!/usr/bin/env python3
"""Expands SAM templates as CloudFormation would, and checks what linters do not:
that there is room below CloudFormation's limit of 500 resources, that the dashboard is JSON with
and without its conditional parts, that every role takes a permissions boundary and a path, that no
function's log group has a fixed name, and that the stack policy protects what is kept. Runs in SAM's own environment.

usage: check_template.py TEMPLATE..."""

import json
import re
import sys

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

# CloudFormation allows 500. The next operations must have room.
MAX_RESOURCES = 470
# Above that, a dashboard is never free.
MAX_METRICS = 50
POLICIES = {"AWSXrayWriteOnlyAccess": "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"}


def expand(path):
    with open(path) as file:
        template = yaml_parse(file)
    # `sam package` puts the place of each archive there.
    template["Globals"]["Function"]["CodeUri"] = "s3://bucket/archive.zip"
    session = boto3.session.Session(region_name="us-east-1")
    return Translator(POLICIES, Parser(), boto_session=session).translate(template, {})


def branches(value):
    """What an intrinsic function may become, with the names for the values."""
    if isinstance(value, str):
        return [value]
    (function, argument), = value.items()
    if function == "Fn::If":
        return [text for branch in argument[1:] for text in branches(branch)]
    assert function == "Fn::Sub", function
    text, given = (argument, {}) if isinstance(argument, str) else argument
    texts = [text]
    for name, replacement in given.items():
        texts = [t.replace("${%s}" % name, r) for t in texts for r in branches(replacement)]
    return [re.sub(r"\$\{([^}]+)\}", r"\1", t) for t in texts]


def check_stack_policy(resources):
    """What the stack policy protects is there, and is what is kept when the stack goes."""
    with open("stack-policy.json") as file:
        statements = json.load(file)["Statement"]
    protected = {name.removeprefix("LogicalResourceId/") for s in statements if s["Effect"] == "Deny" for name in s["Resource"]}
    assert protected <= set(resources), f"the stack policy names what is not there: {protected - set(resources)}"
    kept = {name for name, resource in resources.items() if resource.get("DeletionPolicy", "").startswith("Retain")}
    assert kept <= protected, f"the stack policy does not protect {kept - protected}"


def check(path):
    resources = expand(path)["Resources"]
    check_stack_policy(resources)
    for name, resource in resources.items():
        # A line that comes late would make it again, outside of the stack.
        if resource["Type"] == "AWS::Logs::LogGroup" and "LogGroupName" in resource["Properties"]:
            assert name == "AccessLogs", f"{name}: the log group of a function has a fixed name"
        if resource["Type"] == "AWS::IAM::Role":
            for setting in ("PermissionsBoundary", "Path"):
                assert setting in resource["Properties"], f"{name} has no {setting}"
    print(f"{path}: {len(resources)} resources of {MAX_RESOURCES}")
    assert len(resources) <= MAX_RESOURCES, "more than this project allows itself"
    for name, resource in resources.items():
        if resource["Type"] != "AWS::CloudWatch::Dashboard":
            continue
        for body in branches(resource["Properties"]["DashboardBody"]):
            widgets = json.loads(body)["widgets"]
            metrics = sum(len(widget["properties"].get("metrics", [])) for widget in widgets)
            assert metrics <= MAX_METRICS, f"{name} has {metrics} metrics"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in sys.argv[1:]:
        check(path)
