"""Odd requests, over raw sockets: what tests/proofs/odd-requests/run is for.

Each is made of a seed, so that what fails once fails again. Whatever is sent, the
API answers with HTTP and no 5xx, or, where the bytes are no request, ends the
connection.
"""

import concurrent.futures
import contextlib
import json
import os
import random
import socket
import sys

COUNT = 10_000
# Sent at once. A local API is one process: enough to find what hangs.
WORKERS = 8
TIMEOUT = 30
# Seconds until a connection is half closed.
PATIENCE = 0.2

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"]
PATHS = [
    "/v2/users", "/v2/users/{id}", "/v2/users/batch", "/v2/teams", "/v2/teams/{id}",
    "/v2/teams/{id}/public", "/v2/teams/{id}/events", "/v2/teams/{id}/assignments",
    "/v2/teams/{id}/events/{id}/reassign", "/v2/keys", "/v2/keys/{id}", "/v2/keys/{id}/rotate",
    "/v2/organizations", "/api/v2/users", "/api/v2/users/", "/api/v2/users/{number}",
    "/api/v2/users/{number}/perms", "/api/v2/login", "/api/v2/logout", "/api/v1/user",
    "/api/v1/user/{number}", "/api/v1/users", "/api/v1/orgs", "/api/v1/org/{number}",
    "/signup/{text}", "/openapi.json", "/docs", "/_local/mail", "/_local/mail.json", "/", "",
]
QUERIES = ["limit", "cursor", "q", "filter", "email", "extid", "team", "organization", "org_id"]
HEADERS = [
    "Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "Content-Encoding", "Cookie",
    "Forwarded", "Host", "Idempotency-Key", "If-None-Match", "Origin", "Range", "Referer",
    "User-Agent", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Roster-Cost",
    "X-Amzn-Trace-Id", "Expect", "Upgrade", "TE", "Via",
]
TYPES = [
    "application/json", "application/x-www-form-urlencoded", "text/plain", "application/xml",
    "application/octet-stream", "multipart/form-data", "application/json; charset=utf-16", "\xff",
]
ODD = [
    b'"', b"<", b">", b"\\", b"^", b"`", b"{", b"}", b"|", b" ", b"%", b"%zz", b"%00", b"%ff",
    b"%2e%2e/", b"..", b"//", b";", b"#", b"?", b"&", b"=", b"+", b"@", b":", b"[", b"]", b"*",
    b"\x00", b"\x01", b"\x7f", b"\x80", b"\xff", b"\xc3\xa9", b"\xed\xa0\x80", b"\t", b"\r", b"\n",
    b"\xf0\x9f\xa6\x80", b"\xe2\x80\xae", b"()", b"$where", b"'--", b"${x}", b"a" * 300,
]


class Maker:
    """Makes one request after another."""

    def __init__(self, seed, ready):
        self.random = random.Random(seed)
        self.keys = [ready["organization_key"], ready["admin_key"], "", "Bearer x", "rstr_org_x"]

    def one_of(self, things):
        return self.random.choice(things)

    def rarely(self, one_in):
        return self.random.randrange(one_in) == 0

    def noise(self, most):
        return self.random.randbytes(self.random.randrange(most))

    def odd(self):
        """Some bytes that one would not expect."""
        parts = [self.one_of(ODD) for _ in range(self.random.randrange(1, 5))]
        if self.rarely(4):
            parts.append(self.noise(40))
        return b"".join(parts)

    def path(self):
        path = self.one_of(PATHS).encode()
        for name, values in [
            (b"{id}", [b"5f198da1c1ac5d1a30fc00f3", b"0" * 24, self.odd()]),
            (b"{number}", [b"1", b"0", b"-1", b"9" * 30, self.odd()]),
            (b"{text}", [b"x", self.odd()]),
        ]:
            path = path.replace(name, self.one_of(values))
        if self.rarely(6):
            at = self.random.randrange(len(path) + 1)
            path = path[:at] + self.odd() + path[at:]
        return path

    def target(self):
        target = self.path()
        if not self.rarely(3):
            pairs = [
                self.one_of(QUERIES).encode() + b"=" + self.one_of([b"1", b"", self.odd()])
                for _ in range(self.random.randrange(4))
            ]
            target += b"?" + b"&".join(pairs)
        if self.rarely(8):
            form = [
                b"http://evil.example" + target, b"gopher://u@[::1]:1" + target, b"*",
                b"http://" + self.odd() + target, b"evil.example:443", target * 40, self.odd(),
            ]
            target = self.one_of(form)
        return target

    def headers(self):
        headers = [(b"Host", self.one_of([b"localhost", b"", self.odd()]))]
        if not self.rarely(20):
            headers.append((b"Connection", b"close"))
        if not self.rarely(5):
            headers.append((b"Authorization", self.one_of(self.keys).encode()))
        for _ in range(self.random.randrange(5)):
            value = self.one_of([b"gzip", b"*", b"x", b"", self.odd(), b"z" * 9000])
            headers.append((self.one_of(HEADERS).encode(), value))
        if self.rarely(40):
            headers.append((self.odd(), self.odd()))
        if self.rarely(60):
            headers.extend((b"X-%d" % n, b"y" * 100) for n in range(self.random.choice([90, 300])))
        if self.rarely(100):
            headers.append((b"X-Huge", b"z" * self.random.choice([70_000, 500_000])))
        return headers

    def body(self):
        things = [
            b"", b"{}", b"[]", b"null", b'{"user":{}}', b'{"a":' * 2000, b"[" * 5000, b"\xef\xbb\xbf{}",
            b'{"name":"' + self.odd() + b'"}', b"a=1&a=2&%zz", b'"' * 3000, self.noise(2000),
            json.dumps({"user": {"email": self.odd().decode("latin-1")}}).encode(),
            json.dumps([{"user": {"email": "a@example.com"}}, 1, None]).encode(),
        ]
        return self.one_of(things)

    def request(self):
        """The bytes of a request, and whether they may be none."""
        if self.rarely(50):
            return self.noise(3000)
        method = self.one_of(METHODS).encode()
        if self.rarely(20):
            method = self.one_of([b"get", b"FOO", b"X" * 3000, self.odd(), b"PRI"])
        version = b"HTTP/1.1"
        if self.rarely(20):
            version = self.one_of([b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9.9", b"HTTP", b"", self.odd()])
        lines = [b" ".join([method, self.target(), version])]
        headers, body = self.headers(), b""
        if not self.rarely(3):
            body = self.body()
            headers.append((b"Content-Type", self.one_of(TYPES).encode("latin-1")))
            length = b"%d" % len(body)
            if self.rarely(15):
                length = self.one_of([b"0", b"-1", b"1", b"99999999999999999999", b"x", length + b"9"])
            if self.rarely(10):
                headers.append((b"Transfer-Encoding", self.one_of([b"chunked", b"gzip", self.odd()])))
                body = b"%x\r\n" % len(body) + body + self.one_of([b"\r\n0\r\n\r\n", b"", self.odd()])
            else:
                headers.append((b"Content-Length", length))
        end = self.one_of([b"\r\n"] * 20 + [b"\n", b"\r"])
        lines += [name + b": " + value for name, value in headers]
        return end.join([*lines, b"", body])

    def sent(self):
        """What goes over one connection: a request, cut off, or several at once."""
        if self.rarely(15):
            return b"".join(self.request() for _ in range(self.random.randrange(2, 6)))
        request = self.request()
        if self.rarely(15):
            request = request[: self.random.randrange(len(request) + 1)]
        return request


def exchange(address, sent):
    """What comes back until the API has no more to say."""
    with socket.create_connection(address, TIMEOUT) as connection:
        connection.settimeout(TIMEOUT)
        received = b""
        # It may answer before it has read everything, or end what is no HTTP: then
        # no more can be sent, and what it answered can still be read.
        with contextlib.suppress(OSError):
            connection.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            connection.settimeout(PATIENCE)
            try:
                while part := connection.recv(1 << 16):
                    received += part
            except TimeoutError:
                # It waits for more, or keeps the connection: half closed, nothing
                # more is to come. It may give up then what it has not answered.
                connection.settimeout(TIMEOUT)
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
                while part := connection.recv(1 << 16):
                    received += part
        return received


def statuses(received):
    """The statuses of the answers at the beginning of each."""
    found = []
    for line in received.split(b"\n"):
        if line.startswith(b"HTTP/1.") and line[9:12].isdigit():
            found.append(int(line[9:12]))
    return found


def ordinary(address, key):
    request = f"GET /v2/users HTTP/1.1\r\nHost: {address[0]}\r\nAuthorization: {key}\r\nConnection: close\r\n\r\n"
    return statuses(exchange(address, request.encode()))


def main():
    with open(sys.argv[1]) as file:
        ready = json.load(file)
    process, seed = int(sys.argv[2]), int(sys.argv[3])
    host, port = ready["url"].removeprefix("http://").split(":")
    address = (host, int(port))
    maker = Maker(seed, ready)
    requests = [maker.sent() for _ in range(COUNT)]
    counts, failed = {}, []
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for sent, received in zip(requests, pool.map(lambda sent: exchange(address, sent), requests)):
            found = statuses(received)
            for status in found or ["none"]:
                counts[status] = counts.get(status, 0) + 1
            if any(status >= 500 for status in found):
                failed.append((sent, received))
    print(f"odd-requests: {COUNT} connections, answers by status: {dict(sorted(counts.items(), key=str))}")
    for sent, received in failed[:5]:
        print(f"odd-requests: a 5xx to\n  {sent[:600]!r}\n  {received[:600]!r}", file=sys.stderr)
    # Most of what is sent is HTTP, however odd.
    if counts.get("none", 0) > COUNT // 5:
        sys.exit("odd-requests: too many requests were not answered")
    if failed:
        sys.exit(f"odd-requests: {len(failed)} requests were answered with a 5xx")
    os.kill(process, 0)
    if ordinary(address, ready["organization_key"]) != [200]:
        sys.exit("odd-requests: an ordinary request is not served any more")


if __name__ == "__main__":
    main()
