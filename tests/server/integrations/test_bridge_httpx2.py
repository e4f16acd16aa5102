import asyncio

import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuth2Client

from oauth_gauntlet_server import faults


def test_a_real_client_gets_a_token_and_a_fault(idle, tenant):
    with OAuth2Client("c", "s", transport=idle.httpx2_transport()) as client:
        token = client.fetch_token(tenant.token_url, grant_type="client_credentials")
        assert tenant.active(token["access_token"]).client_id == "c"
        tenant.arm(faults.oauth_error("invalid_scope"), times=1)
        with pytest.raises(OAuthError, match="invalid_scope"):
            client.fetch_token(tenant.token_url, grant_type="client_credentials")
        assert client.get(tenant.resource_url).json()["client_id"] == "c"
    assert [exchange.faults for exchange in tenant.journal.exchanges()] == [(), ("oauth_error",), ()]


def test_async_clients_are_served_concurrently(idle, tenant, wait_for_four):
    tenant.arm(wait_for_four)

    async def fetch():
        async with AsyncOAuth2Client("c", "s", transport=idle.httpx2_async_transport()) as client:
            return await client.fetch_token(tenant.token_url, grant_type="client_credentials")

    async def several():
        return await asyncio.gather(*(fetch() for _ in range(4)))

    tokens = asyncio.run(several())
    assert len({token["access_token"] for token in tokens}) == 4
    assert tenant.journal.count("token") == 4


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_repeated_header_fields_and_odd_octets_arrive_unchanged(idle, tenant, kind):
    headers = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X", "é")]
    tenant.arm(faults.http_status(418, "\x00é", content_type="text/plain", headers=headers))
    if kind == "sync":
        with OAuth2Client(transport=idle.httpx2_transport()) as client:
            answer = client.request("POST", tenant.token_url, withhold_token=True)
    else:

        async def ask():
            async with AsyncOAuth2Client(transport=idle.httpx2_async_transport()) as client:
                return await client.request("POST", tenant.token_url, withhold_token=True)

        answer = asyncio.run(ask())
    assert (answer.status_code, answer.content) == (418, "\x00é".encode())
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_a_fault_that_needs_a_socket_gets_501(idle, tenant):
    tenant.arm(faults.close_without_answer())
    with OAuth2Client(transport=idle.httpx2_transport()) as client:
        answer = client.request("POST", tenant.token_url, withhold_token=True)
    assert (answer.status_code, answer.json()["error"]) == (501, "fault_needs_socket")
