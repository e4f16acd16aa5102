"""Waiting scenarios run at once, and each has its own verdict and evidence."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from types import SimpleNamespace

import pytest

from oauth_gauntlet.errors import AdapterError, AdapterTimeout
from oauth_gauntlet.judging.concurrent_scenarios import run_concurrently
from oauth_gauntlet.judging.scenario_arguments import NEW_TENANT
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_server import MockServer
from tests.harness.lab.scripted import TOKEN, Scripted

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


@pytest.mark.slow
@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_waiting_scenarios_run_at_once_and_each_has_its_own_verdict(judged, workers):
    results = judged("py:oauth_gauntlet.reference:make_client", *workers, barrier_s=120)
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("client", "more"),
    [
        ("py:oauth_gauntlet.reference:make_client", ["-k", "waits-not or mine.waits.good"]),
        ("py:oauth_gauntlet.reference:make_client", ["-n", "2", "--dist=worksteal"]),
        ("py:alone:Alone", ["--oauth-in-process"]),
    ],
)
def test_a_single_scenario_and_a_client_without_parallel_run_one_after_the_other(judged, client, more):
    found = judged(client, *more, barrier_s=0.5)["mine.waits.good[password]"]
    # The barrier breaks: the other scenarios did not run meanwhile.
    assert found["verdict"] == "error"
    assert "BrokenBarrierError" in found["message"]


class Program(Scripted):
    """A client that looks like a program, and notes whether it is closed. With `hangs`, it answers no get_token."""

    def __init__(self, *, hangs=False):
        super().__init__()
        self.hangs, self.closed = hangs, 0
        self.answer = TOKEN

    @property
    def adapter_process(self):
        return self

    def configure(self, config):
        """Keep nothing."""

    def get_token(self):
        if self.hangs:
            raise AdapterTimeout("no answer")
        return super().get_token()

    def abandon(self):
        raise AssertionError("no scenario ends the clients of the others")

    def close(self):
        self.closed += 1


class Starting:
    """What starts clients, one after the other: those given. An exception is raised."""

    def __init__(self, *clients):
        self._clients = iter(clients)

    def start(self, environment):
        assert not environment
        client = next(self._clients)
        if isinstance(client, Exception):
            raise client
        return client, client.hello()


@pytest.fixture
def item():
    with MockServer() as server:

        def make(name, function):
            return SimpleNamespace(
                nodeid=name,
                stash={NEW_TENANT: server.tenant},
                case=SimpleNamespace(grant=GrantType.PASSWORD, variant=None, renewal=None),
                scenario=SimpleNamespace(function=function),
            )

        yield make


def gets_a_token(client):
    client.get_token()


def test_an_adapter_that_does_not_start_ends_its_own_scenario_only(item):
    broken, works = AdapterError("it does not start"), Program()
    endings = run_concurrently([item("one", gets_a_token), item("two", gets_a_token)], Starting(broken, works))
    assert {ending.exception for ending in endings.values()} == {broken, None}
    (failed,) = (each for each in endings.values() if each.exception is broken)
    assert (failed.client, failed.ports) == (None, None)
    assert works.closed == 1


def test_a_client_that_did_not_answer_serves_no_other_scenario(item, monkeypatch):
    monkeypatch.setattr("oauth_gauntlet.judging.concurrent_scenarios.MOST_CONCURRENT", 1)

    def looks_at_the_wire_alone(client):
        with suppress(AdapterTimeout):
            client.get_token()

    hung, works = Program(hangs=True), Program()
    endings = run_concurrently([item("one", looks_at_the_wire_alone), item("two", gets_a_token)], Starting(hung, works))
    assert [ending.exception for ending in endings.values()] == [None, None]
    assert endings["two"].client.adapter is works
    assert (hung.closed, works.closed) == (1, 1)
