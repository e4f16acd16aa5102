"""Adapters that misbehave during a run: ``python -m tests.selftest.trouble.clients KIND [ARGUMENT]``.

Each is the small client of tests/adapters with one change.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from tests.adapters.good import Tiny

kind, *arguments = sys.argv[1:]


def count(file):
    """Count a call in a file, and return how many calls of any process of this client came before it."""
    path = Path(file)
    path.touch()
    with path.open("a") as calls:
        calls.write(".")
    return path.stat().st_size - 1


if kind == "hangs":  # and ignores the signals that ask it to stop
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
if kind == "starts-slowly":
    Path(arguments[0]).touch()
    time.sleep(600)

GARBAGE = [
    b"\n",
    b"\xff\xfe\n",
    b"[]\n",
    b'{"id": 1}\n',
    b'{"id": @, "ok": 5}\n',
    b'{"id": @, "ok": {"token": []}}\n',
    b'{"id": @, "ok": {"token": {}}}\n',
    b'{"id": @, "ok": {"token": {"access_token": "t", "expires_in": "soon"}}}\n',
    b'{"id": @, "error": {"kind": "sad"}}\n',
    b'{"id": @, "error": {"kind": "oauth", "http_status": NaN}}\n',
    b'{"id": @, "ok": ' + b"[" * 100_000 + b"\n",
    b'{"id": @, "ok": {"token": {"access_token": "\\ud800"}}, "error": null}\n',
]

tiny = Tiny()
for line in sys.stdin:
    request = json.loads(line)
    identifier, op = request["id"], request["op"]
    if kind == "hangs" and op == "get_token":
        time.sleep(600)
    if kind == "is-killed" and op == "get_token" and count(arguments[0]) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    reply = {"ok": {}} if op == "close" else tiny.answer(op, request["args"])
    if op == "hello" and kind == "hangs":
        reply["ok"]["parameters"] = ["timeout"]
    octets = json.dumps({"id": identifier, **reply}).encode() + b"\n"
    if kind == "garbage" and op == "get_token":
        octets = GARBAGE[count(arguments[0]) % len(GARBAGE)].replace(b"@", str(identifier).encode())
    sys.stdout.buffer.write(octets)
    sys.stdout.buffer.flush()
    if op == "close":
        break
