"""A client without a clock parameter is judged in virtual time, or the run reports why not."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_gauntlet.adapters.process_clock import faketime_library

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
RENEWED = "expiry.renewed-after[client_credentials]"

IN_PROCESS = """
import time
from dataclasses import replace
from oauth_gauntlet.protocol import Capability, GrantType
from oauth_gauntlet.reference.client import ReferenceClient

class Client(ReferenceClient):
    def hello(self):
        hello = super().hello()
        capabilities = hello.capabilities - {Capability.CLOCK} | {Capability.PROCESS_CLOCK}
        return replace(hello, capabilities=capabilities, grants=frozenset({GrantType.CLIENT_CREDENTIALS}))

    def advance_clock(self, seconds):
        raise AssertionError("it has no clock parameter")

    def now(self):
        return time.time()
"""

STANDS_STILL = """
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    hello = {"protocol": 1, "client": {"name": "static", "version": "1"}, "grants": ["client_credentials"], "parameters": [],
             "token_endpoint_auth_methods": [], "capabilities": ["cache", "auto_refresh", "process_clock"]}
    answer = {"hello": hello, "now": {"now": 1.0}}.get(request["op"], {})
    print(json.dumps({"id": request["id"], "ok": answer}), flush=True)
"""

SLEEPS = (
    STANDS_STILL.replace("import json, sys", "import json, sys, time")
    .replace('"now": {"now": 1.0}}', '"now": {"now": time.sleep(0.01) or time.time()}}')
    .replace('"version": "1"', '"version": "1", "language": "python"')
)

needs_libfaketime = pytest.mark.skipif(
    faketime_library() is None, reason="libfaketime is not installed (apt-get install libfaketime)"
)


def run(client, folder, keyword=RENEWED):
    done = subprocess.run(
        [sys.executable, "-m", "oauth_gauntlet", "run", "--client", client, "-k", keyword, "--results", "r.jsonl"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    lines = [json.loads(line) for line in (folder / "r.jsonl").read_text().splitlines()]
    return done, lines[0]["options"]["clock"], {line["scenario"]: line for line in lines if line["type"] == "result"}


def test_a_python_client_is_moved_by_time_machine(tmp_path):
    (tmp_path / "mine.py").write_text(IN_PROCESS)
    done, clock, results = run("py:mine:Client", tmp_path, "expiry. or story. or concurrency.")
    assert clock == "time-machine"
    assert "the client's clock was moved by time-machine" in done.stdout
    assert {name: each["message"] for name, each in results.items() if each["verdict"] not in {"pass", "not_applicable"}} == {}
    assert results[RENEWED]["verdict"] == "pass"


@needs_libfaketime
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_a_node_client_is_moved_by_libfaketime(tmp_path):
    done, clock, results = run(f"node {ROOT / 'tests/adapters/caching.mjs'}", tmp_path, "expiry. or story.of-tokens")
    assert clock == "libfaketime", done.stdout
    judged = {name: each["verdict"] for name, each in results.items() if each["verdict"] != "not_applicable"}
    assert judged[RENEWED] == judged["expiry.not-before[client_credentials]"] == "pass"
    assert judged["expiry.year[client_credentials]"] == "pass"
    assert not {"error", "untestable"} & set(judged.values())


@needs_libfaketime
def test_the_self_test_finds_a_clock_that_does_not_move(tmp_path):
    (tmp_path / "adapter.py").write_text(STANDS_STILL)
    done, clock, results = run(f"{sys.executable} adapter.py", tmp_path)
    assert clock == "none: moved by 100000 s under libfaketime, the client saw 0 s"
    assert "the client's clock could not be moved: moved by 100000 s" in " ".join(done.stdout.split())
    assert results[RENEWED]["verdict"] == "not_applicable"


@needs_libfaketime
def test_the_self_test_finds_that_python_cannot_sleep_under_libfaketime(tmp_path):
    (tmp_path / "adapter.py").write_text(SLEEPS)
    _, clock, results = run(f"{sys.executable} adapter.py", tmp_path)
    if clock == "libfaketime":
        pytest.skip("this libfaketime lets Python sleep")
    assert clock.startswith("none: under libfaketime the client does not return its time")
    assert clock.endswith("declare clock in place of process_clock, with MovedClock of the Python starter (see docs/clocks.md)")
    assert results[RENEWED]["verdict"] == "not_applicable"


@pytest.mark.skipif(faketime_library() is not None, reason="libfaketime is installed")
def test_without_libfaketime_the_run_names_the_package(tmp_path):
    (tmp_path / "adapter.py").write_text(STANDS_STILL)
    _, clock, results = run(f"{sys.executable} adapter.py", tmp_path)
    assert clock == "none: libfaketime is not installed (Debian: apt-get install libfaketime)"
    assert results[RENEWED]["verdict"] == "not_applicable"
