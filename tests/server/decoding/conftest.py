"""Fixtures: a tenant without a server, and exchanges as values."""

import pytest

from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.tenancy.journal import Exchange
from oauth_gauntlet_server.tenancy.model import RegisteredClient
from oauth_gauntlet_server.tenancy.tenant import Tenant

NOW = 1_800_000_000.0


@pytest.fixture
def known():
    """Return a strict tenant with one client and a clock that always shows `NOW`."""
    tenant = Tenant(name="t", base_url="http://h", clock=Clock(lambda: NOW))
    tenant.register_client(RegisteredClient(client_id="a b", client_secret="p+q"))
    return tenant


@pytest.fixture
def exchange_of():
    """Return a function that makes an exchange from a request and a response body (`answer`; None: no response)."""

    def make(headers=(), body=b"", *, target="/t/token", endpoint="token", method="POST", answer=None, answered=()):
        request = RecordedRequest(method=method, target=target, http_version="1.1", headers=headers, body=body, raw=b"")
        response = None if answer is None else RecordedResponse(status=200, reason="OK", headers=answered, body=answer)
        return Exchange(sequence=1, endpoint=endpoint, request=request, response=response, received_at=NOW)

    return make
