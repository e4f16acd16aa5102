import re
import socket

import pytest

from oauth_gauntlet_server.faults import PRESETS

ENDPOINTS = {"metadata": ".well-known/oauth-authorization-server", "jwks": "jwks"}

# These take long, never end or end in a reset; their own tests meet them.
UNLIKE_OTHERS = {"slow", "slow-body", "drip", "silent", "half-close", "endless", "reset", "reset-in-body", "ten-megabytes"}


def read(tenant, path):
    """Return everything that comes back, on a connection of its own."""
    host, port = tenant.issuer.split("/")[2].split(":")
    form = b"grant_type=password&username=u&password=p&client_id=c&client_secret=s&scope=a+b"
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(
            b"%s /%s/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
            % (b"POST" if path.endswith("token") else b"GET", tenant.name.encode(), path.encode(), len(form), form)
        )
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - UNLIKE_OTHERS))
def test_a_preset_is_its_fault_at_an_address(server, preset):
    tenant = server.tenant(strict=False)
    fault = PRESETS[preset]
    endpoint = ENDPOINTS.get(fault.endpoint or "token", fault.endpoint or "token")
    genuine = read(tenant, endpoint)
    at_its_address = read(tenant, f"faults/{preset}/{endpoint}")
    assert without_chance(at_its_address) != without_chance(genuine)
    exchanges = tenant.journal.exchanges()
    assert [exchange.faults for exchange in exchanges] == [(), (fault.name,)]
    assert exchanges[1].endpoint == (fault.endpoint or "token")


def without_chance(octets):
    """Take out what differs from one genuine answer to the next: tokens, and the second in which it was made."""
    octets = re.sub(rb'(_token": ")[\w-]{43}"', rb'\1..."', octets)
    return re.sub(rb"Date: [^\r]+", b"Date: ...", octets)


def test_a_preset_is_in_force_for_its_request_only(tenant, post):
    genuine = post()
    post(path="/t/faults/invalid-grant/token")
    assert post() == genuine
    assert tenant.armed.list() == ()


def test_the_closed_preset(post):
    assert post(path="/t/faults/closed/token") == b""


def test_names_can_stand_in_a_path():
    assert all(re.sub("[-.]", "", name).isalnum() and name == name.lower() for name in PRESETS)
