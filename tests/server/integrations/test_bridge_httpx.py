import asyncio
import time

import httpx
import pytest

from oauth_gauntlet_server import MockServer, faults

FORM = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}


@pytest.fixture
def idle():
    """A server that listens nowhere."""
    return MockServer()


@pytest.fixture
def tenant(idle):
    return idle.tenant(strict=False, base_url="https://login.example.com")


def test_a_token_is_got_and_used_and_a_fault_met(idle, tenant):
    with httpx.Client(transport=idle.httpx_transport()) as client:
        token = client.post(tenant.token_url, data=FORM).json()["access_token"]
        assert tenant.active(token).client_id == "c"
        tenant.arm(faults.oauth_error("invalid_scope"), times=1)
        assert client.post(tenant.token_url, data=FORM).json()["error"] == "invalid_scope"
        assert client.get(tenant.resource_url, headers={"Authorization": f"Bearer {token}"}).json()["client_id"] == "c"
    assert [exchange.faults for exchange in tenant.journal.exchanges()] == [(), ("oauth_error",), ()]


def test_async_too_and_a_delay_holds_up_nobody_else(idle, tenant):
    tenant.arm(faults.delay(0.3))

    async def several():
        async with httpx.AsyncClient(transport=idle.httpx_async_transport()) as client:
            return await asyncio.gather(*(client.post(tenant.token_url, data=FORM) for _ in range(4)))

    began = time.monotonic()
    answers = asyncio.run(several())
    assert time.monotonic() - began < 4 * 0.3
    assert len({answer.json()["access_token"] for answer in answers}) == 4
    assert tenant.journal.count("token") == 4


def test_headers_and_octets_are_as_they_were_answered(idle, tenant):
    headers = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X", "é")]
    tenant.arm(faults.http_status(418, "\x00é", content_type="text/plain", headers=headers))
    with httpx.Client(transport=idle.httpx_transport()) as client:
        answer = client.post(tenant.token_url, data=FORM)
    assert (answer.status_code, answer.content) == (418, "\x00é".encode())
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
