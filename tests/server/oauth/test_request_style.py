"""Request styles and further values of grant_type, over a real socket."""

import pytest

SECRET = {"client_id": "a", "client_secret": "s"}
CLIENT = {"grant_type": "client_credentials", **SECRET}


@pytest.mark.parametrize(
    ("styles", "sent", "status"),
    [
        ({"form"}, {"data": CLIENT}, 200),
        ({"form"}, {"json": CLIENT}, 400),
        ({"form"}, {"params": CLIENT}, 400),
        ({"json"}, {"json": CLIENT}, 200),
        ({"json"}, {"data": CLIENT}, 400),
        ({"json"}, {"params": CLIENT}, 400),
        ({"query"}, {"params": CLIENT}, 200),
        ({"query"}, {"data": CLIENT}, 400),
        ({"query"}, {"json": CLIENT}, 400),
        ({"form", "query"}, {"params": {"grant_type": "client_credentials"}, "data": SECRET}, 200),
        ({"json", "query"}, {"params": {"grant_type": "client_credentials"}, "json": SECRET}, 200),
        ({"form", "query"}, {"params": CLIENT, "data": CLIENT}, 400),
    ],
)
def test_a_tenant_takes_the_styles_that_it_names(strict, http, styles, sent, status):
    strict.configure(request_styles=frozenset(styles))
    answer = http.post(strict.token_url, **sent)
    assert answer.status_code == status
    assert ("access_token" in answer.json()) is (status == 200)


def test_get_is_a_method_of_the_query_only(strict, http):
    refused = http.get(strict.token_url, params=CLIENT)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST")
    strict.configure(request_styles=frozenset({"query"}))
    assert "access_token" in http.get(strict.token_url, params=CLIENT).json()
    assert http.put(strict.token_url).headers["Allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("styles", "content_type", "words"),
    [
        ({"form", "json"}, "text/plain", "must be application/x-www-form-urlencoded or application/json, not text/plain"),
        ({"query"}, "text/plain", "The parameters must be in the query, not in a body"),
        ({"json"}, "application/json", "The body is not JSON"),
    ],
)
def test_the_refusal_names_what_the_tenant_takes(strict, http, styles, content_type, words):
    strict.configure(request_styles=frozenset(styles))
    answer = http.post(strict.token_url, content=b"a=1", headers={"Content-Type": content_type}).json()
    assert answer["error"] == "invalid_request"
    assert words in answer["error_description"]


def test_a_json_list_is_a_repeated_parameter_and_claims_come_from_json_too(strict, http):
    strict.configure(request_styles=frozenset({"json"}), claims_from_parameters={"audience": "aud"})
    token = http.post(strict.token_url, json={**CLIENT, "audience": ["x", "y"]}).json()["access_token"]
    assert strict.active(token).claims["aud"] == ["x", "y"]
    repeated = http.post(strict.token_url, json={**CLIENT, "scope": ["read", "write"]}).json()
    assert repeated["error_description"] == "The parameter scope is repeated"
    wrong = http.post(strict.token_url, json={**CLIENT, "resource": ["no uri"]}).json()
    assert wrong["error"] == "invalid_target"


def test_a_further_grant_type_means_one_that_there_is(strict, http):
    form = {**CLIENT, "grant_type": "account_credentials"}
    assert http.post(strict.token_url, data=form).json()["error"] == "unsupported_grant_type"
    strict.configure(grant_type_aliases={"account_credentials": "client_credentials"})
    assert "access_token" in http.post(strict.token_url, data=form).json()


def test_a_scope_with_commas_is_checked_and_answered_with_commas(strict, http):
    strict.configure(scope_separator=",")
    assert http.post(strict.token_url, data={**CLIENT, "scope": "read,write"}).json()["scope"] == "read,write"
    assert http.post(strict.token_url, data={**CLIENT, "scope": "read,root"}).json()["error"] == "invalid_scope"
