"""A proxy between the stack's functions and the emulator that writes down what
the functions ask AWS for, as facts that tests/proofs/emulator/check_policies.py reads.

The emulator gives each function credentials of its own role, so that the key
which signed a call says who made it."""

import hashlib
import http.client
import http.server
import json
import re
import threading
import urllib.parse

# Which actions of IAM a call needs. A call that is not here is an error: nobody
# would know what it needs.
DYNAMODB = {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "BatchGetItem", "TransactWriteItems"}
TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
KEY = re.compile(r"ORG#0\Z|[^#]*#|.*")


def key_prefix(key):
    """A partition key without the part that differs from item to item, as
    infra/local/src/recorder.rs shortens it."""
    return KEY.match(key)[0]


def access_key_of(function_arn, role_arn):
    """The access key id that the emulator gives a function."""
    return "ASIA" + hashlib.sha256(f"{function_arn}:{role_arn}".encode()).hexdigest()[:16].upper()


def _named(names, *expressions):
    """The attributes that expressions name, at their top level."""
    paths = [path for text in filter(None, expressions) for path in re.findall(r"#\w+(?:\.#\w+)*", text)]
    return {names[path.split(".")[0]] for path in paths}


def _use(action, writes):
    """What writes of one action need: as infra/local/src/recorder.rs says it."""
    keys = {key_prefix((write.get("Key") or write["Item"])["pk"]["S"]) for write in writes}
    fact = {"action": f"dynamodb:{action}", "keys": sorted(keys)}
    if action == "UpdateItem":
        attributes = set()
        for write in writes:
            expressions = write.get("UpdateExpression"), write.get("ConditionExpression")
            attributes |= _named(write.get("ExpressionAttributeNames", {}), *expressions) | set(write["Key"])
        fact["attributes"] = sorted(attributes)
    return fact


def _dynamodb(operation, body):
    if operation == "TransactWriteItems":
        by_action = {}
        for item in body["TransactItems"]:
            (kind, write), = item.items()
            by_action.setdefault(TRANSACTION[kind], []).append(write)
        return [_use(action, writes) for action, writes in by_action.items()]
    if operation == "BatchGetItem":
        keys = [key for request in body["RequestItems"].values() for key in request["Keys"]]
        return [_use(operation, [{"Key": key} for key in keys])]
    if operation == "Query":
        key = body["ExpressionAttributeValues"][":pk"]["S"]
        index = {"index": body["IndexName"]} if "IndexName" in body else {}
        return [{"action": "dynamodb:Query", "keys": [key_prefix(key)], **index}]
    return [_use(operation, [body])]


def facts(service, target, path, body):
    """What a call needs, as facts without the function that made it."""
    operation = target.rsplit(".", 1)[-1]
    if service == "dynamodb" and operation in DYNAMODB:
        return _dynamodb(operation, json.loads(body))
    if service == "kms" and operation in {"Encrypt", "Decrypt"}:
        context = json.loads(body).get("EncryptionContext", {})
        return [{"action": f"kms:{operation}", "context": sorted(context)}]
    if service == "secretsmanager" and operation in {"GetSecretValue", "PutSecretValue"}:
        return [{"action": f"secretsmanager:{operation}"}]
    if service == "ses" and path == "/v2/email/outbound-emails":
        return [{"action": "ses:SendEmail", "from": json.loads(body)["FromEmailAddress"]}]
    raise ValueError(f"{service} {target or path}: tests/proofs/emulator/recorder.py does not know what this call needs")


class Recorder:
    """The proxy. `errors` holds what could not be understood."""

    def __init__(self, upstream_port):
        self.calls = []
        self.errors = []
        self._lock = threading.Lock()
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                recorder._note(self.headers, self.path, body)
                # As it came, with its Host: the emulator checks the signature.
                upstream = http.client.HTTPConnection("127.0.0.1", upstream_port, timeout=60)
                try:
                    upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                    for name, value in self.headers.items():
                        if name.lower() != "connection":
                            upstream.putheader(name, value)
                    upstream.endheaders(body)
                    answer = upstream.getresponse()
                    content = answer.read()
                    status, content = recorder._correct(answer.status, content)
                    recorder._note_refusal(self.headers, status, content)
                    self.send_response_only(status)
                    for name, value in answer.getheaders():
                        if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                            self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                finally:
                    upstream.close()

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _forward

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def _note(self, headers, path, body):
        scope = re.search(r"Credential=([^/]+)/[^/]+/[^/]+/([^/]+)/", headers.get("Authorization", ""))
        try:
            if not scope:
                raise ValueError(f"{path}: a call without a signature")
            path = urllib.parse.urlsplit(path).path
            found = facts(scope[2], headers.get("X-Amz-Target", ""), path, body)
            with self._lock:
                self.calls += [(scope[1], fact) for fact in found]
        except (ValueError, KeyError, TypeError) as error:
            with self._lock:
                self.errors.append(f"{type(error).__name__}: {error}")

    @staticmethod
    def _correct(status, content):
        """The answer as AWS gives it. To the emulator, a secret that
        CloudFormation makes without a value has an empty one."""
        if status == 200 and b'"SecretString": ""' in content:
            error = {
                "__type": "ResourceNotFoundException",
                "Message": "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
            }
            return 400, json.dumps(error).encode()
        return status, content

    def _note_refusal(self, headers, status, content):
        """Whom the emulator's IAM refused what."""
        if status == 403 or b"AccessDenied" in content[:200]:
            with self._lock:
                self.errors.append(f"{headers.get('X-Amz-Target', '')} was refused: {content.decode()}")

    def recorded(self, functions):
        """The facts, each with its function. `functions` has the names of the
        functions by their access key ids."""
        with self._lock:
            calls = list(self.calls)
        lines = set()
        for access_key, fact in calls:
            if access_key not in functions:
                raise ValueError(f"{fact}: signed with {access_key}, which is no function's key")
            lines.add(json.dumps({"function": functions[access_key], **fact}))
        return sorted(lines)
