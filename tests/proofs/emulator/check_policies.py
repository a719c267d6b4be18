#!/usr/bin/env python3
"""Holds the functions' policies to what the functions do: a policy allows every
call that was recorded, and nothing that no recorded call needs.

usage: check_policies.py ROLES RECORDING...

ROLES is what tests/proofs/emulator/run reads back from IAM: for each function its role's
policies, and the stack's table, sealing key, secret and address of mails. A
RECORDING has a line of JSON for each way in which a function calls AWS
(infra/local/src/recorder)."""

import json
import sys
from fnmatch import fnmatchcase

# Attached or inline policies that SAM adds, for what Lambda does before and after
# the function's own code, by their names.
FOR_LAMBDA = {
    "AWSLambdaBasicExecutionRole": ("every function", "Lambda writes the log with it"),
}
# Statements for that, by their names.
STATEMENTS_FOR_LAMBDA = {
    "Stream": (("mail-send", "webhooks-follow"), "Lambda reads the table's stream with it"),
    "Streams": (("mail-send", "webhooks-follow"), "Lambda finds the table's stream with it"),
    "Retries": (("mail-send",), "Lambda takes mails that wait from their queue with it"),
    "Deliveries": (("webhooks-follow",), "deliveries are put into their queue with it, and Lambda leaves letters"),
    "Queue": (("webhooks-deliver",), "Lambda takes deliveries from their queue with it, and the function hides them"),
}
# Queues are no part of what is recorded without the emulator, which holds these to their
# policies itself.
QUEUES = ("webhooks-follow", "webhooks-deliver")
# What is allowed and not recorded, with the reason: (function, action, resource
# or value of a condition).
UNRECORDED = {
    ("mail-send", "ses:SendEmail", "{configuration-sets}"): "asked for where the identity has one by default",
    ("mail-send", "ses:SendRawEmail", "{configuration-sets}"): "asked for where the identity has one by default",
    ("mail-send", "sqs:SendMessage", "sqs:SendMessage"): "where SES refuses a mail, which it does in tests/suite/mail/queues.rs",
}


def as_list(value):
    return value if isinstance(value, list) else [value]


class Statement:
    """A statement of a policy. `used` has what recorded calls needed of it."""

    # How each condition is read; another is an error.
    CONDITIONS = {
        "dynamodb:LeadingKeys": ("ForAllValues:StringLike", "keys"),
        "dynamodb:Attributes": ("ForAllValues:StringLike", "attributes"),
        "kms:EncryptionContextKeys": ("ForAnyValue:StringEquals", "context"),
        "ses:FromAddress": ("StringEquals", "from"),
    }

    def __init__(self, function, place, statement):
        self.function, self.place = function, place
        self.actions = as_list(statement["Action"])
        self.resources = as_list(statement["Resource"])
        self.conditions = {}
        self.used = set()
        self.problems = []
        if statement["Effect"] != "Allow" or set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition"}:
            self.problems.append(f"{place}: check_policies.py does not know such a statement: {json.dumps(statement)}")
        for operator, keys in statement.get("Condition", {}).items():
            for key, values in keys.items():
                if self.CONDITIONS.get(key, (None,))[0] != operator:
                    self.problems.append(f"{place}: check_policies.py does not know the condition {operator} {key}")
                else:
                    self.conditions[key] = as_list(values)

    def allows(self, call, resource):
        """Whether it allows a call. Notes what the call needs of it."""
        # Of mails, the identities are any: the sender is what is bounded.
        named = [pattern for pattern in self.resources if fnmatchcase(resource, pattern)]
        if call["action"] not in self.actions or not named:
            return False
        needed = {(call["action"], "resource", pattern) for pattern in named}
        for key, allowed in self.conditions.items():
            operator, name = self.CONDITIONS[key]
            values = as_list(call.get(name, []))
            matching = {value: [pattern for pattern in allowed if fnmatchcase(value, pattern)] for value in values}
            held = any(matching.values()) if operator.startswith("ForAnyValue") else all(matching.values())
            if not held or not values:
                return False
            # A pattern is needed as it is: ORG#* is not, where all keys are ORG#0.
            needed |= {(call["action"], key, p) for v, ps in matching.items() for p in ps if p in (v, f"{v}*")}
        self.used |= needed
        return True

    def unused(self):
        """What it allows and no recorded call needs."""
        for action in self.actions:
            if not any(used[0] == action for used in self.used):
                yield action, "action", action
                continue
            for resource in self.resources:
                if (action, "resource", resource) not in self.used:
                    yield action, "resource", resource
            for key, values in self.conditions.items():
                for value in values:
                    if (action, key, value) not in self.used:
                        yield action, key, value

    def unbounded(self, may_put):
        """What it should bound, and does not. `may_put` has the partition keys
        of the items that the function may put as they please."""
        bounds = {"dynamodb": "dynamodb:LeadingKeys", "kms": "kms:EncryptionContextKeys", "ses": "ses:FromAddress"}
        for action in self.actions:
            key = bounds.get(action.split(":")[0])
            if key and key not in self.conditions:
                yield action, key
            # Users, with their passwords and permissions, are in these partitions.
            users = "ORG#*" in self.conditions.get("dynamodb:LeadingKeys", []) and "ORG#*" not in may_put
            if action == "dynamodb:UpdateItem" and users and "dynamodb:Attributes" not in self.conditions:
                yield action, "dynamodb:Attributes"


class Check:
    def __init__(self, roles):
        self.stack, self.functions = roles["stack"], roles["functions"]
        self.problems, self.exceptions = [], set()
        self.statements = {}
        for function, role in self.functions.items():
            self.statements[function] = []
            for name in role["attached"]:
                self._excepted(function, name) or self.problems.append(
                    f"{function}: the managed policy {name} is attached to its role; a function has policies of its own"
                )
            for name, document in role["inline"].items():
                if self._excepted(function, name):
                    continue
                for number, statement in enumerate(as_list(document["Statement"]), 1):
                    if self._for_lambda(function, statement):
                        continue
                    read = Statement(function, f"{function}, {name}, statement {number}", statement)
                    self.problems += read.problems
                    self.statements[function].append(read)

    def _excepted(self, function, policy):
        if FOR_LAMBDA.get(policy, ("",))[0] in ("every function", function):
            self.exceptions.add(policy)
            return True
        return False

    def _for_lambda(self, function, statement):
        name = statement.get("Sid")
        if function not in STATEMENTS_FOR_LAMBDA.get(name, ((),))[0] or "*" in as_list(statement["Resource"]):
            return False
        self.exceptions.add(name)
        return True

    def resource(self, call):
        """The ARN that a recorded call is about."""
        service = call["action"].split(":")[0]
        if service == "dynamodb":
            return self.stack["table"] + (f"/index/{call['index']}" if "index" in call else "")
        return self.stack[{"kms": "key", "secretsmanager": "secret", "ses": "identity", "sqs": "dead-letters", "lambda": "calendars"}[service]]

    def allowed(self, call):
        """Every recorded call is allowed by one statement."""
        if call["function"] in QUEUES and call["action"].startswith("sqs:"):
            return
        statements = self.statements.get(call["function"])
        if statements is None:
            self.problems.append(f"{call['function']}: recorded, and the stack has no such function")
            return
        resource = self.resource(call)
        # All of them, so that each notes what is needed of it.
        if not any([statement.allows(call, resource) for statement in statements]):
            what = {k: v for k, v in call.items() if k not in ("function", "action")}
            same = [s.place for s in statements if call["action"] in s.actions]
            where = f"none of {', '.join(same)} does" if same else f"no statement names {call['action']}"
            self.problems.append(
                f"{call['function']}: its code calls {call['action']} with {json.dumps(what, sort_keys=True)}, and its policies "
                f"do not allow that: {where} for {resource}"
            )

    def needed(self):
        """Nothing is allowed that no recorded call needs."""
        for function, statements in self.statements.items():
            may_put = {
                key
                for statement in statements
                if "dynamodb:PutItem" in statement.actions and "dynamodb:Attributes" not in statement.conditions
                for key in statement.conditions.get("dynamodb:LeadingKeys", [])
            }
            for statement in statements:
                for action, kind, value in statement.unused():
                    name = next((n for n, v in self.stack["names"].items() if v == value), value)
                    if (function, action, name) in UNRECORDED:
                        self.exceptions.add((function, action, name))
                        continue
                    about = f"{action} ({kind} {value})" if kind != "action" else action
                    self.problems.append(
                        f"{statement.place}: allows {about}, and no recorded call of {function} needs it: "
                        "take it out of the row of its route (functions/*/src/routes.rs), or write a test that needs it"
                    )
                for action, key in statement.unbounded(may_put):
                    self.problems.append(f"{statement.place}: allows {action} without a condition on {key}")
        for exception in (set(FOR_LAMBDA) | set(STATEMENTS_FOR_LAMBDA) | set(UNRECORDED)) - self.exceptions:
            self.problems.append(f"the exception {exception} of check_policies.py excepts nothing: take it out")


def check(roles, calls):
    """What is wrong, as texts."""
    check = Check(roles)
    for call in calls:
        check.allowed(call)
    check.needed()
    return sorted(set(check.problems))


def main(roles, *recordings):
    with open(roles) as file:
        roles = json.load(file)
    calls = []
    for recording in recordings:
        with open(recording) as file:
            read = [json.loads(line) for line in file]
        if not read:
            sys.exit(f"check_policies: {recording} has no recorded call")
        calls += read
    problems = check(roles, calls)
    for problem in problems:
        print(f"check_policies: {problem}", file=sys.stderr)
    if problems:
        sys.exit(1)
    statements = sum(len(s["Statement"]) for r in roles["functions"].values() for s in r["inline"].values())
    print(f"{len(roles['functions'])} roles with {statements} statements allow what {len(calls)} recorded calls need")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
