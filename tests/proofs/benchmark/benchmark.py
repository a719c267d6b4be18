#!/usr/bin/env python3
"""Compares functions with a bare one that makes the same calls (tests/proofs/benchmark/run).

usage: benchmark.py --binaries | TARGET COLD WARM

A function is started as Lambda starts it, and given events as Lambda gives them. The
engine is the embedded one, behind a proxy that notes the calls of one request. Those, the
bare function makes again, without the conditions that hold only once.

The last columns are of the first answer behind TLS, from when the function has begun, which
Lambda does before anybody waits: the bare function opens its connection only then."""

import json
import os
import queue
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

AUTHORIZER = "authorizer-authorize"
MEMBERS, EVENTS, OTHERS = 5, 1_000, 995


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(handler, tls=None):
    class Server(ThreadingHTTPServer):
        daemon_threads = True
        # Answers leave at once, as they are small.
        disable_nagle_algorithm = True

        def handle_error(self, *_):
            """A function that is stopped hangs up."""

        def finish_request(self, request, address):
            # The handshake is a matter of the connection's own thread.
            super().finish_request(tls.wrap_socket(request, server_side=True) if tls else request, address)

    handler.disable_nagle_algorithm = True
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"127.0.0.1:{server.server_address[1]}", server


class Function:
    """A function under way, behind Lambda's runtime API."""

    def __init__(self, binary, environment):
        events, answers = queue.Queue(), queue.Queue()
        begun = threading.Event()

        class Runtime(Quiet):
            def do_GET(self):
                begun.set()
                event = json.dumps(events.get()).encode()
                deadline = str(int((time.time() + 30) * 1000))
                arn = "arn:aws:lambda:local:000000000000:function:f"
                headers = [
                    ("lambda-runtime-aws-request-id", "r"),
                    ("lambda-runtime-deadline-ms", deadline),
                    ("lambda-runtime-invoked-function-arn", arn),
                ]
                self.answer(200, event, headers)

            def do_POST(self):
                answers.put((self.path, self.body()))
                self.answer(202)

        address, self.server = serve(Runtime)
        self.events, self.answers, self.begun = events, answers, begun
        own = {"AWS_LAMBDA_RUNTIME_API": address, "AWS_LAMBDA_FUNCTION_NAME": "f"}
        own |= {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "AWS_LAMBDA_FUNCTION_VERSION": "1"}
        self.process = subprocess.Popen([binary], env=environment | own, stdout=subprocess.DEVNULL)

    def call(self, event):
        self.events.put(event)
        path, body = self.answers.get(timeout=30)
        if path.endswith("/error"):
            sys.exit(f"benchmark: a function failed: {body.decode()}")
        return json.loads(body)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.server.shutdown()


def proxy_of(engine, calls, tls=None):
    """A proxy before the engine; `calls` gets what passes it. Answers where it is."""

    class Proxy(Quiet):
        def pass_on(self):
            body = self.body()
            headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "content-length")}
            target = self.headers.get("x-amz-target")
            if target:
                calls.append({"operation": target.split(".")[-1], "body": body.decode()})
            request = urllib.request.Request(engine + self.path, body or None, headers, method=self.command)
            try:
                with urllib.request.urlopen(request) as answer:
                    status, text = answer.status, answer.read()
            except urllib.error.HTTPError as error:
                status, text = error.code, error.read()
            self.answer(status, text, [("content-type", "application/x-amz-json-1.0")])

        do_GET = do_POST = pass_on

    address, _ = serve(Proxy, tls)
    return f"https://localhost:{address.split(':')[1]}" if tls else f"http://{address}"


def certificate(work):
    """A certificate of this machine, and what trusts it."""
    key, own = os.path.join(work, "key.pem"), os.path.join(work, "certificate.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=CA:FALSE",
         "-keyout", key, "-out", own], check=True, capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own, key)
    return context, {"SSL_CERT_FILE": own}


def repeatable(call):
    """A call as it can be made again: without what holds only once, and with items of its
    own, as those of the API are to stay as they are."""
    body = json.loads(call["body"])
    if "TransactItems" not in body:
        return call
    body.pop("ClientRequestToken", None)
    items = []
    for item in body["TransactItems"]:
        (kind, write), = item.items()
        if kind == "ConditionCheck":
            write = {"TableName": write["TableName"], "Key": write["Key"], "ConditionExpression": "attribute_exists(pk)"}
        if kind == "Put":
            write = {"TableName": write["TableName"], "Item": write["Item"]}
            write["Item"]["pk"] = {"S": "BARE#" + write["Item"]["pk"]["S"]}
        items.append({kind: write})
    return {**call, "body": json.dumps({**body, "TransactItems": items})}


class Api:
    """The local API, with something in it."""

    def __init__(self, roster, work):
        ready = os.path.join(work, "ready")
        self.process = subprocess.Popen(
            [roster, "--memory", "--port", "0", "--ready-file", ready], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not os.path.exists(ready):
            if self.process.poll() is not None:
                sys.exit("benchmark: the local API did not start")
            time.sleep(0.02)
        with open(ready) as file:
            self.__dict__.update(json.load(file))
        self.users = [self.post("/v2/users", {"user": {"email": f"{n}@example.com"}})["_id"] for n in range(MEMBERS)]
        for first in range(0, OTHERS, 500):
            others = range(first, min(first + 500, OTHERS))
            self.post("/v2/users/batch", [{"user": {"email": f"other{n}@example.com"}} for n in others])
        team = {"extid": "team", "name": "Team", "members": self.users}
        self.team = self.post("/v2/teams", team)["_id"]
        for number in range(EVENTS):
            self.post(f"/v2/teams/{self.team}/events", booking(number))

    def post(self, path, body):
        headers = {"Authorization": self.organization_key, "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request) as answer:
            made = json.load(answer)
        if isinstance(made, list):
            return made
        return made.get("user") or made.get("team") or made


def booking(number):
    month, day, hour = number // 600, 1 + number // 24 % 25, number % 24
    date = f"{2030 + month // 12}-{1 + month % 12:02}-{day:02}T{hour:02}"
    return {
        "title": f"Meeting {number}",
        "created_by": {"email": "client@example.org"},
        "dates": [{"date": f"{date}:00:00Z", "end_date": f"{date}:30:00Z"}],
    }


def operations(api):
    """Each function: its event's method, route, parameters, and body of a call number."""
    user = api.users[0]
    yield "scheduling-get-user", "GET", "/v2/users/{user_id}", {"user_id": user}, None
    yield "scheduling-list-users", "GET", "/v2/users", {}, None
    yield "scheduling-get-team", "GET", "/v2/teams/{team_id}", {"team_id": api.team}, None
    yield "scheduling-list-events", "GET", "/v2/teams/{team_id}/events", {"team_id": api.team}, None
    yield "scheduling-update-user", "PUT", "/v2/users/{user_id}", {"user_id": user}, lambda n: {"user": {"first_name": f"N{n}"}}
    yield "scheduling-book-event", "POST", "/v2/teams/{team_id}/events", {"team_id": api.team}, lambda n: booking(EVENTS + n)


BINARIES = [
    AUTHORIZER, "scheduling-get-user", "scheduling-list-users", "scheduling-get-team",
    "scheduling-list-events", "scheduling-update-user", "scheduling-book-event",
]


def event(method, route, parameters, body, context):
    path = route.format(**parameters)
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "benchmark"}
    return {
        "version": "2.0", "routeKey": f"{method} {route}", "rawPath": path, "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "api.example.com"},
        "pathParameters": parameters,
        "requestContext": {
            "accountId": "000000000000", "apiId": "api", "domainName": "api.example.com", "domainPrefix": "api",
            "requestId": "request", "routeKey": f"{method} {route}", "stage": "$default", "timeEpoch": 0,
            "time": "01/Jan/2030:00:00:00 +0000", "http": http, "authorizer": {"lambda": context},
        },
        **({"body": json.dumps(body)} if body else {}), "isBase64Encoded": False,
    }


class Numbers:
    """Numbers that no two calls share."""

    last = 0

    def next(self):
        self.last += 1
        return self.last


def compare(binary, bare, environment, behind_tls, events, replayed, cold, warm):
    """Milliseconds of the function and of the bare one, cold, warm and first."""
    times = {kind: ([], []) for kind in ("cold", "warm", "first")}
    for _ in range(cold):
        for index, (program, make) in enumerate(((binary, events), (bare, lambda: replayed))):
            given = make()
            begun = time.perf_counter()
            function = Function(program, environment)
            function.call(given)
            times["cold"][index].append((time.perf_counter() - begun) * 1000)
            function.stop()
            function = Function(program, behind_tls)
            function.begun.wait(timeout=30)
            given = make()
            begun = time.perf_counter()
            function.call(given)
            times["first"][index].append((time.perf_counter() - begun) * 1000)
            function.stop()
    both = [(Function(binary, environment), events), (Function(bare, environment), lambda: replayed)]
    for number in range(warm + 5):
        for index, (function, make) in enumerate(both):
            given = make()
            begun = time.perf_counter()
            function.call(given)
            if number >= 5:
                times["warm"][index].append((time.perf_counter() - begun) * 1000)
    for function, _ in both:
        function.stop()
    return {kind: [statistics.median(one) for one in pair] for kind, pair in times.items()}


def main(target, cold, warm):
    with tempfile.TemporaryDirectory() as work:
        api = Api(os.path.join(target, "roster"), work)
        try:
            environment = {
                "TABLE_NAME": api.table, "AWS_ENDPOINT_URL_DYNAMODB": api.dynamodb_url, "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "APP_URL": "https://app.example.com",
                "REPLY_DOMAIN": "reply.example.com", "SEALING_KEY_ID": "none",
            }
            calls = []
            proxy = proxy_of(api.dynamodb_url, calls)
            tls, trust = certificate(work)
            secure = proxy_of(api.dynamodb_url, [], tls)
            behind_tls = environment | trust | {"AWS_ENDPOINT_URL_DYNAMODB": secure}
            recording = environment | {"AWS_ENDPOINT_URL_DYNAMODB": proxy}
            authorized = {"identitySource": [api.organization_key], "requestContext": {"requestId": "request"}}

            def calls_of(binary, given):
                function = Function(os.path.join(target, binary), recording)
                answer = function.call(given)
                function.stop()
                made = [repeatable(call) for call in calls]
                calls.clear()
                return answer, made

            answer, made = calls_of(AUTHORIZER, authorized)
            context, numbers = answer["context"], Numbers()
            rows = [(AUTHORIZER, lambda: authorized, made)]
            for binary, method, route, parameters, body in operations(api):
                def events(method=method, route=route, parameters=parameters, body=body):
                    return event(method, route, parameters, body and body(numbers.next()), context)

                answer, made = calls_of(binary, events())
                if answer["statusCode"] not in (200, 201):
                    sys.exit(f"benchmark: {binary} answered {answer}")
                rows.append((binary, events, made))
            kinds = ("cold", "warm", "first")
            print(f"{'milliseconds':26} {'calls':>5}" + "".join(f" {kind:>7} {'bare':>7} {'ratio':>6}" for kind in kinds))
            for binary, events, made in rows:
                program, bare = os.path.join(target, binary), os.path.join(target, "examples", "bare")
                found = compare(program, bare, environment, behind_tls, events, made, cold, warm)
                line = f"{binary:26} {len(made):5}"
                for kind in kinds:
                    own, other = found[kind]
                    line += f" {own:7.2f} {other:7.2f} {own / other:6.2f}"
                print(line, flush=True)
        finally:
            api.process.kill()
            api.process.wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["--binaries"]:
        print(" ".join(BINARIES))
    elif len(sys.argv) == 4:
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(__doc__)
