"""Clients that do not answer: ``python -m tests.adapters.unanswered BEHAVIOUR``, with the loop of the Python starter."""

import http.client
import json
import os
import sys
import threading
import urllib.parse
from importlib import resources

sys.path.insert(0, str(resources.files("oauth_gauntlet") / "starters" / "python"))

from adapter_loop import Adapter, serve, token

BEHAVIOUR = sys.argv[1]


def for_ever():
    threading.Event().wait()


class Broken(Exception):
    """The client cannot read a response."""


class Client(Adapter):
    kinds = ((Broken, "protocol"), (OSError, "transport"))

    def hello(self):
        return {
            "client": {"name": "unanswered", "language": "python"},
            "grants": ["client_credentials"],
            "token_endpoint_auth_methods": ["client_secret_post"],
        }

    def configure(self, config):
        self.config = config
        self.failed = False

    def get_token(self):
        if BEHAVIOUR == "hangs before it sends" or (BEHAVIOUR == "hangs after a failure" and self.failed):
            for_ever()
        if BEHAVIOUR == "exits before it sends":
            os._exit(3)
        try:
            return token(self.exchange())
        except Broken:
            self.failed = True
            if BEHAVIOUR == "hangs on a broken response":
                for_ever()
            if BEHAVIOUR == "aborts on a broken response":
                os.abort()
            raise

    def exchange(self):
        address = urllib.parse.urlsplit(self.config["token_url"])
        connection = http.client.HTTPConnection(address.netloc)
        form = {"grant_type": "client_credentials"} | {name: self.config.get(name) for name in ("client_id", "client_secret")}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        connection.request("POST", address.path, body=urllib.parse.urlencode(form), headers=headers)
        try:
            response = connection.getresponse()
            document = json.loads(response.read())
        except (http.client.HTTPException, ValueError) as error:
            raise Broken(type(error).__name__) from error
        finally:
            connection.close()
        if document is None and BEHAVIOUR == "aborts on null":
            os.abort()
        if document is None and BEHAVIOUR == "exits on null":
            sys.exit(1)
        if not isinstance(document, dict) or not document.get("access_token"):
            raise Broken("no token")
        if BEHAVIOUR == "the adapter itself raises":
            return {"access_token": self.config["no such key"]}
        return document

    def details(self, exception):
        if BEHAVIOUR == "the adapter cannot explain":
            raise LookupError("no details")
        return {"oauth_error": ["a"], "http_status": True} if BEHAVIOUR == "details of another type" else {}


serve(Client())
