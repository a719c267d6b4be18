"""`sam deploy --guided` as somebody goes through it who presses Enter at every
question: on a terminal, because SAM asks nobody else."""

import os
import pty
import re
import select
import signal
import time

# How SAM ends a question: with the answer that Enter gives.
QUESTION = re.compile(r"^\s*(?P<question>\S[^\n]*?) \[(?P<default>[^\]\n]*)\]: $")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
SECONDS = 300


class GuidedFailed(Exception):
    """The deployment did not succeed. The message has what SAM wrote."""


def deploy(sam, folder, environment, answers=None):
    """Runs `sam deploy --guided` in a folder. Presses Enter, except at questions
    that begin with a key of `answers`. Answers the questions, each with its
    default, and what SAM wrote."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        # Wide, so that no question is broken into lines.
        os.execve(sam, [sam, "deploy", "--guided"], {**environment, "COLUMNS": "400", "TERM": "dumb"})
    try:
        questions, text = _converse(terminal, answers or {})
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    finally:
        os.close(terminal)
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise GuidedFailed(f"sam deploy --guided failed:\n{text[-1500:]}")
    return questions, text


def _converse(terminal, answers):
    questions, text, answered = [], "", 0
    deadline = time.monotonic() + SECONDS
    while True:
        if time.monotonic() > deadline:
            raise GuidedFailed(f"sam deploy --guided was not done after {SECONDS} s:\n{text[-4000:]}")
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            read = os.read(terminal, 65536)
        except OSError:
            # The other end is closed: Linux says so with an error.
            read = b""
        if not read:
            return questions, text
        text += ESCAPE.sub("", read.decode(errors="replace")).replace("\r", "")
        asked = QUESTION.match(text[answered:].rsplit("\n", 1)[-1])
        if asked:
            answered = len(text)
            questions.append((asked["question"], asked["default"]))
            answer = next((a for q, a in answers.items() if asked["question"].startswith(q)), "")
            os.write(terminal, f"{answer}\n".encode())
