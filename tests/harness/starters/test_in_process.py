"""The starter of a client in the process of the harness: it reports what is missing, and a completed copy has no problem."""

import subprocess
import sys

import pytest

from oauth_gauntlet.adapters.adapter_starter import copy_starter, starter, starter_languages
from oauth_gauntlet.errors import UsageError

COMPLETED = """
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from my_client import *
from my_client import reported, token
from oauth_gauntlet.protocol import Capability, ErrorKind, ResourceResponse

KINDS = ((urllib.error.HTTPError, ErrorKind.OAUTH), (ValueError, ErrorKind.CONFIG), (OSError, ErrorKind.TRANSPORT))


def details(error):
    return {"oauth_error": json.load(error).get("error"), "http_status": error.code} if hasattr(error, "code") else {}


class Completed(MyClient):
    def hello(self):
        capabilities = {Capability.RESOURCE, Capability.PROCESS_CLOCK}
        return replace(super().hello(), capabilities=frozenset(capabilities))

    def configure(self, config):
        with reported(KINDS, details):
            self.form = {"grant_type": "client_credentials"}
            for name in ("client_id", "client_secret"):
                if not config.get(name):
                    raise ValueError(f"{name} is missing")
                self.form[name] = config[name]
            self.url = config.get("token_url") or ""

    def get_token(self):
        with reported(KINDS, details), urllib.request.urlopen(self.url, urllib.parse.urlencode(self.form).encode()) as answer:
            members = json.load(answer)
            if isinstance(members.get("expires_in"), int):
                members["expires_at"] = time.time() + members["expires_in"]
            return token(members)

    def request(self, method, url, headers, body):
        bearer = {"Authorization": f"Bearer {self.get_token().access_token}"}
        asked = urllib.request.Request(url, body and body.encode(), {**headers, **bearer}, method=method)
        with reported(KINDS, details), urllib.request.urlopen(asked) as answer:
            return ResourceResponse(status=answer.status, headers=tuple(answer.headers.items()), body=answer.read().decode())

    def now(self):
        return time.time()
"""


@pytest.fixture
def folder(tmp_path):
    copy_starter(starter("python", in_process=True), tmp_path)
    return tmp_path


def checked(folder, spec):
    """Return the exit code of ``adapter check``, and its lines that are not ok."""
    done = subprocess.run(
        [sys.executable, "-m", "oauth_gauntlet", "adapter", "check", spec],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, [line for line in done.stdout.splitlines() if line.startswith(("warn", "problem"))], done.stdout


@pytest.mark.slow
def test_adapter_check_finds_what_is_to_be_completed_and_nothing_else(folder):
    code, found, printed = checked(folder, starter("python", in_process=True).spec)
    assert code == 3
    assert found == ["problem  client_credentials: a token is returned"]
    assert "fill in get_token: ask http://127.0.0.1:" in printed


@pytest.mark.slow
def test_a_completed_copy_has_no_problem(folder):
    (folder / "completed.py").write_text(f"from dataclasses import replace\n{COMPLETED}")
    code, found, printed = checked(folder, "py:completed:Completed")
    assert (code, found) == (0, []), printed
    assert "clock: the client's clock moves, and configure resets it" in printed


def test_it_is_no_language_of_its_own():
    assert "python-in-process" not in starter_languages()
    assert starter("python", in_process=True).start == ""


def test_only_python_runs_in_the_process_of_the_harness():
    with pytest.raises(UsageError, match="a client of go cannot be an object of Python"):
        starter("go", in_process=True)
