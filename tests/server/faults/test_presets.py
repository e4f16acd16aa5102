import re
import socket

import pytest

from oauth_gauntlet_server.faults import PRESETS

ENDPOINTS = {"metadata": ".well-known/oauth-authorization-server", "jwks": "jwks"}

# These take long, never end, or end in a reset; the tests of their faults cover them.
UNLIKE_OTHERS = {
    "close-announced",
    "slow",
    "slow-body",
    "drip",
    "silent",
    "half-close",
    "endless",
    "reset",
    "reset-in-body",
    "ten-megabytes",
}


def read(tenant, path):
    """Send a request on a new connection, and return all octets of the response."""
    host, port = tenant.issuer.split("/")[2].split(":")
    form = b"grant_type=password&username=u&password=p&client_id=c&client_secret=s&scope=a+b"
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(
            b"%s /%s/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
            % (b"POST" if path.endswith("token") else b"GET", tenant.name.encode(), path.encode(), len(form), form)
        )
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - UNLIKE_OTHERS))
def test_the_url_of_a_preset_answers_with_its_fault(server, preset):
    tenant = server.tenant(strict=False)
    fault = PRESETS[preset]
    endpoint = ENDPOINTS.get(fault.endpoint or "token", fault.endpoint or "token")
    genuine = read(tenant, endpoint)
    at_preset = read(tenant, f"faults/{preset}/{endpoint}")
    assert without_chance(at_preset) != without_chance(genuine)
    exchanges = tenant.journal.exchanges()
    assert [exchange.faults for exchange in exchanges] == [(), (fault.name,)]
    assert exchanges[1].endpoint == (fault.endpoint or "token")


def without_chance(octets):
    """Return the octets without what differs between two genuine answers: the tokens, and the date."""
    octets = re.sub(rb'(_token": ")[\w-]{43}"', rb'\1..."', octets)
    return re.sub(rb"Date: [^\r]+", b"Date: ...", octets)


def test_a_preset_acts_on_its_own_request_only(tenant, post):
    genuine = post()
    post(path="/t/faults/invalid-grant/token")
    assert post() == genuine
    assert tenant.armed.list() == ()


def test_the_preset_closed_sends_no_octet(post):
    assert post(path="/t/faults/closed/token") == b""


def test_the_names_of_presets_are_valid_in_a_path():
    assert all(re.sub("[-.]", "", name).isalnum() and name == name.lower() for name in PRESETS)
