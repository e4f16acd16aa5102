import asyncio

import httpx

from oauth_gauntlet_server import faults

FORM = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}


def test_a_client_gets_a_token_and_a_fault_and_uses_the_token(idle, tenant):
    with httpx.Client(transport=idle.httpx_transport()) as client:
        token = client.post(tenant.token_url, data=FORM).json()["access_token"]
        assert tenant.active(token).client_id == "c"
        tenant.arm(faults.oauth_error("invalid_scope"), times=1)
        assert client.post(tenant.token_url, data=FORM).json()["error"] == "invalid_scope"
        assert client.get(tenant.resource_url, headers={"Authorization": f"Bearer {token}"}).json()["client_id"] == "c"
    assert [exchange.faults for exchange in tenant.journal.exchanges()] == [(), ("oauth_error",), ()]


def test_async_requests_are_handled_concurrently(idle, tenant, wait_for_four):
    tenant.arm(wait_for_four)

    async def several():
        async with httpx.AsyncClient(transport=idle.httpx_async_transport()) as client:
            return await asyncio.gather(*(client.post(tenant.token_url, data=FORM) for _ in range(4)))

    answers = asyncio.run(several())
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["access_token"] for answer in answers}) == 4
    assert tenant.journal.count("token") == 4


def test_repeated_header_fields_and_odd_octets_arrive_unchanged(idle, tenant):
    headers = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X", "é")]
    tenant.arm(faults.http_status(418, "\x00é", content_type="text/plain", headers=headers))
    with httpx.Client(transport=idle.httpx_transport()) as client:
        answer = client.post(tenant.token_url, data=FORM)
    assert (answer.status_code, answer.content) == (418, "\x00é".encode())
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
