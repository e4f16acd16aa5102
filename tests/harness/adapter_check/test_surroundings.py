import os

import pytest

from oauth_gauntlet.adapter_check import surroundings
from oauth_gauntlet.adapter_check.check import CheckOutcome
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.adapters.client_spec import ClientSpec
from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference import make_client
from oauth_gauntlet.reference.client import ReferenceClient
from tests.selftest.bugs.proxies import ProxyIgnored


class Elsewhere(InProcessAdapter):
    offset = None

    def utc_offset(self):
        return self.offset


class AlwaysUtc(Elsewhere):
    offset = 0.0


@pytest.fixture
def inspected():
    opened = []

    def inspect(inspection, factory=make_client, kind=InProcessAdapter):
        spec = ClientSpec(text="py:x:y", open=lambda more: kind(factory, environment=more), in_process=True)
        bench = Bench(spec)
        opened.append(bench)
        adapter, hello = bench.start()
        before = dict(os.environ)
        found = inspection(Subject(bench, adapter, hello), GrantType.CLIENT_CREDENTIALS)
        assert dict(os.environ) == before, "the environment is restored"
        adapter.close()
        return found

    yield inspect
    for bench in opened:
        bench.close()


def test_a_client_that_takes_time_zone_and_proxy_from_its_environment(inspected):
    assert inspected(surroundings.time_zone).outcome is CheckOutcome.OK
    assert inspected(surroundings.proxy).outcome is CheckOutcome.OK


@pytest.mark.parametrize(("kind", "outcome"), [(Elsewhere, CheckOutcome.PROBLEM), (AlwaysUtc, CheckOutcome.WARN)])
def test_a_zone_that_is_not_in_force(inspected, kind, outcome):
    assert inspected(surroundings.time_zone, kind=kind).outcome is outcome


def test_a_proxy_that_is_not_used(inspected):
    found = inspected(surroundings.proxy, ProxyIgnored)
    assert found.outcome is CheckOutcome.WARN
    assert "no request arrived there" in found.advice


class TlsOnly(ReferenceClient):
    def configure(self, config):
        super().configure({**config, "allow_http": "127.0.0.1" in config["token_url"]})


def test_a_client_that_sends_no_plain_http_shows_nothing(inspected):
    assert inspected(surroundings.proxy, TlsOnly) is None
