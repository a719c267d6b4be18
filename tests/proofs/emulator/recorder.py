"""A proxy between the stack's functions and the emulator that writes down what
the functions ask AWS for, call by call. What each needs of AWS's access control is
read from it by infra/local/src/recorder/facts.rs.

The emulator gives each function credentials of its own role, so that the key
which signed a call says who made it."""

import hashlib
import http.client
import http.server
import json
import re
import threading
import urllib.parse


def access_key_of(function_arn, role_arn):
    """The access key id that the emulator gives a function."""
    return "ASIA" + hashlib.sha256(f"{function_arn}:{role_arn}".encode()).hexdigest()[:16].upper()


class Recorder:
    """The proxy. `errors` holds what nobody signed, and what was refused."""

    def __init__(self, upstream_port):
        self._calls = []
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
        with self._lock:
            if not scope:
                self.errors.append(f"{path}: a call without a signature")
                return
            call = {
                "service": scope[2],
                "target": headers.get("X-Amz-Target", ""),
                "path": urllib.parse.urlsplit(path).path,
                "body": body.decode(errors="replace"),
            }
            self._calls.append((scope[1], call))

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

    def calls_of(self, functions):
        """The calls so far, each with its function. `functions` has the names of the
        functions by their access key ids."""
        with self._lock:
            calls = list(self._calls)
        for access_key, call in calls:
            if access_key not in functions:
                raise ValueError(f"{call}: signed with {access_key}, which is no function's key")
        return [{"function": functions[access_key], **call} for access_key, call in calls]
