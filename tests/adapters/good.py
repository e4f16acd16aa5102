"""A small, right adapter of a few lines of urllib: client_credentials only. Also what the bad ones are made of."""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request


class Tiny:
    def __init__(self):
        self.config = None

    def answer(self, op, args):
        if op == "hello":
            return {
                "ok": {
                    "protocol": 1,
                    "client": {"name": "tiny", "version": "1"},
                    "grants": ["client_credentials"],
                    "token_endpoint_auth_methods": ["client_secret_post"],
                    "parameters": [],
                    "capabilities": [],
                }
            }
        if op == "configure":
            self.config = args["config"]
            if not self.config.get("token_url"):
                self.config = None
                return fail("config", "token_url is missing")
            return {"ok": {}}
        if op != "get_token":
            return fail("unexpected", f"unknown operation {op}")
        if self.config is None:
            return fail("config", "not configured")
        form = {"grant_type": "client_credentials"} | {k: self.config[k] for k in ("client_id", "client_secret")}
        try:
            with urllib.request.urlopen(self.config["token_url"], urllib.parse.urlencode(form).encode(), timeout=5) as reply:
                return {"ok": {"token": json.load(reply)}}
        except urllib.error.HTTPError as error:
            with error:
                document = json.load(error)
            return fail("oauth", document["error"], oauth_error=document["error"], http_status=error.code)


def fail(kind, message, **more):
    return {"error": {"kind": kind, "message": message, **more}}


def main():
    tiny = Tiny()
    for line in sys.stdin:
        request = json.loads(line)
        reply = {"ok": {}} if request["op"] == "close" else tiny.answer(request["op"], request["args"])
        print(json.dumps({"id": request["id"], **reply}), flush=True)
        if request["op"] == "close":
            return


if __name__ == "__main__":
    main()
