"""The token endpoint end to end: a table of requests that RFC 6749 requires a server to reject, with the errors."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauth_gauntlet_server.tenancy.model import JWT_BEARER

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CC = "grant_type=client_credentials"
A = ("a", "s")

# RFC 6749 §5.2, §3.2, §2.3: the request, the status, the code.
REFUSED = {
    "repeated parameter": (f"{CC}&scope=read&scope=read", A, 400, "invalid_request"),
    "no grant_type": ("scope=read", A, 400, "invalid_request"),
    "empty grant_type": ("grant_type=", A, 400, "invalid_request"),
    "unknown grant_type": ("grant_type=implicit", A, 400, "unsupported_grant_type"),
    "bad escape": (f"{CC}&x=%zz", A, 400, "invalid_request"),
    "not utf-8": (f"{CC}&x=%ff", A, 400, "invalid_request"),
    "two methods": (f"{CC}&client_id=a&client_secret=s", A, 400, "invalid_request"),
    "another client_id": (f"{CC}&client_id=cc", A, 400, "invalid_request"),
    "no authentication": (CC, None, 401, "invalid_client"),
    "wrong secret": (CC, ("a", "t"), 401, "invalid_client"),
    "wrong secret in body": (f"{CC}&client_id=a&client_secret=t", None, 401, "invalid_client"),
    "unknown client": (CC, ("nobody", "s"), 401, "invalid_client"),
    "malformed basic": (CC, "Basic !!!", 401, "invalid_client"),
    "basic without colon": (CC, "Basic YWJj", 401, "invalid_client"),
    "other scheme": (CC, "Bearer x", 401, "invalid_client"),
    "public client": (f"{CC}&client_id=public", None, 401, "invalid_client"),
    "method not registered": ("grant_type=password&username=u&password=p&client_id=a", None, 401, "invalid_client"),
    "grant not registered": ("grant_type=password&username=u&password=p", ("cc", "s"), 400, "unauthorized_client"),
    "malformed scope": (f"{CC}&scope=a%22b", A, 400, "invalid_scope"),
    "scope beyond registration": (f"{CC}&scope=admin", A, 400, "invalid_scope"),
    "resource without scheme": (f"{CC}&resource=api.example.com", A, 400, "invalid_target"),
    "resource with fragment": (f"{CC}&resource=https://a/%23b", A, 400, "invalid_target"),
    "one wrong resource of two": (f"{CC}&resource=urn:a:b&resource=/b", A, 400, "invalid_target"),
    "no username": ("grant_type=password&password=p", A, 400, "invalid_request"),
    "wrong password": ("grant_type=password&username=u&password=x", A, 400, "invalid_grant"),
    "unknown refresh token": ("grant_type=refresh_token&refresh_token=x", A, 400, "invalid_grant"),
    "no refresh token": ("grant_type=refresh_token", A, 400, "invalid_request"),
    "no assertion": (f"grant_type={JWT_BEARER}", None, 400, "invalid_request"),
    "no jwt": (f"grant_type={JWT_BEARER}&assertion=x", None, 400, "invalid_grant"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_request_gets_the_error_of_rfc_6749(strict, http, basic, case):
    body, authorization, status, code = REFUSED[case]
    headers = basic(*authorization) if isinstance(authorization, tuple) else {"Authorization": authorization or ""}
    answer = http.post(strict.token_url, content=body, headers={**FORM, **(headers if authorization else {})})
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"
    assert answer.headers["content-type"] == "application/json"
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_any_number_of_absolute_uris_are_resources(strict, http, basic):
    body = f"{CC}&resource=urn%3Aa%3Ab&resource=https%3A%2F%2Fa%3Fb%3D1&resource="
    assert http.post(strict.token_url, content=body, headers={**FORM, **basic()}).status_code == 200


def test_a_lenient_tenant_accepts_any_resource(server, http, basic):
    lenient = server.tenant(strict=False)
    assert http.post(lenient.token_url, content=f"{CC}&resource=/b", headers={**FORM, **basic()}).status_code == 200


def test_a_success_has_cache_control_no_store_too(strict, http, basic):
    answer = http.post(strict.token_url, content=CC, headers={**FORM, **basic()})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


def test_other_methods_are_rejected(strict, http):
    answer = http.get(strict.token_url)
    assert (answer.status_code, answer.headers["allow"], answer.json()["error"]) == (405, "POST", "invalid_request")


@settings(max_examples=60)
@given(body=st.binary(max_size=200), header=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_no_request_causes_a_server_error(server, http, body, header):
    tenant = server.tenant()
    headers = {**FORM, "Authorization": header.strip()}
    answer = http.post(tenant.token_url, content=b"grant_type=password&" + body, headers=headers)
    assert answer.status_code < 500
