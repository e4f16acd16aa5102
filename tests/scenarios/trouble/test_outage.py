"""How long a scenario waits for a client that gets out of an outage."""

from types import SimpleNamespace

import pytest

from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token
from oauth_gauntlet_scenarios.trouble import outage
from oauth_gauntlet_scenarios.trouble.outage import PATIENCE_S, SILENCE_S, answer_after_outage

_ERROR = ErrorInfo(kind=ErrorKind.TRANSPORT, message="the circuit is open")
_TOKEN = Token(access_token="a")


class Client:
    """Answers with a token from a time on; before, with an error, and with a request for each call if it `asks`."""

    def __init__(self, *, well_after_s, asks, capabilities=frozenset()):
        self.now = 0.0
        self.moved_s = 0.0
        self.well_after_s = well_after_s
        self.asks = asks
        self.tenant = SimpleNamespace(journal=SimpleNamespace(last=7))
        self.hello = SimpleNamespace(capabilities=capabilities)

    def try_get_token(self):
        self.tenant.journal.last += self.asks
        return _TOKEN if self.now >= self.well_after_s else _ERROR

    def advance(self, seconds):
        self.moved_s += seconds

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def answer(monkeypatch):
    def after_outage(client):
        monkeypatch.setattr(outage, "time", SimpleNamespace(monotonic=lambda: client.now, sleep=client.sleep))
        return answer_after_outage(client)

    return after_outage


@pytest.mark.parametrize("pause_s", [0.0, 1.0, 30.0, 60.0])
def test_a_client_that_asks_nothing_may_pause_for_a_minute(answer, pause_s):
    assert answer(Client(well_after_s=pause_s, asks=False)) == _TOKEN


def test_a_client_that_asks_nothing_for_longer_fails(answer):
    client = Client(well_after_s=1e9, asks=False)
    assert answer(client) == _ERROR
    assert client.now >= SILENCE_S


def test_a_client_that_asks_and_fails_gets_seconds(answer):
    client = Client(well_after_s=1e9, asks=True)
    assert answer(client) == _ERROR
    assert PATIENCE_S <= client.now < SILENCE_S


def test_a_clock_that_can_be_moved_is_moved(answer):
    client = Client(well_after_s=1.0, asks=False, capabilities=frozenset({"clock"}))
    assert answer(client) == _TOKEN
    assert client.moved_s == outage.BREAK_S
