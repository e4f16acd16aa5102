"""Which clock of a client a scenario moves."""

from dataclasses import replace

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import Capability, GrantType
from oauth_gauntlet.reference import make_client
from oauth_gauntlet_scenarios.virtual_time import moved_clock


def client_with(*capabilities):
    adapter = make_client()
    hello = replace(adapter.hello(), capabilities=frozenset(capabilities))
    return LabClient(adapter=adapter, hello=hello, tenant=None, grant=GrantType.PASSWORD)


def test_the_clock_of_the_process_is_the_wall_clock():
    assert "only the wall clock was moved" in moved_clock(client_with(Capability.PROCESS_CLOCK, Capability.CLOCK))


def test_a_client_may_have_a_clock_of_its_own():
    assert moved_clock(client_with(Capability.CLOCK)) == "the client's own clock was moved"
