import json
import threading
from concurrent.futures import Future

import pytest

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorKind, GrantType, ResourceRequest, Token
from oauth_gauntlet.reference import ReferenceClient, make_client
from oauth_gauntlet.registration import default_configuration
from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults import Fault


def test_concurrent_callers_share_one_renewal(ready, tenant):
    tenant.arm(faults.delay(0.1))
    tokens = ready().get_tokens(16)
    assert len({token.access_token for token in tokens}) == 1
    assert tenant.journal.count("token") == 1


def test_concurrent_requests_share_one_renewal_and_have_an_answer_each(ready, tenant):
    client = ready()
    revoked = client.get_token().access_token
    tenant.revoke(revoked)
    tenant.arm(faults.delay(0.1), endpoint="resource", every=2)  # some of the refusals arrive after the renewal
    wanted = [ResourceRequest(method="POST", url=f"{tenant.resource_url}/{place}", body=f"{place}") for place in range(8)]
    answers = [json.loads(response.body) for response in client.requests(wanted)]
    assert [(answer["path"], answer["body"]) for answer in answers] == [(f"{place}", f"{place}") for place in range(8)]
    assert tenant.journal.count("token") == 2
    assert client.get_token().access_token != revoked


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


@pytest.mark.parametrize(
    ("status", "challenge", "renewed"),
    [
        (401, (), True),
        (401, ("Bearer error=invalid_token",), True),
        (401, ("Basic realm=a", 'bearer error="invalid_token"'), True),
        (401, ('Bearer error="insufficient_claims"',), False),
        (403, ('Bearer error="insufficient_scope"',), False),
        (403, ('Bearer error="invalid_token"',), False),
    ],
)
def test_a_refused_token_is_renewed_unless_another_reason_is_given(ready, tenant, status, challenge, renewed):
    fields = [("WWW-Authenticate", value) for value in challenge]
    tenant.arm(faults.http_status(status, headers=fields), endpoint="resource", times=1)
    client = ready()
    response = client.request("GET", tenant.resource_url, {}, None)
    assert response.status == (200 if renewed else status)
    assert tenant.journal.count("token") == 1 + renewed
