#!/usr/bin/env python3
"""Proves infra/template.yaml on the emulator: the stack goes up with the real
`sam deploy`, every function works, a second deployment changes what it should and
keeps the table, and `sam delete` takes down everything else. tests/proofs/emulator/run
runs it.

usage: proof.py --program PROGRAM --sam SAM --aws FOLDER --build FOLDER --work FOLDER -- JOURNEY...

PROGRAM is tests/proofs/emulator/program/main.rs, built. JOURNEY is a command that goes
through every route of the API at ROSTER_TEST_URL. Writes roles.json and
recording.jsonl to the working folder, for tests/proofs/emulator/check_policies.py."""

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

import checks
from deployment import STACK, Deployment, DeployFailed
from emulator import REGION, Emulator, lend_conditions, take_back_conditions
from checks import Failed, expect
from guided import GuidedFailed
from invoker import Invoker
from program import Gateway, ProgramFailed, facts
from stack import Stack, failed_resources
from template_routes import routes_of

SENDER = "roster@example.com"
# What the local gateway has, so that the journey is answered alike.
REPLY_DOMAIN = "roster.localhost"
RETENTION = 7


class Proof:
    def __init__(self, arguments):
        self.arguments = arguments
        self.emulator = Emulator(arguments.work)
        self.deployment = Deployment(arguments.sam, arguments.build, arguments.work, self.emulator.environment())
        self.started = time.monotonic()

    def step(self, text):
        print(f"  {time.monotonic() - self.started:5.1f} s  {text}", flush=True)

    def stack(self, status):
        stack = Stack(STACK, self.emulator.endpoint, REGION)
        expect(stack.status == status, f"the stack is {stack.status}, not {status}")
        return stack

    def run(self):
        self.step("sam deploy --guided, Enter at every question")
        questions, text = self.deployment.guided()
        self.every_default_works(questions, text)
        first = self.stack("CREATE_COMPLETE")
        self.with_gateway(first, lambda url: self.first_steps(first, url))

        self.step("sam deploy with MailFrom")
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        self.deployment.deploy(MailFrom=SENDER, ReplyDomain=REPLY_DOMAIN, PublicUrl=url)
        second = self.stack("UPDATE_COMPLETE")
        same_table(first, second)
        operator = self.operator(second)
        expect(operator == self.operator_key, "another deployment made another operator's key")
        # What infra/README.md asks of whoever sets MailFrom.
        second.client("sesv2").create_email_identity(EmailIdentity=SENDER)
        self.write_roles(second)
        lend_conditions(second)
        invocations = self.with_gateway(second, lambda url: self.run_journey(second, url), port)
        self.write_recording(second)
        every_function_worked(second, invocations, self.recorded)

        self.step("sam deploy with another binary, another ReplyDomain and another retention")
        before = contents(second)
        take_back_conditions(second)
        self.deployment.change_binary("SchedulingListUsersFunction")
        self.deployment.deploy(LogRetentionDays=RETENTION, ReplyDomain="reply.example.com")
        third = self.stack("UPDATE_COMPLETE")
        same_table(second, third)
        expect(contents(third) == before, "the deployment changed items of the table")
        self.changed(second, third)
        self.with_gateway(third, lambda url: checks.entrance(url, operator))

        self.step("sam delete")
        self.deployment.delete()
        gone(third, before)
        # What was called since then is known as well.
        self.facts(third)
        expect(not self.emulator.recorder.errors, "\n".join(self.emulator.recorder.errors))
        self.step("the table and the sealing key are left, and nothing else")
        self.again(third)

    def again(self, stack):
        """The stack can be deployed again under its name, also where a function that is
        gone logs once more. Here CloudFormation names a log group alike each time, and at
        AWS never; that the template names none, infra/check_template.py sees to."""
        for group in log_groups(stack):
            stack.client("logs").create_log_group(logGroupName=group)
        self.step("sam deploy under the same name, after lines that came late")
        self.deployment.deploy()
        fourth = self.stack("CREATE_COMPLETE")
        self.with_gateway(fourth, lambda url: checks.entrance(url, self.operator(fourth)))

    def every_default_works(self, questions, text):
        asked = [question for question, _ in questions]
        expect(len(asked) > 10, f"only these questions were recognized: {asked}")
        for question in asked:
            expect("authentication" not in question, f"sam deploy --guided asks: {question}")
        expect("FirstCall" in text, "sam deploy did not print the outputs")

    def first_steps(self, stack, url):
        self.step("the outputs' own commands, as they were printed")
        environment = self.emulator.environment()
        self.operator_key, _ = checks.first_steps(stack, url, environment, self.arguments.aws)
        checks.entrance(url, self.operator_key)

    def operator(self, stack):
        secrets = stack.client("secretsmanager")
        return secrets.get_secret_value(SecretId=stack.outputs["AdminKeySecretArn"])["SecretString"]

    def run_journey(self, stack, url):
        operator = self.operator_key
        self.step("the journey through every route")
        environment = {**os.environ, "ROSTER_TEST_URL": url, "ROSTER_TEST_OPERATOR_KEY": operator, "RUST_BACKTRACE": "0"}
        done = subprocess.run(self.arguments.journey, env=environment, capture_output=True, text=True)
        expect(done.returncode == 0, f"the journey failed:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
        self.step("what is sealed, and an invitation that is mailed")
        made = checks.succeeds(201, url, "POST", "/v2/organizations", operator, {"name": "Sealed"})
        key, organization = made["key"]["key"], made["organization"]["_id"]
        checks.seal(stack, url, key, organization)
        checks.invite(stack, url, key, SENDER)
        checks.read_calendars(stack, url, key)

    def write_roles(self, stack):
        arn = f"{stack.region}:{stack.account}"
        ses = f"arn:aws:ses:{arn}"
        described = {
            "table": f"arn:aws:dynamodb:{arn}:table/{stack.outputs['TableName']}",
            "key": stack.client("kms").describe_key(KeyId=stack.physical_id("SealingKey"))["KeyMetadata"]["Arn"],
            "secret": stack.outputs["AdminKeySecretArn"],
            "identity": f"{ses}:identity/{SENDER}",
            "dead-letters": f"arn:aws:sqs:{arn}:{stack.outputs['MailDeadLettersUrl'].rsplit('/', 1)[-1]}",
            "calendars": stack.functions["CalendarsRefreshFunction"]["FunctionArn"],
            "names": {
                "{configuration-sets}": f"{ses}:configuration-set/*",
            },
        }
        with open(os.path.join(self.arguments.work, "roles.json"), "w") as file:
            json.dump({"stack": described, "functions": stack.roles()}, file, indent=1)

    def write_recording(self, stack):
        lines = self.facts(stack)
        self.recorded = [json.loads(line) for line in lines]
        with open(os.path.join(self.arguments.work, "recording.jsonl"), "w") as file:
            file.writelines(f"{line}\n" for line in lines)

    def facts(self, stack):
        """What the functions asked AWS for so far, as lines of JSON."""
        calls = self.emulator.recorder.calls_of(stack.functions_by_access_key())
        return facts(self.arguments.program, calls)

    def changed(self, before, after):
        """What the last deployment was to change, and nothing else of the kind."""
        code = [
            name for name in after.functions if after.functions[name]["CodeSha256"] != before.functions[name]["CodeSha256"]
        ]
        expect(code == ["SchedulingListUsersFunction"], f"these functions have other code: {code}")
        variables = after.functions["SchedulingBookEventFunction"]["Environment"]["Variables"]
        expect(variables["REPLY_DOMAIN"] == "reply.example.com", f"ReplyDomain was not changed: {variables}")
        groups = after.client("logs").describe_log_groups()["logGroups"]
        kept = log_groups(after)
        retentions = {g["logGroupName"]: g.get("retentionInDays") for g in groups if g["logGroupName"] in kept}
        packages = [folder for folder in (pathlib.Path(__file__).parents[3] / "functions").iterdir() if folder.is_dir()]
        expect(len(retentions) == len(packages), f"not one log group for each package: {sorted(retentions)}")
        wrong = {name: days for name, days in retentions.items() if days != RETENTION}
        expect(not wrong, f"these log groups do not keep lines for {RETENTION} days: {wrong}")

    def with_gateway(self, stack, use, port=0):
        """Lets `use` call the API; answers what was invoked for it. Without a port, the
        gateway takes any."""
        routes, wrong = routes_of(stack.template), []
        invoker = Invoker(stack, routes)
        gateway = Gateway(self.arguments.program, routes, invoker, port)
        try:
            use(gateway.url)
        except Failed as failure:
            wrong.append(str(failure))
        finally:
            gateway.stop()
            invoker.stop()
        wrong += sorted({f"{function}, {key}: {problem}" for function, key, problem in invoker.invocations if problem})
        if wrong:
            raise Failed("\n".join(wrong))
        return invoker.invocations


def log_groups(stack):
    """The names of the log groups of the functions."""
    return {stack.physical_id(name) for name, kind in stack.types.items() if kind == "AWS::Logs::LogGroup"} - {
        stack.physical_id("AccessLogs")
    }


def free_port():
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def every_function_worked(stack, invocations, recorded):
    """Each function was invoked, by the gateway or by what else there is."""
    invoked = {stack.functions[function]["Binary"] for function, _, _ in invocations}
    # CloudFormation, the table's stream, a queue and a schedule invoke these. What they did shows
    # that they came to their end.
    for binary, action in [
        ("authorizer-mint-admin-key", "secretsmanager:PutSecretValue"),
        ("mail-send", "ses:SendEmail"),
        ("webhooks-follow", "dynamodb:PutItem"),
        ("webhooks-deliver", "kms:Decrypt"),
        ("calendars-refresh", "kms:Decrypt"),
    ]:
        if any((call["function"], call["action"]) == (binary, action) for call in recorded):
            invoked.add(binary)
    missing = {function["Binary"] for function in stack.functions.values()} - invoked
    expect(not missing, f"these functions were not invoked: {sorted(missing)}")
    letters = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["MailDeadLettersUrl"], AttributeNames=["ApproximateNumberOfMessages"]
    )["Attributes"]["ApproximateNumberOfMessages"]
    expect(letters == "0", f"{letters} mails were given up; the log:\n" + "\n".join(stack.log_of("mail-send")))


def same_table(before, after):
    for name in ("TableName", "TableArn", "TableId", "CreationDateTime", "KeySchema", "LatestStreamArn"):
        old, new = before.table[name], after.table[name]
        expect(old == new, f"the deployment replaced the table: {name} was {old}, and is {new}")


def contents(stack):
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.outputs["TableName"])
    items = [item for page in pages for item in page["Items"]]
    expect(items, "the table is empty")
    return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def gone(stack, items):
    """Everything is gone, except what is worth more than the stack."""
    cloudformation = stack.client("cloudformation")
    left = [s["StackName"] for s in cloudformation.list_stacks()["StackSummaries"] if s["StackStatus"] != "DELETE_COMPLETE"]
    expect(STACK not in left, "sam delete left the stack")
    functions = [f["FunctionName"] for f in stack.client("lambda").list_functions(MaxItems=1000)["Functions"]]
    expect(not functions, f"sam delete left functions: {functions}")
    secrets = [s["Name"] for s in stack.client("secretsmanager").list_secrets()["SecretList"]]
    expect(not secrets, f"sam delete left secrets: {secrets}")
    tables = stack.client("dynamodb").list_tables()["TableNames"]
    expect(stack.outputs["TableName"] in tables, "sam delete deleted the table")
    expect(contents(stack) == items, "sam delete changed the table")
    key = stack.client("kms").describe_key(KeyId=stack.physical_id("SealingKey"))["KeyMetadata"]
    expect(key["KeyState"] == "Enabled", f"sam delete left the sealing key {key['KeyState']}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("program", "sam", "aws", "build", "work"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("journey", nargs="+")
    proof = Proof(parser.parse_args())
    try:
        proof.run()
    except (Failed, DeployFailed, GuidedFailed, ProgramFailed, ValueError) as error:
        causes = failed_resources(STACK, proof.emulator.endpoint, REGION) if not isinstance(error, Failed) else []
        sys.exit("\n".join([f"emulator: {error}", *causes, *proof.emulator.recorder.errors]))
    finally:
        proof.emulator.stop()


if __name__ == "__main__":
    main()
