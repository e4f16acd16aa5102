import threading
from concurrent.futures import Future

import pytest

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorKind, GrantType, Token
from oauth_gauntlet.reference import ReferenceClient, make_client
from oauth_gauntlet.registration import default_configuration, register
from oauth_gauntlet_server import MockServer, RotationPolicy, faults
from oauth_gauntlet_server.faults import Fault


@pytest.fixture(scope="module")
def server():
    with MockServer() as running:
        yield running


@pytest.fixture
def tenant(server):
    return server.tenant()


@pytest.fixture
def ready(tenant):
    made = []

    def configured(grant=GrantType.CLIENT_CREDENTIALS, make=make_client, **changes):
        client = make()
        made.append(client)
        config = default_configuration(tenant, grant) | changes
        register(tenant, config)
        client.configure(config)
        return client

    yield configured
    for client in made:
        client.close()


def move(client, tenant, seconds):
    client.advance_clock(seconds)
    tenant.clock.advance(seconds)


def test_a_token_is_cached_until_shortly_before_its_expiry(ready, tenant):
    client = ready()
    first = client.get_token().access_token
    move(client, tenant, 3569)
    assert client.get_token().access_token == first
    move(client, tenant, 2)
    assert client.get_token().access_token != first
    assert tenant.journal.count("token") == 2


def test_a_token_is_renewed_after_the_clock_was_set_back(ready, tenant):
    client = ready()
    first = client.get_token().access_token
    client.advance_clock(-10)
    assert client.get_token().access_token != first


def test_concurrent_callers_share_one_renewal(ready, tenant):
    tenant.arm(faults.delay(0.1))
    tokens = ready().get_tokens(16)
    assert len({token.access_token for token in tokens}) == 1
    assert tenant.journal.count("token") == 1


def test_a_cancelled_caller_does_not_affect_the_others(ready, tenant):
    cancelled = threading.Event()

    class WaitsForTheCancellation(Fault):
        name = "waits_for_the_cancellation"

        def instead(self, context):
            cancelled.wait(60)

    class Cancels(ReferenceClient):
        def cancelled(self, call):
            answer = super().cancelled(call)
            cancelled.set()
            return answer

    tenant.arm(WaitsForTheCancellation())
    gone, *others = ready(make=Cancels).get_tokens(4, cancel=1)
    assert gone.kind is ErrorKind.CANCELLED
    assert len({token.access_token for token in others}) == 1
    assert tenant.journal.count("token") == 1


def test_a_call_that_has_ended_is_not_cancelled():
    token, call = Token(access_token="t"), Future()
    call.set_result(token)
    assert make_client().cancelled(call) is token


def test_the_newest_refresh_token_is_used(ready, tenant):
    tenant.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE)
    client = ready(GrantType.PASSWORD)
    seen = [client.get_token().refresh_token] + [client.refresh().refresh_token for _ in range(5)]
    assert len(set(seen)) == 6
    assert tenant.active(seen[-1])


def test_a_failed_renewal_does_not_change_the_state(ready, tenant):
    client = ready(GrantType.PASSWORD)
    first = client.get_token()
    tenant.arm(faults.http_status(503), times=1)
    with pytest.raises(ClientFailure):
        client.refresh()
    assert client.get_token().access_token == first.access_token
    assert client.refresh().access_token != first.access_token


def test_after_a_refused_refresh_token_the_grant_is_used_again(ready, tenant):
    client = ready(GrantType.PASSWORD)
    first = client.get_token()
    tenant.revoke(first.refresh_token)
    move(client, tenant, 4000)
    assert client.get_token().access_token != first.access_token
    assert [request.form_value("grant_type") for request in tenant.journal.requests("token")] == [
        "password",
        "refresh_token",
        "password",
    ]


def test_a_refused_token_is_renewed_once(ready, tenant):
    client = ready()
    first = client.get_token().access_token
    tenant.revoke(first)
    assert client.request("POST", tenant.resource_url, {}, "whole body").status == 200
    assert [request.body for request in tenant.journal.requests("resource")] == [b"whole body"] * 2
    tenant.arm(faults.fault("bearer_error"))
    assert client.request("GET", tenant.resource_url, {}, None).status == 401
    assert tenant.journal.count("resource") == 4


def test_plain_http_to_a_resource_must_be_intended(ready, tenant):
    client = ready(allow_http=None, token_url="https://server.example/token")
    with pytest.raises(ClientFailure, match="plain http sends the access token unencrypted"):
        client.request("GET", tenant.resource_url, {}, None)
    assert tenant.journal.count() == 0


def test_insufficient_scope_does_not_renew_the_token(ready, tenant):
    client = ready()
    assert client.request("GET", f"{tenant.resource_url}/scope/admin", {}, None).status == 403
    assert (tenant.journal.count("token"), tenant.journal.count("resource")) == (1, 1)


def test_configure_discards_all_state(ready, tenant):
    client = ready(GrantType.PASSWORD)
    client.get_token()
    client.configure(default_configuration(tenant, GrantType.CLIENT_CREDENTIALS))
    with pytest.raises(ClientFailure, match="no refresh token"):
        client.refresh()
    client.close()
    with pytest.raises(ClientFailure, match="not configured"):
        client.get_token()


def test_its_string_forms_contain_no_secret(ready):
    client = ready(GrantType.PASSWORD)
    token = client.get_token()
    shown = " ".join(client.describe())
    assert not any(secret in shown for secret in (token.access_token, token.refresh_token, "gauntlet-user-password"))
