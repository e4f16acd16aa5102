"""The ports of a scenario, with a server that only records what is opened."""

from types import SimpleNamespace

import pytest

from oauth_gauntlet.checks import Untestable
from oauth_gauntlet.ports import Ports, own_address
from oauth_gauntlet_server import TLSUnavailable, connection_fault

RESET, REFUSE = connection_fault("reset_on_accept"), connection_fault("refuse")


class Opener:
    ca_file = "/tmp/ca.pem"

    def __init__(self, *met):
        self.met = met
        self.closed = []

    def open_port(self, fault=None, *, tls=None, host=None):
        if tls == "unavailable":
            raise TLSUnavailable("no TLS here")
        records = [SimpleNamespace(fault=name) for name in self.met]
        return SimpleNamespace(fault=fault, host=host, connections=records, close=lambda: self.closed.append(fault))


@pytest.mark.parametrize(
    ("fault", "met", "unmet"),
    [
        (None, [], ()),
        (RESET, [], (RESET.name,)),
        (RESET, [None, "another"], (RESET.name,)),
        (RESET, [None, RESET.name], ()),
        (REFUSE, [], ()),
    ],
)
def test_a_fault_is_unmet_until_a_connection_meets_it(fault, met, unmet):
    ports = Ports(Opener(*met))
    ports.open(fault)
    assert ports.unmet() == unmet


def test_a_port_that_this_machine_cannot_open_makes_the_scenario_untestable():
    ports = Ports(Opener())
    with pytest.raises(Untestable, match="no TLS here"):
        ports.open(tls="unavailable")
    assert ports.opened == []


def test_a_port_beyond_loopback_is_on_an_address_of_this_machine(monkeypatch):
    monkeypatch.setattr("oauth_gauntlet.ports.own_address", lambda: "192.0.2.7")
    ports = Ports(Opener())
    assert ports.open_beyond_loopback().host == "192.0.2.7"
    assert len(ports.opened) == 1


def test_without_an_address_beyond_loopback_the_scenario_is_untestable(monkeypatch):
    monkeypatch.setattr("oauth_gauntlet.ports.own_address", lambda: None)
    with pytest.raises(Untestable, match="no address except loopback"):
        Ports(Opener()).open_beyond_loopback()


class Probe:
    """A UDP socket of a machine that would send from `address`."""

    def __init__(self, address):
        self.address = address

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        pass

    def connect(self, where):
        if self.address is None:
            raise OSError("unreachable")

    def getsockname(self):
        return self.address, 1


@pytest.mark.parametrize(
    ("address", "found"), [("192.0.2.7", "192.0.2.7"), ("127.0.0.1", None), ("0.0.0.0", None), (None, None)]
)
def test_own_address_is_never_loopback(monkeypatch, address, found):
    monkeypatch.setattr("oauth_gauntlet.ports.socket.socket", lambda *_: Probe(address))
    assert own_address() == found


def test_close_closes_every_port():
    opener = Opener()
    ports = Ports(opener)
    for fault in (RESET, None):
        ports.open(fault)
    ports.close()
    assert opener.closed == [RESET, None]
    assert ports.ca_file == opener.ca_file


@pytest.mark.parametrize(("fault", "met", "reached"), [(None, [], False), (RESET, [None], True), (REFUSE, [], True)])
def test_a_port_is_reached_by_a_connection_or_if_it_refuses_them(fault, met, reached):
    ports = Ports(Opener(*met))
    assert ports.reached is False
    ports.open(fault)
    assert ports.reached is reached
