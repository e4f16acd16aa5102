"""Waiting scenarios run at once, and each has its own verdict and evidence."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

SCENARIOS = '''
import os, threading
from oauth_gauntlet.checks import require
from oauth_gauntlet.requirement import MUST, PASSWORD, requirement, rule

TOGETHER = threading.Barrier(3, timeout=float(os.environ["BARRIER_S"]))

@requirement("mine.waits", level=MUST, basis=rule("Mine 1", "So."), statement="It waits.", grants=[PASSWORD], waits=True,
             variants={"good": 0, "bad": 1, "broken": 2})
def test_waits(client, tenant, ports, variant):
    """Do: wait until all three are here. Check: the second one fails, the third one breaks."""
    token = client.get_token()
    TOGETHER.wait()
    require(variant.value != 1, expected="another variant", seen=f"this one, with {token.access_token}")
    assert variant.value != 2

@requirement("mine.waits-not", level=MUST, basis=rule("Mine 1", "So."), statement="It does not wait.", grants=[PASSWORD])
def test_waits_not(client):
    """Do: get a token."""
    client.get_token()
'''

ALONE = """
from dataclasses import replace
from oauth_gauntlet.protocol import Capability
from oauth_gauntlet.reference.client import ReferenceClient

class Alone(ReferenceClient):
    def hello(self):
        hello = super().hello()
        return replace(hello, capabilities=hello.capabilities - {Capability.PARALLEL})
"""


@pytest.fixture
def judged(tmp_path):
    (tmp_path / "test_mine.py").write_text(SCENARIOS)
    (tmp_path / "alone.py").write_text(ALONE)

    def call(client, *more, barrier_s):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", ".", *more]
        done = subprocess.run(
            [*command, "--oauth-client", client, "--oauth-results", "results.jsonl"],
            cwd=tmp_path,
            env={**os.environ, "BARRIER_S": str(barrier_s)},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        lines = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
        assert lines[-1]["complete"], done.stdout + done.stderr
        return {line["scenario"]: line for line in lines if line["type"] == "result"}

    return call


def test_waiting_scenarios_run_at_once_and_each_has_its_own_verdict(judged):
    results = judged("py:oauth_gauntlet.reference:make_client", barrier_s=120)
    assert {name: result["verdict"] for name, result in results.items()} == {
        "mine.waits.good[password]": "pass",
        "mine.waits.bad[password]": "violation",
        "mine.waits.broken[password]": "error",
        "mine.waits-not[password]": "pass",
    }
    bad = results["mine.waits.bad[password]"]
    (exchange,) = bad["exchanges"]
    assert bad["answer"]["token"]["access_token"] in exchange["response"]["body"]
    assert bad["answer"]["token"]["access_token"] in bad["message"]
    assert bad["duration_s"] > 0


@pytest.mark.parametrize(
    ("client", "more"),
    [("py:oauth_gauntlet.reference:make_client", ["-k", "waits-not or mine.waits.good"]), ("py:alone:Alone", [])],
)
def test_a_single_scenario_and_a_client_without_parallel_run_one_after_the_other(judged, client, more):
    found = judged(client, *more, barrier_s=0.5)["mine.waits.good[password]"]
    # The barrier breaks: the other scenarios did not run meanwhile.
    assert found["verdict"] == "error"
    assert "BrokenBarrierError" in found["message"]
