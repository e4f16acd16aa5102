import pytest

from oauth_gauntlet_server import RegisteredClient, RotationPolicy, User
from oauth_gauntlet_server.tenancy.model import JWT_BEARER


def test_client_credentials_get_no_refresh_token(strict, ask, basic):
    assert set(ask(strict, basic(), grant_type="client_credentials")) == {"access_token", "token_type", "expires_in"}


def test_a_password_gets_a_refresh_token_and_the_requested_scope(strict, ask, basic):
    answer = ask(strict, basic(), grant_type="password", username="u", password="p", scope="read")
    assert answer["scope"] == "read"
    assert strict.active(answer["refresh_token"]).username == "u"


def test_an_empty_password_is_accepted_if_it_is_the_users(strict, ask, basic):
    strict.register_user(User(username="open", password=""))
    assert "access_token" in ask(strict, basic(), grant_type="password", username="open", password="")
    assert ask(strict, basic(), grant_type="password", username="u", password="")["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("policy", "new", "again"),
    [
        (RotationPolicy.KEEP, False, "access_token"),
        (RotationPolicy.ROTATE, True, "error"),
        (RotationPolicy.ROTATE_DETECT_REUSE, True, "error"),
    ],
)
def test_each_rotation_policy_treats_a_used_refresh_token_differently(strict, ask, basic, policy, new, again):
    strict.configure(rotation=policy)
    held = ask(strict, basic(), grant_type="password", username="u", password="p")["refresh_token"]
    second = ask(strict, basic(), grant_type="refresh_token", refresh_token=held)
    assert ("refresh_token" in second) == new
    assert again in ask(strict, basic(), grant_type="refresh_token", refresh_token=held)
    # Only with reuse detection, the second use ends the session of the first one.
    alive = strict.active(second["access_token"]) is not None
    assert alive == (policy is not RotationPolicy.ROTATE_DETECT_REUSE)


def test_reuse_ends_the_whole_session(strict, ask, basic):
    strict.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE)
    first = ask(strict, basic(), grant_type="password", username="u", password="p")
    second = ask(strict, basic(), grant_type="refresh_token", refresh_token=first["refresh_token"])
    ask(strict, basic(), grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert [strict.active(token) for token in (first["access_token"], second["access_token"])] == [None, None]
    ended = ask(strict, basic(), grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert ended["error"] == "invalid_grant"


def test_a_refresh_token_expires_by_the_tenants_clock(strict, ask, basic):
    strict.configure(refresh_token_lifetime_s=100)
    held = ask(strict, basic(), grant_type="password", username="u", password="p")["refresh_token"]
    strict.clock.advance(99)
    assert "access_token" in ask(strict, basic(), grant_type="refresh_token", refresh_token=held)
    strict.clock.advance(2)
    assert ask(strict, basic(), grant_type="refresh_token", refresh_token=held)["error"] == "invalid_grant"


def test_a_refresh_token_is_bound_to_its_client_and_scope(strict, ask, basic):
    strict.register_client(RegisteredClient(client_id="b", client_secret="s"))
    held = strict.mint_refresh_token("a", username="u", scope="read")
    assert ask(strict, basic("b"), grant_type="refresh_token", refresh_token=held)["error"] == "invalid_grant"
    wider = ask(strict, basic(), grant_type="refresh_token", refresh_token=held, scope="read write")
    assert wider["error"] == "invalid_scope"
    assert ask(strict, basic(), grant_type="refresh_token", refresh_token=held)["scope"] == "read"


def test_an_access_token_is_not_accepted_as_refresh_token(strict, ask, basic):
    held = strict.mint_access_token("a")
    assert ask(strict, basic(), grant_type="refresh_token", refresh_token=held)["error"] == "invalid_grant"


def test_a_valid_assertion_is_accepted_once(strict, ask, signed):
    text = signed(strict, jti="1")
    assert ask(strict, grant_type=JWT_BEARER, assertion=text)["token_type"] == "Bearer"
    replayed = ask(strict, grant_type=JWT_BEARER, assertion=text)
    assert (replayed["error"], "jti" in replayed["error_description"]) == ("invalid_grant", True)


def test_a_lenient_tenant_grants_every_well_formed_request(server, ask, basic, signed):
    tenant = server.tenant(strict=False)
    for form in (
        {"grant_type": "client_credentials"},
        {"grant_type": "password", "username": "x", "password": "y"},
        {"grant_type": "refresh_token", "refresh_token": "z"},
        {"grant_type": JWT_BEARER, "assertion": signed(tenant, "k" * 32, "HS256")},
    ):
        assert "access_token" in ask(tenant, basic("any", "any"), **form)
    assert ask(tenant, basic("any"), grant_type="x")["error"] == "unsupported_grant_type"


def test_an_unknown_refresh_token_lives_as_long_as_any_other(server, ask, basic):
    tenant = server.tenant(strict=False, refresh_token_lifetime_s=100)
    for advanced, granted in ((0, True), (99, True), (2, False)):
        tenant.clock.advance(advanced)
        answer = ask(tenant, basic("any", "any"), grant_type="refresh_token", refresh_token="z")
        assert ("access_token" in answer) == granted


@pytest.mark.parametrize("strictly", [True, False])
def test_the_subject_of_an_assertion_is_that_of_its_tokens(strict, ask, signed, strictly):
    strict.configure(strict=strictly, refresh_token_grants=frozenset({JWT_BEARER}))
    document = ask(strict, grant_type=JWT_BEARER, assertion=signed(strict, sub="ann"))
    assert [strict.active(document[name]).subject for name in ("access_token", "refresh_token")] == ["ann", "ann"]


def test_a_refusal_of_a_refresh_says_why(strict, ask, basic):
    other = RegisteredClient(client_id="other", client_secret="s")
    strict.register_client(other)
    held = strict.mint_refresh_token("other")
    refused = ask(strict, basic(), grant_type="refresh_token", code=held)
    assert refused["error_description"] == "The parameter refresh_token is missing"
    refused = ask(strict, basic(), grant_type="refresh_token", refresh_token=held)
    assert (refused["error"], refused["error_description"]) == (
        "invalid_grant",
        "The refresh token was issued to another client",
    )


@pytest.mark.parametrize("claim", ["iss", "sub"])
def test_what_a_record_keeps_of_an_assertion_has_a_limit(server, ask, signed, claim):
    tenant = server.tenant(strict=False)
    refused = ask(tenant, grant_type=JWT_BEARER, assertion=signed(tenant, **{claim: "x" * 8193}))
    assert (refused["error"], f"claim {claim} has 8193 characters" in refused["error_description"]) == ("invalid_request", True)
    assert "access_token" in ask(tenant, grant_type=JWT_BEARER, assertion=signed(tenant, **{claim: "x" * 8192}))
