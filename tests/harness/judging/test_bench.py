"""What the bench says of the machine: a server that cannot be had, and one that clients may not have met."""

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
def test_a_server_that_cannot_be_had_is_one_sentence(bench, monkeypatch, number):
    """No port is free: where this machine gives no network namespace, nothing else shows it (see test_machine.py)."""
    monkeypatch.setattr(socket.socket, "bind", failing(number))
    with pytest.raises(HarnessError, match=os.strerror(number)):
        bench.start_server()


def test_a_server_that_answers_is_no_trouble(bench):
    assert bench.server_trouble(since=0.0) is None
    bench.start_server()
    assert bench.server_trouble(since=0.0) is None


def test_a_server_that_cannot_be_reached_is_trouble(bench, monkeypatch):
    bench.start_server()
    monkeypatch.setattr(socket, "create_connection", failing(errno.EADDRNOTAVAIL))
    assert bench.server_trouble(since=0.0) == (
        f"the mock server cannot be reached from this machine: {os.strerror(errno.EADDRNOTAVAIL)}"
    )


def test_a_connection_that_was_turned_away_is_trouble_for_whoever_was_at_it(bench, monkeypatch):
    bench.start_server()
    real, left = socket.socket.accept, [1]

    def accept(self):
        if left:
            left.pop()
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return real(self)

    began = time.monotonic()
    monkeypatch.setattr(socket.socket, "accept", accept)
    bench._answers(bench._server)  # the acceptor waits in the real accept; the next time it is turned away
    bench._answers(bench._server)
    assert bench.server_trouble(since=began) == f"the mock server could not accept a connection: {os.strerror(errno.EMFILE)}"
    assert bench.server_trouble(since=time.monotonic()) is None
