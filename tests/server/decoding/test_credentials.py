import base64
import re

import pytest

from oauth_gauntlet_server.decoding.credentials import credential_parts
from oauth_gauntlet_server.tenancy.model import RegisteredClient


def basic(text):
    octets = text if isinstance(text, bytes) else text.encode()
    return (("Authorization", "Basic " + base64.b64encode(octets).decode()),)


def decoded(exchange, tenant):
    """Return state, finding and rows of the only part."""
    (part,) = credential_parts(exchange.request, tenant)
    return str(part.state), part.finding, [(row.name, row.value, row.note) for row in part.rows]


def test_basic_credentials_are_decoded_and_compared_with_the_registered_ones(known, exchange_of):
    state, finding, rows = decoded(exchange_of(basic("a+b:p%2Bq")), known)
    assert (state, finding) == ("good", "The client is registered, and the secret is right.")
    assert rows == [("client_id", "a b", "in base64: a+b"), ("client_secret", "p+q", "in base64: p%2Bq")]


def test_credentials_without_form_encoding_are_named_as_the_mistake(known, exchange_of):
    state, finding, _ = decoded(exchange_of(basic("a b:p+q")), known)
    assert state == "bad"
    assert finding == (
        "The client id or the secret is not form-urlencoded before base64 (RFC 6749 §2.3.1). "
        "The undecoded values match the registered client."
    )


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("a+b:wrong", r"The secret is not the registered one\."),
        ("nobody:x", r"No client with this id is registered\."),
        ("no colon", r"The credentials cannot be decoded: .*colon.*"),
        ("a%zz:b", r"The credentials cannot be decoded: .*two hexadecimal digits.*"),
        (b"\xff:x", r"The credentials cannot be decoded: .*base64.*"),
    ],
)
def test_wrong_credentials_are_explained(known, exchange_of, text, finding):
    state, found, _ = decoded(exchange_of(basic(text)), known)
    assert state == "bad"
    assert re.fullmatch(finding, found)


def test_the_finding_mentions_that_a_lenient_tenant_accepts_any_client(known, exchange_of):
    known.configure(strict=False)
    assert decoded(exchange_of(basic("nobody:x")), known)[:2] == (
        "unknown",
        "No client with this id is registered. This tenant is lenient: it accepts any client.",
    )
    assert decoded(exchange_of(basic("a+b:x")), known)[0] == "bad"


def test_credentials_in_the_body(known, exchange_of):
    assert decoded(exchange_of((), b"client_id=a+b&client_secret=p%2Bq"), known)[0] == "good"
    known.register_client(RegisteredClient(client_id="public"))
    state, finding, _ = decoded(exchange_of((), b"client_id=public&client_secret="), known)
    assert (state, finding) == ("unknown", "The client is registered without a secret.")
    assert credential_parts(exchange_of((), b"client_id=public").request, known) == ()
    assert credential_parts(exchange_of((), b"client_secret=%zz").request, known) == ()


def test_a_bearer_token_is_looked_up(known, exchange_of):
    token = known.mint_access_token("a b", expires_in=60)
    headers = (("authorization", f"bearer {token}"),)
    assert decoded(exchange_of(headers), known)[:2] == (
        "good",
        "The access token is active and expires at 2027-01-15 08:01:00 UTC, in 60 s.",
    )
    known.clock.advance(61)
    assert decoded(exchange_of(headers), known)[1] == "The access token expired at 2027-01-15 08:01:00 UTC, 1 s ago."
    assert decoded(exchange_of((("Authorization", "Bearer other"),)), known)[0] == "unknown"
    assert credential_parts(exchange_of((("Authorization", "Digest x"),)).request, known) == ()
