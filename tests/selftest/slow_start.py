"""The reference client as a program that needs long to start: ``python -m tests.selftest.slow_start START_S FIRST_S``.

It sleeps for START_S seconds before it reads anything, and for FIRST_S in its first token request, as a platform does that
loads its classes then.
"""

import json
import sys
import time

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.reference.client import ReferenceClient

HELLO = {
    "protocol": 1,
    "client": {"name": "slow start"},
    "grants": ["client_credentials"],
    "token_endpoint_auth_methods": ["client_secret_basic"],
    "parameters": ["timeout", "ca_file"],
    "capabilities": ["auto_refresh", "cache", "clock", "parallel", "tls"],
}
"""What the scenarios with a time limit need."""


class SlowStart(ReferenceClient):
    """The reference client, with a slow first exchange."""

    def __init__(self, first_s):
        super().__init__()
        self.first_s = first_s

    def ask(self, grant):
        time.sleep(self.first_s)
        self.first_s = 0.0
        return super().ask(grant)


def answered(client, op, args):
    """Return the result of an operation of the adapter protocol."""
    match op:
        case "hello":
            return HELLO
        case "configure":
            client.configure(args["config"])
        case "get_token":
            return {"token": client.get_token().to_json()}
        case "get_tokens":
            answers = client.get_tokens(args["count"])
            return {"results": [{"error" if isinstance(each, ErrorInfo) else "token": each.to_json()} for each in answers]}
        case "advance_clock":
            client.advance_clock(args["seconds"])
    return {}


def main(start_s, first_s):
    """Answer requests until ``close`` or the end of stdin."""
    time.sleep(float(start_s))
    client = SlowStart(float(first_s))
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"ok": answered(client, request["op"], request.get("args") or {})}
        except ClientFailure as failure:
            answer = {"error": failure.error.to_json()}
        print(json.dumps({"id": request["id"], **answer}), flush=True)
        if request["op"] == "close":
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
