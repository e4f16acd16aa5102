"""Until when a token is used, and how it is renewed."""

import pytest

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_server import RotationPolicy, faults


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


@pytest.mark.parametrize("fault", [faults.http_status(503), faults.close_without_answer(), faults.oauth_error("invalid_grant")])
def test_a_renewal_that_fails_ahead_of_the_end_does_not_withhold_the_token(ready, tenant, fault):
    client = ready(GrantType.REFRESH_TOKEN)
    first = client.get_token().access_token
    tenant.arm(fault)
    move(client, tenant, 3580)
    assert client.get_token().access_token == first
    assert tenant.journal.count("token") == 2
    move(client, tenant, 21)
    with pytest.raises(ClientFailure):
        client.get_token()
    tenant.clear_faults()
    assert client.get_token().access_token != first


def test_a_token_of_unknown_age_is_withheld_when_its_renewal_fails(ready, tenant):
    client = ready()
    client.get_token()
    client.advance_clock(-10)
    tenant.arm(faults.http_status(503))
    with pytest.raises(ClientFailure):
        client.get_token()


def test_a_token_is_renewed_after_the_clock_was_set_back(ready, tenant):
    client = ready()
    first = client.get_token().access_token
    client.advance_clock(-10)
    assert client.get_token().access_token != first


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


@pytest.mark.parametrize(
    ("grant", "code", "renewed"),
    [
        (GrantType.CLIENT_CREDENTIALS, "invalid_grant", True),
        (GrantType.CLIENT_CREDENTIALS, "unauthorized_client", True),
        (GrantType.JWT_BEARER, "unsupported_grant_type", True),
        (GrantType.PASSWORD, "invalid_grant", True),
        (GrantType.PASSWORD, "unauthorized_client", False),
    ],
)
def test_after_a_refused_refresh_the_grant_itself_gets_a_token(ready, tenant, grant, code, renewed):
    tenant.arm(faults.token_member("refresh_token", "a-refresh-token"))
    tenant.arm(faults.oauth_error(code), grant="refresh_token")
    client = ready(grant)
    first = client.get_token().access_token
    move(client, tenant, 3601)
    if renewed:
        assert client.get_token().access_token != first
    else:
        with pytest.raises(ClientFailure, match=code):
            client.get_token()


@pytest.mark.parametrize("grant", [GrantType.CLIENT_CREDENTIALS, GrantType.PASSWORD])
def test_a_server_that_fails_does_not_end_the_refresh_token(ready, tenant, grant):
    tenant.arm(faults.token_member("refresh_token", "a-refresh-token"))
    tenant.arm(faults.http_status(503), grant="refresh_token")
    client = ready(grant)
    client.get_token()
    move(client, tenant, 3601)
    with pytest.raises(ClientFailure):
        client.get_token()
    assert client.refresh_token == "a-refresh-token"
