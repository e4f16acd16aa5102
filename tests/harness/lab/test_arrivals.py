"""Requests and grants of the token endpoint; that there is none counts against the client only after a control."""

import pytest

from oauth_gauntlet.checks import Breach, Untestable
from oauth_gauntlet_server import faults


def test_a_missing_token_request_is_a_finding_only_after_a_control(password):
    with pytest.raises(Untestable, match=r"^no request arrived at the token endpoint$"):
        password.token_request()
    password.control_accepted = True
    with pytest.raises(Breach, match=r"^expected a request at the token endpoint, as with the control; none arrived there$"):
        password.token_request()


def test_token_requests_are_those_at_the_token_endpoint(password):
    password.request()
    password.request()
    assert [request.path for request in password.token_requests()] == [f"/{password.tenant.name}/token"]
    password.refresh()
    assert password.token_request().form_value("grant_type") == "refresh_token"
    password.configure()
    password.get_token()
    assert [request.form_value("grant_type") for request in password.token_requests()] == [
        "password",
        "refresh_token",
        "password",
    ]
    assert password.token_request().form_value("grant_type") == "password"


def test_the_place_of_the_last_token_request_among_all_exchanges(password):
    assert password.place_of_token_request() == -1
    password.request()
    assert password.place_of_token_request() == -2
    password.refresh()
    assert password.place_of_token_request() == -1


def test_grants_are_the_successful_responses(password):
    password.tenant.arm(faults.oauth_error("server_error"), times=1)
    password.try_get_token()
    (refused,) = password.tenant.journal.exchanges()
    password.tenant.journal.record(endpoint="token", request=refused.request, response=None)
    with pytest.raises(Untestable, match=r"^no token request was granted, of 2$"):
        password.grants()
    password.control_accepted = True
    with pytest.raises(Breach, match=r"^expected a token request that is granted, as with the control; none of 2 was$"):
        password.grants()
    token = password.get_token()
    password.try_request()
    assert password.tenant.journal.count("resource") == 1
    assert [grant["access_token"] for grant in password.grants()] == [token.access_token]
