"""What API Gateway does for an HTTP API, which the emulator does not: finds the
route of a request in the template as CloudFormation expanded it, asks the
authorizer, and invokes the function through Lambda's API, with events of payload
format 2.0."""

import base64
import http.server
import json
import re
import threading
import time
import urllib.parse
import uuid
from fnmatch import fnmatchcase

# Bodies of these types are handed on as text, others in base64.
TEXT = ("text/", "application/json", "application/javascript", "application/xml")


class Refusal(Exception):
    """An answer that API Gateway gives by itself."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


class Route:
    """A route: `authorizer` is the logical id of a function, or None."""

    def __init__(self, method, path, function, authorizer):
        self.method, self.path, self.function, self.authorizer = method, path, function, authorizer
        self.key = f"{method} {path}"
        segments = path.split("/")
        if path.endswith("/"):
            raise ValueError(f"{self.key}: API Gateway knows no route that ends with a slash")
        self.pattern = re.compile("/".join(map(pattern_of, segments)) + r"\Z")
        # Of two that match, the one whose segments are fixed earlier is taken, and
        # a greedy one last.
        self.rank = [s.startswith("{") + s.endswith("+}") for s in segments]


def pattern_of(segment):
    """What a segment of a route matches. A greedy parameter takes all that is
    left of the path, also where that is nothing."""
    if segment.endswith("+}"):
        return f"(?P<{segment[1:-2]}>.*)"
    return f"(?P<{segment[1:-1]}>[^/]+)" if segment.startswith("{") else re.escape(segment)


def function_of(uri):
    """The logical id of the function in the ARN of an integration or an
    authorizer, before its intrinsic functions are resolved."""
    text = uri["Fn::Sub"]
    text, given = text if isinstance(text, list) else (text, {})
    name = re.search(r"/functions/\$\{([^}]+)\}/invocations", text)[1]
    if name in given:
        return given[name]["Fn::GetAtt"][0]
    return name.removesuffix(".Arn")


def routes_of(template):
    """The routes of the one HTTP API of an expanded template."""
    apis = [r for r in template["Resources"].values() if r["Type"] == "AWS::ApiGatewayV2::Api"]
    if len(apis) != 1:
        raise ValueError(f"the template has {len(apis)} HTTP APIs, and not one")
    body = apis[0]["Properties"]["Body"]
    schemes = body.get("components", {}).get("securitySchemes", {})
    authorizers = {}
    for name, scheme in schemes.items():
        authorizer = scheme["x-amazon-apigateway-authorizer"]
        expected = {
            "type": "request",
            "authorizerPayloadFormatVersion": "2.0",
            "enableSimpleResponses": True,
            "identitySource": ["$request.header.Authorization"],
        }
        for key, value in expected.items():
            if authorizer.get(key) != value:
                raise ValueError(f"authorizer {name}: {key} is {authorizer.get(key)!r}; this gateway knows {value!r}")
        authorizers[name] = function_of(authorizer["authorizerUri"])
    routes = []
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            integration = operation["x-amazon-apigateway-integration"]
            if (integration["type"], integration["payloadFormatVersion"]) != ("aws_proxy", "2.0"):
                raise ValueError(f"{method} {path}: this gateway knows integrations of payload format 2.0")
            schemes = [name for entry in operation.get("security", []) for name in entry]
            if len(schemes) > 1:
                raise ValueError(f"{method} {path} has {len(schemes)} authorizers: {schemes}")
            # An open route names a scheme that is not there: NONE.
            authorizer = authorizers.get(schemes[0]) if schemes else None
            routes.append(Route(method.upper(), path, function_of(integration["uri"]), authorizer))
    return sorted(routes, key=lambda route: route.rank)


class Gateway:
    """The API, on a port of 127.0.0.1. `stack` is a stack.Stack. What it invoked
    is in `invocations`: the function's logical id, the route's key, and what was
    wrong with the answer, or None. It asks the authorizer at each request."""

    def __init__(self, stack, port=0):
        self.stack = stack
        self.routes = routes_of(stack.template)
        self.invocations = []
        self._api_id = stack.physical_id("HttpApi")
        self._invokers = stack.invokers
        self._lock = threading.Lock()
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request_id = uuid.uuid4().hex
                try:
                    status, headers, content = gateway._answer(self, body, request_id)
                except Refusal as refusal:
                    status, headers = refusal.status, {"Content-Type": "application/json"}
                    content = json.dumps({"message": refusal.message}, separators=(",", ":")).encode()
                self.send_response_only(status)
                for name, value in {**headers, "apigw-requestid": request_id}.items():
                    self.send_header(name, value)
                if status not in (204, 304):
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def _find(self, method, path):
        for route in self.routes:
            match = route.pattern.match(path) if route.method == method else None
            if match:
                return route, {k: urllib.parse.unquote(v) for k, v in match.groupdict().items()}
        raise Refusal(404, "Not Found")

    def _answer(self, request, body, request_id):
        path, _, query = request.path.partition("?")
        route, parameters = self._find(request.command, path)
        event = self._event(request, path, query, route, parameters, request_id)
        if route.authorizer:
            event["requestContext"]["authorizer"] = {"lambda": self._authorize(route, event)}
        if body:
            text = request.headers.get("Content-Type", "text/plain").startswith(TEXT)
            event["body"] = body.decode() if text else base64.b64encode(body).decode()
            event["isBase64Encoded"] = not text
        path = re.sub("{[^}]+}", "*", route.path)
        arn = f"{self._execute_api()}/$default/{route.method}{path}"
        answer = self._invoke(route.function, route.key, event, arn)
        if not isinstance(answer, dict) or not isinstance(answer.get("statusCode"), int):
            raise Refusal(500, "Internal Server Error")
        content = answer.get("body") or ""
        content = base64.b64decode(content) if answer.get("isBase64Encoded") else content.encode()
        return answer["statusCode"], answer.get("headers") or {}, content

    def _event(self, request, path, query, route, parameters, request_id):
        headers = {}
        for name, value in request.headers.items():
            name = name.lower()
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        headers |= {"x-forwarded-proto": "http", "x-forwarded-for": request.client_address[0]}
        host = headers.get("host", "localhost")
        return {
            "version": "2.0",
            "routeKey": route.key,
            "rawPath": path,
            "rawQueryString": query,
            "headers": headers,
            "pathParameters": parameters,
            "isBase64Encoded": False,
            "requestContext": {
                "accountId": self.stack.account,
                "apiId": self._api_id,
                "domainName": host,
                "domainPrefix": host.split(".")[0],
                "http": {
                    "method": request.command,
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": request.client_address[0],
                    "userAgent": headers.get("user-agent", ""),
                },
                "requestId": request_id,
                "routeKey": route.key,
                "stage": "$default",
                "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime()),
                "timeEpoch": int(time.time() * 1000),
            },
        }

    def _authorize(self, route, event):
        """The context of whom the authorizer admits."""
        identity = event["headers"].get("authorization")
        if not identity:
            raise Refusal(401, "Unauthorized")
        request = {
            **{k: v for k, v in event.items() if k != "isBase64Encoded"},
            "type": "REQUEST",
            "routeArn": f"{self._execute_api()}/$default/{route.key.replace(' ', '')}",
            "identitySource": [identity],
        }
        answer = self._invoke(route.authorizer, route.key, request, f"{self._execute_api()}/authorizers/any")
        if not isinstance(answer, dict) or not isinstance(answer.get("isAuthorized"), bool):
            raise Refusal(500, "Internal Server Error")
        if not answer["isAuthorized"]:
            raise Refusal(403, "Forbidden")
        return answer.get("context", {})

    def _execute_api(self):
        return f"arn:aws:execute-api:{self.stack.region}:{self.stack.account}:{self._api_id}"

    def _invoke(self, function, key, event, source_arn):
        problem = answer = None
        if not any(fnmatchcase(source_arn, pattern) for pattern in self._invokers[function]):
            problem = f"no permission lets {source_arn} invoke it"
        else:
            answer, problem = self.stack.invoke(function, event)
            if not problem and isinstance(answer, dict) and (answer.get("statusCode") or 0) >= 500:
                problem = f"it answered {answer['statusCode']}: {answer.get('body')}"
        with self._lock:
            self.invocations.append((function, key, problem))
        if answer is None or problem and "statusCode" not in answer:
            raise Refusal(500, "Internal Server Error")
        return answer
