"""A small correct adapter, written with urllib, for client_credentials only; the faulty adapters are built on it."""

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
            needed = ("token_url", "client_id", "client_secret")
            missing = [name for name in needed if not args["config"].get(name)]
            self.config = None if missing else args["config"]
            return fail("config", f"missing: {', '.join(missing)}", type="Incomplete") if missing else {"ok": {}}
        if op != "get_token":
            return fail("unexpected", f"unknown operation {op}")
        if self.config is None:
            return fail("config", "not configured")
        try:
            return {"ok": {"token": self.token()}}
        except urllib.error.HTTPError as error:
            with error:
                document = json.load(error)
            code = self.code(document)
            return fail("oauth", str(document["error"]), type="Refused", oauth_error=code, http_status=error.code)
        except OSError as error:
            return fail("transport", str(error), type=type(error).__name__)
        except Exception as error:
            return fail("unexpected", str(error), type=type(error).__name__)

    def code(self, document):
        return text(document["error"])

    def token(self):
        form = {"grant_type": "client_credentials"} | {k: self.config[k] for k in ("client_id", "client_secret")}
        with urllib.request.urlopen(self.config["token_url"], urllib.parse.urlencode(form).encode(), timeout=5) as reply:
            document = json.load(reply)
        members = {name: text(document.get(name)) for name in ("token_type", "refresh_token", "scope")}
        return {"access_token": document["access_token"], "expires_in": number(document.get("expires_in")), **members}


def text(value):
    return value if isinstance(value, str) else None


def number(value):
    return value if isinstance(value, int | float) else None


def fail(kind, message, **more):
    return {"error": {"kind": kind, "message": message, **more}}


def main(make=Tiny):
    tiny = make()
    for line in sys.stdin:
        request = json.loads(line)
        reply = {"ok": {}} if request["op"] == "close" else tiny.answer(request["op"], request["args"])
        print(json.dumps({"id": request["id"], **reply}), flush=True)
        if request["op"] == "close":
            return


if __name__ == "__main__":
    main()
