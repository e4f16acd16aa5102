def test_introspection_requires_client_authentication(strict, http, basic):
    form = {"token": strict.mint_access_token("a", username="u", scope="read")}
    assert http.post(strict.introspection_url, data=form).status_code == 401
    active = http.post(strict.introspection_url, data=form, headers=basic()).json()
    assert (active["active"], active["username"], active["scope"], active["client_id"]) == (True, "u", "read", "a")


def test_an_unknown_expired_or_revoked_token_is_only_reported_as_not_active(strict, http, basic):
    expired = strict.mint_access_token("a", expires_in=-1)
    revoked = strict.mint_access_token("a")
    strict.revoke(revoked)
    for text in ("unknown", expired, revoked):
        assert http.post(strict.introspection_url, data={"token": text}, headers=basic()).json() == {"active": False}


def test_a_client_revokes_its_own_tokens_only(strict, http, basic):
    text = strict.mint_access_token("a")
    assert http.post(strict.revocation_url, data={"token": text}, headers=basic("cc")).status_code == 200
    assert strict.active(text) is not None
    assert http.post(strict.revocation_url, data={"token": text}, headers=basic()).status_code == 200
    assert strict.active(text) is None


def test_revoking_an_unknown_token_succeeds(strict, http, basic):
    assert http.post(strict.revocation_url, data={"token": "unknown"}, headers=basic()).status_code == 200


def test_revoking_a_refresh_token_ends_the_session(strict, http, ask, basic):
    first = ask(strict, basic(), grant_type="password", username="u", password="p")
    http.post(strict.revocation_url, data={"token": first["refresh_token"]}, headers=basic())
    assert strict.active(first["access_token"]) is None


def test_the_parameter_token_is_required(strict, http, basic):
    for url in (strict.introspection_url, strict.revocation_url):
        assert http.post(url, data={"x": "y"}, headers=basic()).json()["error"] == "invalid_request"
