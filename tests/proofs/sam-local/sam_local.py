"""The journey through `sam local start-api`: what tests/proofs/sam-local/run is for.

DynamoDB is AWS's DynamoDB Local, with the table that the template defines; KMS,
Secrets Manager and SES are ministack's. The function that mints the operator's
key and the one that sends mails have no route: they are invoked with the events
that CloudFormation and the table's stream send.
"""

import argparse
import contextlib
import http.server
import json
import os
import pathlib
import platform
import signal
import socket
import subprocess
import sys
import threading
import time

import boto3
import yaml
from botocore.exceptions import ClientError, EndpointConnectionError

ROOT = pathlib.Path(__file__).resolve().parents[3]
INFRA = ROOT / "infra"
BUILD = INFRA / ".aws-sam" / "build"
# How containers reach this machine.
HOST = "host.docker.internal"
TABLE = "roster"
MAIL_FROM = "roster@example.com"
# What the local gateway has, so that answers are alike.
REPLY_DOMAIN = "roster.localhost"
ENVIRONMENT = {
    **os.environ,
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "SAM_CLI_TELEMETRY": "0",
}


def free_port():
    with socket.socket() as taken:
        taken.bind(("", 0))
        return taken.getsockname()[1]


def wait_for(what, ready, process=None, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process and process.poll() is not None:
            break
        if ready():
            return
        time.sleep(0.2)
    sys.exit(f"sam-local: {what} did not start")


@contextlib.contextmanager
def running(command, log, **environment):
    """A process, until it is no longer needed."""
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={**ENVIRONMENT, **environment}, cwd=INFRA
        )
        try:
            yield process
        finally:
            # As Ctrl-C: it is what makes SAM take its containers away.
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def client(service, port):
    return boto3.client(
        service,
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def answers(call):
    """Whether a service is there yet."""

    def ask():
        try:
            call()
        except (EndpointConnectionError, ClientError, OSError):
            return False
        return True

    return ask


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def create_table(dynamodb, template):
    """The table of the template, as far as DynamoDB Local knows tables."""
    table = template["Resources"]["Table"]["Properties"]
    stream = {"StreamEnabled": True, **table["StreamSpecification"]}
    names = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    dynamodb.create_table(
        TableName=TABLE, StreamSpecification=stream, **{name: table[name] for name in names}
    )
    dynamodb.update_time_to_live(
        TableName=TABLE, TimeToLiveSpecification=table["TimeToLiveSpecification"]
    )


class Sam:
    """`sam local`, with the services that the functions are to call."""

    def __init__(self, template, work, url, dynamodb_port, ministack_port):
        self.work = work
        self.url = url
        # Of all variables, SAM lets only those be set that the template has.
        variables = template["Globals"]["Function"]["Environment"]["Variables"]
        variables["AWS_ENDPOINT_URL"] = f"http://{HOST}:{ministack_port}"
        variables["AWS_ENDPOINT_URL_DYNAMODB"] = f"http://{HOST}:{dynamodb_port}"
        # Beside the functions' folders, which it names.
        self.template = BUILD / "local.yaml"
        self.template.write_text(yaml.safe_dump(template, sort_keys=False))
        key = client("kms", ministack_port).create_key()["KeyMetadata"]["KeyId"]
        secrets = client("secretsmanager", ministack_port)
        self.secret = secrets.create_secret(Name="operator")["ARN"]
        values = {"TABLE_NAME": TABLE, "SEALING_KEY_ID": key, "ADMIN_KEY_SECRET": self.secret}
        self.variables = work / "variables.json"
        self.variables.write_text(json.dumps({"Parameters": values}))

    def command(self, *subcommand):
        architecture = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
        parameters = {
            "Architecture": architecture,
            "MailFrom": MAIL_FROM,
            # `sam local` tells a domain without a port, and no scheme.
            "PublicUrl": self.url,
            "ReplyDomain": REPLY_DOMAIN,
        }
        return [
            *("sam", "local", *subcommand, "--template", str(self.template)),
            *("--env-vars", str(self.variables), "--skip-pull-image"),
            *("--add-host", f"{HOST}:host-gateway", "--parameter-overrides"),
            *(f"{name}={value}" for name, value in parameters.items()),
        ]

    def invoke(self, function, event):
        """Invokes a function; answers what it answered."""
        file = self.work / "event.json"
        file.write_text(json.dumps(event))
        command = self.command("invoke", function, "--event", str(file))
        done = subprocess.run(command, env=ENVIRONMENT, cwd=INFRA, capture_output=True, text=True)
        answer = done.stdout.strip().splitlines()[-1:] or ["null"]
        # The function's log.
        print(done.stderr, file=sys.stderr)
        if done.returncode != 0 or "errorType" in answer[0]:
            sys.exit(f"sam-local: {function} failed:\n{done.stdout}\n{done.stderr}")
        return json.loads(answer[0])


def mint_operator_key(sam, secrets):
    """As CloudFormation does when the stack is created."""
    answered = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_PUT(self):
            answered.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sam.invoke(
        "AuthorizerMintAdminKeyFunction",
        {
            "RequestType": "Create",
            "ResponseURL": f"http://{HOST}:{server.server_port}/",
            "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/roster/1",
            "RequestId": "create-admin-key",
            "ResourceType": "Custom::AdminKey",
            "LogicalResourceId": "AdminKey",
            "ResourceProperties": {},
        },
    )
    server.shutdown()
    if [answer["Status"] for answer in answered] != ["SUCCESS"]:
        sys.exit(f"sam-local: CloudFormation would have been answered {answered}")
    key = secrets.get_secret_value(SecretId=sam.secret)["SecretString"]
    if not key.startswith("rstr_adm_"):
        sys.exit("sam-local: the secret holds no operator's key")
    return key


def stream_records(streams, dynamodb, is_wanted):
    """The stream's records that a filter lets through."""
    arn = dynamodb.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
    found = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        empty = 0
        while iterator and empty < 3:
            page = streams.get_records(ShardIterator=iterator)
            empty = 0 if page["Records"] else empty + 1
            found += page["Records"]
            iterator = page.get("NextShardIterator")
    return [record for record in found if is_wanted(record)]


def is_new_mail(record):
    return record["eventName"] == "INSERT" and record["dynamodb"]["Keys"]["sk"]["S"].startswith("MAIL#")


def follow_changes(sam, dynamodb, streams):
    """Brings the journey's changes to the function that numbers them, and a delivery to the
    one that sends it. Its hook is gone by then, so that nobody is called."""
    prefixes = ("USER#", "TEAM#", "EVENT#")
    records = stream_records(streams, dynamodb, lambda r: r["dynamodb"]["Keys"]["sk"]["S"].startswith(prefixes))[:100]
    event = {
        "Records": [
            {
                "eventName": record["eventName"],
                "dynamodb": {
                    **{
                        name: record["dynamodb"][name]
                        for name in ("Keys", "SequenceNumber", "OldImage", "NewImage")
                        if name in record["dynamodb"]
                    },
                    "ApproximateCreationDateTime": record["dynamodb"]["ApproximateCreationDateTime"].timestamp(),
                },
            }
            for record in records
        ]
    }
    answer = sam.invoke("WebhooksFollowFunction", event)
    if answer != {"batchItemFailures": []}:
        sys.exit(f"sam-local: changes were not numbered: {answer}")
    items = dynamodb.get_paginator("scan").paginate(TableName=TABLE).build_full_result()["Items"]
    numbered = [item for item in items if item["pk"]["S"].startswith("CHANGES#") and item["sk"]["S"].startswith("AT#")]
    if not numbered:
        sys.exit("sam-local: no change has a number")
    is_delivery = lambda item: item["pk"]["S"].startswith("DELIVERIES#") and item["sk"]["S"].startswith("HOOK#")
    delivery = next(item for item in items if is_delivery(item))
    queued = {
        "organization": delivery["pk"]["S"].split("#")[1],
        "hook": delivery["hook"]["S"],
        "delivery": delivery["_id"]["S"],
    }
    message = {"messageId": "1", "receiptHandle": "1", "body": json.dumps(queued)}
    answer = sam.invoke("WebhooksDeliverFunction", {"Records": [message]})
    if answer != {"batchItemFailures": []}:
        sys.exit(f"sam-local: a delivery was not done with: {answer}")
    key = {name: delivery[name] for name in ("pk", "sk")}
    state = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]["state"]["S"]
    if state != "failed":
        sys.exit(f"sam-local: a delivery to a hook that is gone is {state}, and not failed")
    return len(numbered)


def read_calendars(sam, dynamodb):
    """Asks the function on the schedule for what is due. The calendars that the journey entered
    are taken out by then: what is left of them goes."""
    is_own = lambda item: item["pk"]["S"].startswith("CALENDARS#") and "gone" in item
    scan = lambda: dynamodb.get_paginator("scan").paginate(TableName=TABLE).build_full_result()["Items"]
    if not any(map(is_own, scan())):
        sys.exit("sam-local: the journey left no calendar that is due")
    answer = sam.invoke("CalendarsRefreshFunction", {})
    if answer is not None:
        sys.exit(f"sam-local: calendars were not read: {answer}")
    if any(map(is_own, scan())):
        sys.exit("sam-local: what was taken out is still there")


def send_mails(sam, dynamodb, streams):
    """Brings the journey's mails to the function that sends them."""
    records = stream_records(streams, dynamodb, is_new_mail)
    if not records:
        sys.exit("sam-local: the journey wrote no mail")
    event = {
        "Records": [
            {
                "eventID": record["eventID"],
                "eventName": record["eventName"],
                "eventSource": "aws:dynamodb",
                "dynamodb": {
                    "Keys": record["dynamodb"]["Keys"],
                    "SequenceNumber": record["dynamodb"]["SequenceNumber"],
                },
            }
            for record in records
        ]
    }
    answer = sam.invoke("MailSendFunction", event)
    if answer != {"batchItemFailures": []}:
        sys.exit(f"sam-local: mails were not sent: {answer}")
    for record in records:
        item = dynamodb.get_item(TableName=TABLE, Key=record["dynamodb"]["Keys"])["Item"]
        state = item["state"]["M"]["name"]["S"]
        if state != "sent":
            sys.exit(f"sam-local: a mail is {state}, and not sent")
    return len(records)


def invoked_functions():
    """The functions that have a container."""
    containers = subprocess.check_output(["docker", "ps", "--quiet"], text=True).split()
    if not containers:
        return set()
    inspected = json.loads(subprocess.check_output(["docker", "inspect", *containers]))
    variables = [v for container in inspected for v in container["Config"]["Env"]]
    prefix = "AWS_LAMBDA_FUNCTION_NAME="
    return {v.removeprefix(prefix) for v in variables if v.startswith(prefix)}


def go_on_the_journey(url, key):
    command = "cargo test --quiet --workspace --test suite -- journey:: --nocapture".split()
    environment = {**os.environ, "ROSTER_TEST_URL": url, "ROSTER_TEST_OPERATOR_KEY": key}
    return subprocess.run(command, env=environment, cwd=ROOT).returncode == 0


def main():
    # Also where whoever started this ignores them: what runs here must end too.
    for asked_to_stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked_to_stop, signal.default_int_handler)
    parser = argparse.ArgumentParser()
    parser.add_argument("--ministack", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--serve", action="store_true")
    arguments = parser.parse_args()
    work = arguments.work
    if not (BUILD / "template.yaml").exists():
        sys.exit("sam-local: nothing is built; infra/build builds for this machine's processor")
    template = yaml.safe_load((BUILD / "template.yaml").read_text())
    ports = {name: free_port() for name in ("dynamodb", "ministack", "api")}
    dynamodb, streams = (client(name, ports["dynamodb"]) for name in ("dynamodb", "dynamodbstreams"))
    secrets = client("secretsmanager", ports["ministack"])
    url = f"http://127.0.0.1:{ports['api']}"
    with contextlib.ExitStack() as stack:
        start = lambda *what, **environment: stack.enter_context(running(*what, **environment))
        engine = start([ROOT / "tests/proofs/engines/dynamodb-local", str(ports["dynamodb"])], work / "dynamodb.log")
        wait_for("DynamoDB Local", answers(dynamodb.list_tables), engine, 300)
        services = start([arguments.ministack], work / "ministack.log", GATEWAY_PORT=str(ports["ministack"]))
        wait_for("ministack", answers(secrets.list_secrets), services)
        client("sesv2", ports["ministack"]).create_email_identity(EmailIdentity=MAIL_FROM)
        create_table(dynamodb, template)
        sam = Sam(template, work, url, ports["dynamodb"], ports["ministack"])
        key = mint_operator_key(sam, secrets)
        command = sam.command("start-api", "--port", str(ports["api"]), "--warm-containers", "LAZY")
        api = start(command, work / "api.log")
        wait_for("sam local start-api", lambda: is_listening(ports["api"]), api)
        if arguments.serve:
            print(f"Roster serves {url}\n\n  operator's key  {key}\n\nCtrl-C stops it.", flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                api.wait()
            return
        if not go_on_the_journey(url, key):
            print((work / "api.log").read_text()[-20000:], file=sys.stderr)
            sys.exit("sam-local: the journey failed; above is the end of the API's log")
        mails = send_mails(sam, dynamodb, streams)
        changes = follow_changes(sam, dynamodb, streams)
        read_calendars(sam, dynamodb)
        functions = {
            name
            for name, resource in template["Resources"].items()
            if resource["Type"] == "AWS::Serverless::Function"
        }
        # Invoked already, each by itself.
        by_event = {
            "AuthorizerMintAdminKeyFunction",
            "MailSendFunction",
            "WebhooksFollowFunction",
            "WebhooksDeliverFunction",
            "CalendarsRefreshFunction",
        }
        missing = functions - by_event - invoked_functions()
        if missing:
            sys.exit(f"sam-local: never invoked: {', '.join(sorted(missing))}")
        print(f"sam-local: {len(functions)} functions were invoked, {mails} mails sent, {changes} changes numbered")


if __name__ == "__main__":
    main()
