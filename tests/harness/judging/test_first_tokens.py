"""Where the client gets no token for a grant, the scenarios of the grant are not run, and one result says why.

A finding without a request counts only where the client gets one.
"""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.errors import AdapterError
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.first_tokens import FirstTokens
from oauth_gauntlet.lab import LabClient, get_issued_token
from oauth_gauntlet.model import NOT_RUN, SANITY
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference import ReferenceClient
from oauth_gauntlet_scenarios.catalogue import scenarios

REQUIREMENTS = {each.requirement.id: each.requirement for each in scenarios()}
PASSWORD, REFRESH = GrantType.PASSWORD, GrantType.REFRESH_TOKEN
REFERENCE = "py:oauth_gauntlet.reference:make_client"
TEXT_PLAIN, AS_CODE = "py:tests.regressions:TextPlain", "py:tests.regressions:RefreshTokenAsCode"


@pytest.fixture
def bench_of():
    benches = []

    def make(spec):
        benches.append(Bench(parse_spec(spec)))
        return benches[-1]

    yield make
    for each in benches:
        each.close()


@pytest.mark.parametrize(
    ("spec", "requirement", "grant", "stopped"),
    [
        (AS_CODE, "parse.minimal", REFRESH, True),
        (AS_CODE, "parse.minimal", PASSWORD, False),
        (AS_CODE, "refresh.request", REFRESH, False),
        (AS_CODE, SANITY, REFRESH, False),
        (TEXT_PLAIN, "refresh.request", REFRESH, True),
        (TEXT_PLAIN, "request.content-type", REFRESH, False),
        (REFERENCE, "parse.minimal", PASSWORD, False),
    ],
)
def test_only_what_explains_the_refusal_is_run(bench_of, spec, requirement, grant, stopped):
    reason = FirstTokens(bench_of(spec)).why_not_run(REQUIREMENTS[requirement], grant, {grant})
    assert bool(reason) == stopped


def test_the_reason_names_the_grant_and_quotes_the_server(bench_of):
    reason = FirstTokens(bench_of(AS_CODE)).why_not_run(REQUIREMENTS["parse.minimal"], REFRESH, {REFRESH})
    assert reason == (
        f"{NOT_RUN}the client gets no refresh_token token from a server without faults: "
        '"The parameter refresh_token is missing"'
    )


def test_a_grant_whose_first_token_is_not_judged_is_not_stopped(bench_of):
    assert FirstTokens(bench_of(TEXT_PLAIN)).why_not_run(REQUIREMENTS["parse.minimal"], PASSWORD, set()) is None


@pytest.mark.parametrize(
    ("spec", "works"),
    [
        (REFERENCE, True),
        ("py:tests.selftest.unreached:FailsAsRefused", False),
        ("py:tests.selftest.unreached:ConstantToken", False),
        ("py:tests.selftest.unreached:RequestsRefused", False),
        ("cmd: false", False),
    ],
)
def test_a_grant_works_if_the_client_gets_a_token_that_the_server_issued(bench_of, spec, works):
    assert FirstTokens(bench_of(spec)).works(GrantType.CLIENT_CREDENTIALS) is works


def test_an_adapter_that_breaks_stops_nothing_and_does_not_work(bench_of):
    bench = bench_of(TEXT_PLAIN)
    closed = []

    def breaks(environment):
        adapter = parse_spec(TEXT_PLAIN).open(environment)
        close = adapter.close

        def configure(config):
            raise AdapterError("it broke")

        def note_close():
            closed.append(adapter)
            close()

        adapter.configure, adapter.close = configure, note_close
        return adapter

    bench.spec = replace(bench.spec, open=breaks)
    tokens = FirstTokens(bench)
    assert tokens.why_not_run(REQUIREMENTS["parse.minimal"], PASSWORD, {PASSWORD}) is None
    assert not tokens.works(PASSWORD)
    assert len(closed) == 1


class KeepsItsToken(ReferenceClient):
    """It keeps its first token, whatever it is configured for afterwards."""

    kept = None

    def get_token(self):
        self.kept = self.kept or super().get_token()
        return self.kept


def test_a_token_that_the_client_keeps_from_another_configuration_does_not_answer(bench_of):
    bench = bench_of(f"py:{__name__}:KeepsItsToken")
    get_issued_token(LabClient(adapter=bench.adapter(), hello=bench.hello(), tenant=bench.tenant(), grant=PASSWORD))
    tokens = FirstTokens(bench)
    assert tokens.works(REFRESH)
    assert tokens.why_not_run(REQUIREMENTS["parse.minimal"], REFRESH, {REFRESH}) is None


KEYWORD = "sanity or request.content-type or refresh.request or parse.minimal or wire.silence"


def judged(tmp_path, spec, *arguments):
    """Return the results of a run by scenario, and what it printed."""
    stream = tmp_path / "results.jsonl"
    command = [sys.executable, "-m", "oauth_gauntlet", "run", "--client", spec, "--results", str(stream), "-k", KEYWORD]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=6000, check=False)
    lines = [json.loads(line) for line in stream.read_text().splitlines()]
    assert lines[-1]["complete"], done.stdout + done.stderr
    return {line["scenario"]: line for line in lines if line["type"] == "result"}, done


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_stops_at_the_grant_that_gets_no_token(tmp_path, workers):
    found, done = judged(tmp_path, AS_CODE, "-n", workers)
    verdicts = {name: result["verdict"] for name, result in found.items()}
    of_refresh = {name: verdict for name, verdict in verdicts.items() if "[refresh_token" in name}
    assert of_refresh.pop("sanity.first[refresh_token]") == "violation"
    assert of_refresh.pop("refresh.request[refresh_token]") == "violation"
    assert set(of_refresh.values()) == {"consequence"}
    assert all(found[name]["message"].startswith(NOT_RUN) and not found[name]["exchanges"] for name in of_refresh)
    assert {name for name, verdict in verdicts.items() if verdict != "pass"} - {*of_refresh} == {
        "sanity.first[refresh_token]",
        "refresh.request[refresh_token]",
        *(name for name in verdicts if name.startswith("refresh.request[") and name != "refresh.request[refresh_token]"),
    }
    assert done.returncode == 1


@pytest.mark.slow
def test_a_run_that_keeps_going_runs_everything(tmp_path):
    found, _ = judged(tmp_path, TEXT_PLAIN, "--keep-going", "--grant", "password")
    assert found["sanity.first[password]"]["verdict"] == "violation"
    assert not any(result["message"].startswith(NOT_RUN) for result in found.values())
    assert all(result["exchanges"] for result in found.values() if result["id"] == "parse.minimal")
