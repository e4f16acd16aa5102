from oauth_gauntlet_server.decoding.tokens_known import token_part, token_state


def test_each_reason_why_a_token_is_not_active(known):
    tokens = {
        "was revoked": known.mint_access_token("c"),
        "was used and replaced by a new one": known.mint_refresh_token("c"),
        "expired at": known.mint_access_token("c", expires_in=-10),
        "claims exp and nbf of the access token do not allow": known.mint_access_token("c", claims={"nbf": 10**400}),
        "claims exp and nbf": known.mint_access_token("c", claims={"exp": 1}),
        "session of the access token was ended": known.mint_access_token("c", family="f"),
        "The token is unknown": "unknown",
    }
    known.revoke(tokens["was revoked"])
    known.spend(tokens["was used and replaced by a new one"])
    known.end_session("f")
    for words, token in tokens.items():
        assert words in token_state(known, token)[1]
    lasting = known.mint_access_token("c", claims={"exp": 10**400})
    assert token_state(known, lasting)[1] == "The access token is active and never expires."
    dated = known.mint_access_token("c", claims={"exp": known.clock.now() + 600})
    assert "active and expires at 2027-01-15 08:10:00 UTC" in token_state(known, dated)[1]
    assert (
        token_state(known, known.mint_refresh_token("c", claims={"exp": 1}))[1]
        == "The refresh token is active and never expires."
    )


def test_the_part_shows_everything_that_is_known_about_a_token(known):
    part = token_part(known, known.mint_refresh_token("c", username="u", scope="a b", family="f", expires_in=3600)).to_json()
    assert {row["name"]: row["value"] for row in part["rows"]} == {
        "kind": "refresh_token",
        "client_id": "c",
        "subject": "u",
        "username": "u",
        "scope": "a b",
        "session": "f",
        "issued_at": "2027-01-15 08:00:00 UTC, now",
        "expires_at": "2027-01-15 09:00:00 UTC, in 60 min",
    }
    assert part["state"] == "good"
    assert token_part(known, "unknown").rows == ()
