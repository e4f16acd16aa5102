"""The bench reports trouble of the machine: a server that cannot listen, and one that clients may not have reached."""

import errno
import os
import socket
import time

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


@pytest.mark.parametrize("number", [errno.EADDRINUSE, errno.EMFILE])
def test_a_server_that_cannot_listen_is_a_harness_error(bench, monkeypatch, number):
    """No port is free. The self-test does the same in a network namespace, which not every machine allows (test_machine.py)."""
    monkeypatch.setattr(socket.socket, "bind", failing(number))
    with pytest.raises(HarnessError, match=os.strerror(number)):
        bench.start_server()


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
