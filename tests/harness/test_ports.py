"""The ports of a scenario, with a server that only records what is opened."""

from types import SimpleNamespace

import pytest

from oauth_gauntlet.checks import Untestable
from oauth_gauntlet.ports import Ports
from oauth_gauntlet_server import TLSUnavailable, connection_fault

RESET, REFUSE = connection_fault("reset_on_accept"), connection_fault("refuse")


class Opener:
    ca_file = "/tmp/ca.pem"

    def __init__(self, *met):
        self.met = met
        self.closed = []

    def open_port(self, fault=None, *, tls=None):
        if tls == "unavailable":
            raise TLSUnavailable("no TLS here")
        records = [SimpleNamespace(fault=name) for name in self.met]
        return SimpleNamespace(fault=fault, connections=records, close=lambda: self.closed.append(fault))


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


def test_close_closes_every_port():
    opener = Opener()
    ports = Ports(opener)
    for fault in (RESET, None):
        ports.open(fault)
    ports.close()
    assert opener.closed == [RESET, None]
    assert ports.ca_file == opener.ca_file
