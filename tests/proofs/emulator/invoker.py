"""Lambda's Invoke API in front of a stack, for the gateway: what API Gateway may
invoke, and for which route, is held to the stack before the emulator runs it."""

import http.server
import json
import re
import threading
from fnmatch import fnmatchcase

# The name of the function.
INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations\Z")


class Invoker:
    """The API, on a port of 127.0.0.1. `stack` is a stack.Stack, and `routes` are
    those of its template. What was invoked is in `invocations`: the function's
    logical id, the route's key, and what was wrong with it or its answer, or None."""

    def __init__(self, stack, routes):
        self.stack = stack
        self.invocations = []
        self._routes = {route.key: route for route in routes}
        self._functions = {stack.physical_id(function): function for function in stack.functions}
        self._invokers = stack.invokers
        self._api = f"arn:aws:execute-api:{stack.region}:{stack.account}:{stack.physical_id('HttpApi')}"
        self._lock = threading.Lock()
        invoker = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer, problem = invoker._invoke(INVOKE.match(self.path)[1], event)
                content = json.dumps({"errorMessage": problem} if answer is None else answer).encode()
                self.send_response_only(200)
                self.send_header("Content-Length", str(len(content)))
                if answer is None:
                    self.send_header("X-Amz-Function-Error", "Unhandled")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def _invoke(self, name, event):
        """What a function answers, or None; and what was wrong, or None."""
        function, key, answer = self._functions.get(name, name), event["routeKey"], None
        problem = self._forbids(function, key, event)
        if not problem:
            answer, problem = self.stack.invoke(function, event)
            if not problem and isinstance(answer, dict) and (answer.get("statusCode") or 0) >= 500:
                problem = f"it answered {answer['statusCode']}: {answer.get('body')}"
        with self._lock:
            self.invocations.append((function, key, problem))
        return answer, problem

    def _forbids(self, function, key, event):
        """Why the stack does not let its API invoke a function for a route."""
        route = self._routes.get(key)
        if not route:
            return "the template has no such route"
        if event.get("type") == "REQUEST":
            named, arn = route.authorizer, f"{self._api}/authorizers/any"
        else:
            named = route.function
            arn = f"{self._api}/$default/{route.method}{re.sub('{[^}]+}', '*', route.path)}"
            if bool(route.authorizer) != ("authorizer" in event["requestContext"]):
                return f"the template has the authorizer {route.authorizer} here, and the gateway went by another"
        if function != named:
            return f"the template names {named}"
        if not any(fnmatchcase(arn, pattern) for pattern in self._invokers[function]):
            return f"no permission lets {arn} invoke it"
        return None
