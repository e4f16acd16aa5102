import pytest


@pytest.fixture
def bearer(strict):
    return {"Authorization": f"Bearer {strict.mint_access_token('a', scope='read')}"}


def test_the_response_to_a_valid_token_describes_the_request(strict, http, bearer):
    answer = http.put(f"{strict.resource_url}/x/y", headers=bearer, content=b"body").json()
    assert (answer["method"], answer["path"], answer["client_id"], answer["body"]) == ("PUT", "x/y", "a", "body")


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_scheme_is_case_insensitive(strict, http, bearer, scheme):
    value = bearer["Authorization"].replace("Bearer", scheme)
    assert http.get(strict.resource_url, headers={"Authorization": value}).status_code == 200


def challenge(answer):
    return answer.status_code, answer.json().get("error"), 'error="' in answer.headers["www-authenticate"]


def test_without_a_token_the_challenge_has_no_error_code(strict, http):
    assert challenge(http.get(strict.resource_url)) == (401, None, False)


def test_an_unknown_expired_or_refresh_token_is_invalid(strict, http, bearer):
    for text in ("x", strict.mint_refresh_token("a")):
        answer = http.get(strict.resource_url, headers={"Authorization": f"Bearer {text}"})
        assert challenge(answer) == (401, "invalid_token", True)
    strict.clock.advance(3601)
    assert challenge(http.get(strict.resource_url, headers=bearer)) == (401, "invalid_token", True)


def test_a_token_sent_twice_or_in_the_query_is_an_invalid_request(strict, http, bearer):
    text = bearer["Authorization"].split()[1]
    twice = http.post(strict.resource_url, headers=bearer, data={"access_token": text})
    assert challenge(twice) == (400, "invalid_request", True)
    assert challenge(http.get(strict.resource_url, params={"access_token": text})) == (400, "invalid_request", True)
    strict.configure(token_in_query=True)
    assert http.get(strict.resource_url, params={"access_token": text}).status_code == 200


def test_the_challenge_names_a_missing_scope(strict, http, bearer):
    lacking = http.get(f"{strict.resource_url}/scope/admin", headers=bearer)
    assert challenge(lacking) == (403, "insufficient_scope", True)
    assert 'scope="admin"' in lacking.headers["www-authenticate"]
    assert http.get(f"{strict.resource_url}/scope/read", headers=bearer).status_code == 200


def test_a_path_cannot_inject_text_into_the_challenge(strict, http, bearer):
    answer = http.get(f"{strict.resource_url}/scope/a%22%2C%20b", headers=bearer)
    assert answer.status_code == 403
    assert "scope=" not in answer.headers["www-authenticate"]
