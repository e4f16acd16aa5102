import base64

import pytest

from oauth_gauntlet_server.decoding.credentials import credential_parts
from oauth_gauntlet_server.tenancy.model import RegisteredClient


def basic(text):
    octets = text if isinstance(text, bytes) else text.encode()
    return (("Authorization", "Basic " + base64.b64encode(octets).decode()),)


def said(exchange, tenant):
    (part,) = credential_parts(exchange.request, tenant)
    return str(part.state), part.finding, [(row.name, row.value, row.note) for row in part.rows]


def test_basic_credentials_are_decoded_and_held_against_the_registered_ones(known, exchange_of):
    state, finding, rows = said(exchange_of(basic("a+b:p%2Bq")), known)
    assert (state, finding) == ("good", "The client is registered, and the secret is right.")
    assert rows == [("client_id", "a b", "base64 holds a+b"), ("client_secret", "p+q", "base64 holds p%2Bq")]


def test_what_was_not_encoded_is_named_for_what_it_is(known, exchange_of):
    state, finding, _ = said(exchange_of(basic("a b:p+q")), known)
    assert state == "bad"
    assert finding.startswith("Id or secret is not form-urlencoded before base64 (RFC 6749 §2.3.1)")


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("a+b:wrong", "The secret is not the registered one."),
        ("nobody:x", "No client of that id is registered."),
        ("no colon", "These are no credentials: there is no colon between user and password."),
        ("a%zz:b", "These are no credentials: a percent sign is not followed by two hexadecimal digits."),
        (b"\xff:x", "These are no credentials: what follows Basic is not base64 of UTF-8 text"),
    ],
)
def test_what_is_wrong_is_said(known, exchange_of, text, finding):
    state, found, _ = said(exchange_of(basic(text)), known)
    assert state == "bad"
    assert found.startswith(finding)


def test_a_tenant_that_takes_any_client_says_so(known, exchange_of):
    known.configure(strict=False)
    assert said(exchange_of(basic("nobody:x")), known)[:2] == (
        "unknown",
        "No client of that id is registered; this tenant takes any client all the same.",
    )
    assert said(exchange_of(basic("a+b:x")), known)[0] == "bad"


def test_credentials_in_the_body(known, exchange_of):
    assert said(exchange_of((), b"client_id=a+b&client_secret=p%2Bq"), known)[0] == "good"
    known.register_client(RegisteredClient(client_id="public"))
    state, finding, _ = said(exchange_of((), b"client_id=public&client_secret="), known)
    assert (state, finding) == ("unknown", "The client is registered without a secret.")
    assert credential_parts(exchange_of((), b"client_id=public").request, known) == ()
    assert credential_parts(exchange_of((), b"client_secret=%zz").request, known) == ()


def test_a_bearer_token_is_looked_up(known, exchange_of):
    token = known.mint_access_token("a b", expires_in=60)
    headers = (("authorization", f"bearer {token}"),)
    assert said(exchange_of(headers), known)[:2] == (
        "good",
        "The access token is in force until 2027-01-15 08:01:00 UTC, in 60 s.",
    )
    known.clock.advance(61)
    assert "has expired" in said(exchange_of(headers), known)[1]
    assert said(exchange_of((("Authorization", "Bearer other"),)), known)[0] == "unknown"
    assert credential_parts(exchange_of((("Authorization", "Digest x"),)).request, known) == ()
