"""What the proof shares with the local API, as a program of Rust
(tests/proofs/emulator/program/main.rs)."""

import json
import os
import subprocess

PIPE = subprocess.PIPE


class ProgramFailed(Exception):
    """The program failed. The message has what it wrote."""


class Gateway:
    """The gateway at `url`, in front of an invoker.Invoker. `port` is one of
    127.0.0.1, or 0 for any."""

    def __init__(self, program, routes, invoker, port):
        physical_id = invoker.stack.physical_id
        listed = [
            {
                "method": route.method,
                "path": route.path,
                "function": physical_id(route.function),
                "authorizer": physical_id(route.authorizer) if route.authorizer else None,
            }
            for route in routes
        ]
        command = [program, "gateway", invoker.url, str(port)]
        # Why it fails is told on standard error, and nothing else.
        environment = {**os.environ, "RUST_LOG": "error"}
        self._process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, env=environment)
        self._process.stdin.write(json.dumps(listed) + "\n")
        self._process.stdin.flush()
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            self.stop()
            raise ProgramFailed("the gateway did not start")

    def stop(self):
        """Ends it as its standard input ends."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(30)


def facts(program, calls):
    """The facts of recorded calls (recorder.Recorder.calls_of), as lines of JSON."""
    lines = "".join(f"{json.dumps(call)}\n" for call in calls)
    done = subprocess.run([program, "facts"], input=lines, stdout=PIPE, stderr=PIPE, text=True)
    if done.returncode != 0:
        raise ProgramFailed(done.stderr.strip())
    return done.stdout.splitlines()
