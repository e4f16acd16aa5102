"""The bench reports trouble of the machine: a server that cannot listen, and one that clients may not have reached."""

import errno
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.errors import HarnessError
from oauth_gauntlet.judging.bench import Bench


@pytest.fixture
def bench():
    made = Bench(parse_spec("py:oauth_gauntlet.reference:make_client"))
    yield made
    made.close()


def failing(number):
    def fail(*arguments, **more):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("spec", "clock"),
    [
        ("py:oauth_gauntlet.reference:make_client", "the client's own"),
        ("py:tests.adapters.misreporting:HONEST", "none: the adapter declares neither clock nor process_clock"),
    ],
)
def test_the_clock_is_what_the_client_declares(spec, clock):
    bench = Bench(parse_spec(spec))
    assert bench.described_clock() == clock
    bench.close()


@pytest.mark.parametrize("number", [errno.EADDRINUSE, errno.EMFILE])
def test_a_server_that_cannot_listen_is_a_harness_error(bench, monkeypatch, number):
    """No port is free. The self-test does the same in a network namespace, which not every machine allows (test_machine.py)."""
    monkeypatch.setattr(socket.socket, "bind", failing(number))
    with pytest.raises(HarnessError, match=os.strerror(number)):
        bench.start_server()


def test_scenarios_that_start_at_the_same_time_share_one_server(bench):
    """A worker (-n) may begin with those that wait: a port of one server has no URL for a tenant of another."""
    together = threading.Barrier(8)

    def first_uses(_):
        together.wait()
        return urlsplit(bench.tenant().token_url).netloc

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(first_uses, range(8)))) == 1


def test_a_server_that_answers_has_no_trouble(bench):
    assert bench.server_trouble(since=0.0) is None
    bench.start_server()
    assert bench.server_trouble(since=0.0) is None


def test_a_server_that_cannot_be_reached_has_trouble(bench, monkeypatch):
    bench.start_server()
    monkeypatch.setattr(socket, "create_connection", failing(errno.EADDRNOTAVAIL))
    assert bench.server_trouble(since=0.0) == (
        f"the mock server cannot be reached from this machine: {os.strerror(errno.EADDRNOTAVAIL)}"
    )


def test_a_rejected_connection_is_trouble_for_a_scenario_that_started_before(bench, monkeypatch):
    bench.start_server()
    real, left = socket.socket.accept, [1]

    def accept(self):
        if left:
            left.pop()
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return real(self)

    started = time.monotonic()
    monkeypatch.setattr(socket.socket, "accept", accept)
    bench._answers(bench._server)  # the acceptor is already in the real accept; its next call is the replaced one
    bench._answers(bench._server)
    assert bench.server_trouble(since=started) == f"the mock server could not accept a connection: {os.strerror(errno.EMFILE)}"
    assert bench.server_trouble(since=time.monotonic()) is None


def tenants_of(seed, *scenarios):
    made = Bench(parse_spec("py:oauth_gauntlet.reference:make_client"), seed=seed)
    try:
        found = [made.tenants_of(scenario) for scenario in scenarios]
        return [(tenant.name, tenant.mint_access_token("c")) for new_tenant in found for tenant in (new_tenant(), new_tenant())]
    finally:
        made.close()


def test_the_tenants_of_a_scenario_depend_on_the_seed_and_the_scenario_alone():
    first, second = tenants_of(1, "a.b[password]"), tenants_of(1, "c.d[password]", "a.b[password]")
    assert first == second[2:]
    assert not set(second[:2]) & set(first)
    assert not set(tenants_of(2, "a.b[password]")) & set(first)


def test_a_scenario_that_runs_again_has_other_tenants():
    assert len(set(tenants_of(1, "a.b[password]", "a.b[password]"))) == 4


def test_without_a_seed_no_tenant_repeats():
    assert not set(tenants_of(None, "a.b[password]")) & set(tenants_of(None, "a.b[password]"))
