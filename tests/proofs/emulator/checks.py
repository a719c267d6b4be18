"""What is asked of a stack that stands: its outputs, the requests of the test
suite's journey, what it seals, and the mails it sends."""

import base64
import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.request

CREDENTIALS = {"server": "mail.example.com", "username": "jean", "password": "sealed-by-kms"}


class Failed(Exception):
    """A check failed. The message says what was found, and what would be right."""


def expect(condition, message):
    if not condition:
        raise Failed(message)


def request(url, method, path, key=None, body=None, form=False):
    """The status and the text of an answer."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    headers["Content-Type"] = "application/x-www-form-urlencoded" if form else "application/json"
    data = body.encode() if form else json.dumps(body).encode() if body is not None else None
    call = urllib.request.Request(url + path, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(call, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def succeeds(status, url, method, path, *rest):
    """The JSON of an answer that must have this status."""
    found, text = request(url, method, path, *rest)
    expect(found == status, f"{method} {path} answered {found}, not {status}: {text}")
    return json.loads(text)


def first_steps(stack, url, environment, aws):
    """The outputs' own commands, as somebody copies them. `aws` is the folder of
    the AWS CLI. Answers the operator's key, and that of the organization that
    was created."""
    for output in ("ApiUrl", "AdminKeySecretArn", "ReadAdminKey", "FirstCall", "TableName", "Dashboard"):
        expect(stack.outputs.get(output), f"the stack has no output {output}: {stack.outputs}")
    path = f"{aws}{os.pathsep}{environment['PATH']}"

    def shell(command):
        done = subprocess.run(
            ["bash", "-c", command], env={**environment, "PATH": path}, capture_output=True, text=True, timeout=120
        )
        expect(done.returncode == 0, f"`{command}` failed: {done.stderr}")
        return done.stdout.strip()

    operator = shell(stack.outputs["ReadAdminKey"])
    expect(re.fullmatch(r"rstr_adm_[0-9a-f]{24}_\w+", operator), "the secret holds no operator's key")
    kept = stack.client("secretsmanager").get_secret_value(SecretId=stack.outputs["AdminKeySecretArn"])
    expect(kept["SecretString"] == operator, "ReadAdminKey reads another secret than AdminKeySecretArn names")
    call = stack.outputs["FirstCall"].replace(stack.outputs["ApiUrl"], url)
    expect(call.startswith("curl ") and url in call, f"FirstCall is no request to the API: {call}")
    answer = json.loads(shell(call.replace("curl ", "curl --silent --show-error ", 1)))
    expect(answer.get("organization", {}).get("name") == "Acme", f"FirstCall made no organization: {answer}")
    return operator, answer["key"]["key"]


def entrance(url, operator):
    """Who is let in, and who is not."""
    for key, status, message in [
        (None, 401, "Unauthorized"),
        ("nobody", 403, "Forbidden"),
        (operator[:-8] + "AAAAAAAA", 403, "Forbidden"),
    ]:
        found = request(url, "GET", "/v2/organizations", key)
        expected = status, json.dumps({"message": message}, separators=(",", ":"))
        expect(found == expected, f"GET /v2/organizations with the key {key} answered {found}, not {expected}")
    succeeds(200, url, "GET", "/v2/organizations", operator)
    status, text = request(url, "GET", "/v2/nowhere", operator)
    expect(status == 404, f"GET /v2/nowhere answered {status}: {text}")


def seal(stack, url, key, organization):
    """Each way to write a user seals calendar credentials and mails, and what is
    sealed opens for what it belongs to alone."""
    kms, key_id = stack.client("kms"), stack.physical_id("SealingKey")
    calendar = {"calendars": [{"source": "exchange", "credentials": CREDENTIALS}]}
    first = succeeds(201, url, "POST", "/v2/users", key, {"user": {"email": "first@example.com"}, **calendar})
    second = succeeds(207, url, "POST", "/v2/users/batch", key, [{"user": {"email": "second@example.com"}, **calendar}])
    ids = [first["user"]["_id"], second[0]["user"]["_id"]]
    for user in ids:
        _opens(stack, kms, key_id, organization, user)
    named = [{"user": {"_id": user}} for user in ids]
    link = {"finish_signup_with": "email"}
    succeeds(200, url, "PUT", f"/v2/users/{ids[0]}", key, {"user": {}, **calendar, **link})
    succeeds(207, url, "PUT", "/v2/users/batch", key, [{**named[1], **calendar, **link}])
    for user in ids:
        _opens(stack, kms, key_id, organization, user)
    succeeds(200, url, "POST", "/v2/users", key, {**named[0], **link})
    succeeds(207, url, "POST", "/v2/users/batch", key, [{**named[1], **link}])


def read_calendars(stack, url, key):
    """What the schedule asks for: addresses of calendars are opened, and asked."""
    user = succeeds(201, url, "POST", "/v2/users", key, {"user": {"email": "calendars@example.com"}})["user"]
    team = succeeds(201, url, "POST", "/v2/teams", key, {"extid": "calendars", "name": "Calendars"})
    organization = succeeds(200, url, "GET", "/v2/auth/test", key)
    owners = {"users": user, "teams": team, "organizations": organization}
    paths = [f"/v2/{kind}/{owner['_id']}/calendars" for kind, owner in owners.items()]
    # Nobody is there, whether or not there is a network.
    own = {"source": "ics", "url": "https://calendar.invalid/own.ics"}
    for path in paths:
        succeeds(200, url, "PUT", path, key, {"calendars": [own]})
    _, problem = stack.invoke("CalendarsRefreshFunction", {})
    expect(not problem, f"calendars were not read: {problem}")
    for path in paths:
        shown = succeeds(200, url, "GET", path, key)["calendars"][0]
        expect("could not be reached" in shown.get("access_error", ""), f"a calendar that is nowhere was read: {shown}")


def _opens(stack, kms, key_id, organization, user):
    key = {"pk": {"S": f"ORG#{organization}"}, "sk": {"S": f"USER#{user}"}}
    table = stack.outputs["TableName"]
    item = stack.client("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
    sealed = item["sealed_calendars"]["L"][0]["S"]
    expect(sealed.startswith("kms:"), f"user {user}: the credentials are not sealed by KMS")
    expect("sealed-by-kms" not in json.dumps(item), f"user {user}: the item holds the password")
    blob = base64.b64decode(sealed.removeprefix("kms:"))
    opened = kms.decrypt(KeyId=key_id, CiphertextBlob=blob, EncryptionContext={"user": user})["Plaintext"]
    expect(CREDENTIALS.items() <= json.loads(opened).items(), f"user {user}: other credentials were sealed")
    try:
        kms.decrypt(KeyId=key_id, CiphertextBlob=blob, EncryptionContext={"mail": user})
    except kms.exceptions.InvalidCiphertextException:
        return
    raise Failed(f"user {user}: the credentials open as if they were a mail")


def invite(stack, url, key, sender):
    """An invitation goes from the request through the table's stream to SES, and
    its link leads to a login."""
    address = "invited@example.com"
    succeeds(200, url, "POST", "/api/v2/users", key, {"email": address})
    mail = _mail_to(stack, address)
    expect(sender in json.dumps(mail), f"the mail does not come from {sender}: {mail}")
    link = re.search(r"/signup/\w+", json.dumps(mail))
    expect(link, f"the mail has no link: {mail}")
    expect(request(url, "GET", link[0])[0] == 200, f"the link {link[0]} leads nowhere")
    form = "first_name=Ada&last_name=Byron&password=correct-horse&password_confirmation=correct-horse"
    status, page = request(url, "POST", link[0], None, form, True)
    expect(status == 200, f"the sign-up answered {status}: {page}")
    succeeds(200, url, "POST", "/api/v2/login", None, {"email": address, "password": "correct-horse"})


def _mail_to(stack, address):
    for _ in range(120):
        with urllib.request.urlopen(f"{stack.endpoint}/_ministack/ses/messages", timeout=10) as answer:
            by_account = json.load(answer)["messages"]
        found = [mail for mails in by_account.values() for mail in mails if address in mail["To"]]
        if found:
            return found[0]
        time.sleep(0.5)
    log = "\n".join(stack.log_of("mail-send"))
    raise Failed(f"mail-send sent nothing to {address} within a minute; its log:\n{log}")
