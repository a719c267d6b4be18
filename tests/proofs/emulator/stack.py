"""A stack on the emulator, read through the APIs of AWS."""

import functools
import json
from urllib.parse import unquote

import boto3
from botocore.config import Config
from recorder import access_key_of


class Stack:
    """A stack that stands. Reads it anew after each deployment: make another."""

    def __init__(self, name, endpoint, region):
        self.name, self.region, self.endpoint = name, region, endpoint
        cloudformation = self.client("cloudformation")
        description = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        self.status = description["StackStatus"]
        self.outputs = {o["OutputKey"]: o["OutputValue"] for o in description.get("Outputs", [])}
        self.account = description["StackId"].split(":")[4]
        template = cloudformation.get_template(StackName=name, TemplateStage="Processed")["TemplateBody"]
        self.template = template if isinstance(template, dict) else json.loads(template)
        resources = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        self._physical = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in resources}
        self.types = {r["LogicalResourceId"]: r["ResourceType"] for r in resources}

        self.table = self.client("dynamodb").describe_table(TableName=self.outputs["TableName"])["Table"]

    def client(self, service):
        """A client of the account's administrator."""
        # A function that is slow for once must not be invoked twice.
        config = Config(retries={"total_max_attempts": 1}, read_timeout=180, max_pool_connections=50)
        return _client(service, self.endpoint, self.region, config)

    def physical_id(self, logical_id):
        return self._physical[logical_id]

    @functools.cached_property
    def functions(self):
        """The configuration of each function, by its logical id; `Binary` is the
        name of what it runs."""
        found = {}
        for logical_id, kind in self.types.items():
            if kind == "AWS::Lambda::Function":
                name = self.physical_id(logical_id)
                found[logical_id] = self.client("lambda").get_function_configuration(FunctionName=name)
                properties = self.template["Resources"][logical_id]["Metadata"]["BuildProperties"]
                found[logical_id]["Binary"] = properties["Binary"]
        return found

    def functions_by_access_key(self):
        """The binaries' names, by the key that each function's calls are signed with."""
        return {access_key_of(f["FunctionArn"], f["Role"]): f["Binary"] for f in self.functions.values()}

    @functools.cached_property
    def invokers(self):
        """By function, patterns of the ARNs on whose behalf API Gateway may invoke
        it."""
        lambda_, found = self.client("lambda"), {}
        for logical_id in self.functions:
            try:
                policy = lambda_.get_policy(FunctionName=self.physical_id(logical_id))["Policy"]
            except lambda_.exceptions.ResourceNotFoundException:
                policy = '{"Statement": []}'
            found[logical_id] = [
                statement["Condition"]["ArnLike"]["AWS:SourceArn"]
                for statement in json.loads(policy)["Statement"]
                if statement["Effect"] == "Allow"
                and statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
                and statement["Action"] == "lambda:InvokeFunction"
            ]
        return found

    def invoke(self, logical_id, event):
        """What a function answers, and what was wrong, or None."""
        answer = self.client("lambda").invoke(FunctionName=self.physical_id(logical_id), Payload=json.dumps(event))
        payload = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            return None, f"{answer['FunctionError']} error: {json.dumps(payload)}"
        return payload, None

    def roles(self):
        """Each function's role as IAM has it, by the binary's name: the inline
        policies, and the names of the attached ones."""
        iam, found = self.client("iam"), {}
        for function in self.functions.values():
            role = function["Role"].rsplit("/", 1)[-1]
            inline = {}
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
                document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
                inline[name] = document if isinstance(document, dict) else json.loads(unquote(document))
            attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
            found[function["Binary"]] = {"inline": inline, "attached": [p["PolicyName"] for p in attached], "role": role}
        return found

    def log_of(self, binary):
        """The lines that the functions of a binary's package logged, the last ones at the
        end."""
        package = binary.split("-")[0].capitalize()
        logs, group = self.client("logs"), self.physical_id(f"{package}Logs")
        try:
            streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
        except logs.exceptions.ResourceNotFoundException:
            return []
        events = [
            event
            for stream in streams
            for event in logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])["events"]
        ]
        return [event["message"] for event in sorted(events, key=lambda event: event["timestamp"])]


def failed_resources(name, endpoint, region):
    """Which resources of a stack failed, and why."""
    cloudformation = _client("cloudformation", endpoint, region, None)
    try:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    except cloudformation.exceptions.ClientError:
        return []
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    return [f"{e['LogicalResourceId']}: {e['ResourceStatus']}: {e.get('ResourceStatusReason')}" for e in failed]


@functools.cache
def _client(service, endpoint, region, config):
    credentials = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=endpoint, region_name=region, config=config, **credentials)
