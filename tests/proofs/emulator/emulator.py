"""The emulator of AWS (ministack), with a recorder between it and the functions."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

from recorder import Recorder

REGION = "us-east-1"
# Conditions whose keys the emulator gives no value to, so that it refuses what
# depends on them. tests/proofs/emulator/check_policies.py checks them.
UNKNOWN_CONDITIONS = {"kms:EncryptionContextKeys", "ses:FromAddress"}
LENT = "ConditionsThatTheEmulatorLacks"


class Emulator:
    """Runs until it is stopped. It checks signatures and policies (AUTH): a
    function can do what its role allows, as far as the emulator knows the
    conditions."""

    def __init__(self, folder):
        port = _free_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        self.recorder = Recorder(port)
        self._log_path = os.path.join(folder, "emulator.log")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "GATEWAY_PORT": str(port),
            "MINISTACK_HOST": "127.0.0.1",
            "AUTH": "true",
            "IOT_MTLS_ENABLED": "0",
            "TMPDIR": folder,
            # What the functions find AWS at.
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.recorder.port}",
            "AWS_DEFAULT_REGION": REGION,
        }
        program = os.path.join(os.path.dirname(sys.executable), "ministack")
        with open(self._log_path, "wb") as log:
            # A session of its own: its functions end with it.
            self._process = subprocess.Popen(
                [program], env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        for _ in range(300):
            if self._process.poll() is not None:
                break
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
                connection.request("GET", "/_ministack/health")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"the emulator did not start:\n{self.log()}")

    def environment(self):
        """The environment of a program that is to find AWS here."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
        }

    def log(self):
        with open(self._log_path, errors="replace") as log:
            return "".join(log.readlines()[-60:])

    def stop(self):
        self.recorder.stop()
        try:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def lend_conditions(stack):
    """Gives each role, in a policy of its own, what a condition allows whose key
    the emulator does not know. Call after the roles are read."""
    iam = stack.client("iam")
    for role in stack.roles().values():
        lent = []
        for document in role["inline"].values():
            for statement in document["Statement"]:
                keys = {key for conditions in statement.get("Condition", {}).values() for key in conditions}
                if keys & UNKNOWN_CONDITIONS:
                    # Nor does it know what a mail's resource is.
                    lent.append({"Effect": "Allow", "Action": statement["Action"], "Resource": "*"})
        if lent:
            document = json.dumps({"Version": "2012-10-17", "Statement": lent})
            iam.put_role_policy(RoleName=role["role"], PolicyName=LENT, PolicyDocument=document)


def take_back_conditions(stack):
    """As CloudFormation made the roles: it could not delete them otherwise."""
    iam = stack.client("iam")
    for role in stack.roles().values():
        if LENT in role["inline"]:
            iam.delete_role_policy(RoleName=role["role"], PolicyName=LENT)
