"""Faulty adapters: ``python -m tests.adapters.faulty KIND``. Most are correct until get_token, some fail at the start."""

import json
import os
import subprocess
import sys
import time

from tests.adapters.good import Tiny

kind = sys.argv[1]


def out(data):
    sys.stdout.buffer.write(data if isinstance(data, bytes) else (data + "\n").encode())
    sys.stdout.buffer.flush()


def grandchild():
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])


if kind == "crash-at-start":
    sys.exit("no such module: imaginary")
if kind == "noise-at-start":
    out("Starting up...")
if kind == "ignores-sigterm":
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)

tiny = Tiny()
for line in sys.stdin:
    request = json.loads(line)
    identifier, op = request["id"], request["op"]
    reply = {"id": identifier, **({"ok": {}} if op == "close" else tiny.answer(op, request["args"]))}
    text = json.dumps(reply)
    if op == "hello" and kind == "other-protocol":
        text = text.replace('"protocol": 1', '"protocol": 7')
    if op == "hello" and kind == "nonsense-hello":
        text = json.dumps({"id": identifier, "ok": {"protocol": 1, "client": "tiny", "grants": "all"}})
    if op == "get_token":
        if kind in {"hang", "ignores-sigterm"}:
            time.sleep(600)
        if kind == "exit":
            sys.exit(7)
        if kind == "killed":
            os.kill(os.getpid(), 9)
        if kind == "noise":
            out("DEBUG asking for a token")
        if kind == "half-a-line":
            out(text[:20].encode())
            sys.exit(0)
        if kind == "not-utf8":
            out(b'{"id": \xff\xfe}\n')
        if kind == "stderr-flood":
            for _ in range(10_000):
                sys.stderr.write("x" * 1000 + "\n")
        if kind == "grandchild":
            grandchild()
            os._exit(3)
        if kind == "closes-stdout":
            os.close(1)
            time.sleep(600)
        if kind == "huge-line":
            out(b"[" * (20 * 1024 * 1024))
            time.sleep(600)
        text = {
            "wrong-id": json.dumps({**reply, "id": 999}),
            "not-an-object": "[]",
            "neither": json.dumps({"id": identifier}),
            "both": json.dumps({"id": identifier, "ok": {}, "error": {}}),
            "unknown-kind": json.dumps({"id": identifier, "error": {"kind": "sad", "message": ""}}),
            "no-token": json.dumps({"id": identifier, "ok": {"token": {}}}),
        }.get(kind, text)
    out(text)
    if op == "get_token" and kind == "twice":
        out(text)
    if op == "close":
        break
