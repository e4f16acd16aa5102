"""Decoding of JWTs that are made by PyJWT and by hand, right and wrong."""

import base64
import json
import warnings

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_server.decoding.jwts import MOST_JWT, jwt_in, jwt_part
from oauth_gauntlet_server.jose.keys import new_signing_key
from oauth_gauntlet_server.tenancy.model import AssertionIssuer, RegisteredClient
from oauth_gauntlet_server.tenancy.tenant import Tenant

NOW = 1_800_000_000
KEY, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
SECRET = "x" * 32


def public(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def signed(key=KEY, alg="ES256", headers=None, **claims):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pyjwt.encode(claims, key, algorithm=alg, headers=headers)


def by_hand(header, claims, signature="AAAA"):
    parts = (header if isinstance(header, bytes) else json.dumps(header).encode() for header in (header, claims))
    encoded = (base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    return ".".join([*encoded, signature])


@pytest.fixture
def registered(known):
    """Return the tenant with two issuers and a client that sign JWTs."""
    known.register_issuer(AssertionIssuer(issuer="https://i.example", public_keys=(public(OTHER), public(KEY))))
    known.register_issuer(AssertionIssuer(issuer="garbage", public_keys=("no key", {"kty": "EC"})))
    known.register_client(RegisteredClient(client_id="signer", client_secret=SECRET, public_keys=(public(KEY),)))
    return known


def state_and_finding(tenant, token):
    """Return state and finding about the signature."""
    part = jwt_part(token, "JWT", tenant, NOW)
    return str(part.state), part.finding


def test_header_and_claims_are_shown_with_their_dates(registered):
    token = signed(iss="x", exp=NOW + 3600, nbf=NOW - 90, iat="soon", aud=["a", "b"], n={"é": None}, headers={"kid": "k"})
    part = jwt_part(token, "JWT: assertion", registered, NOW)
    rows = {(row.group, row.name): (row.value, row.note) for row in part.rows}
    assert rows["header", "alg"] == ('"ES256"', "")
    assert rows["header", "kid"] == ('"k"', "")
    assert rows["claims", "exp"] == (str(NOW + 3600), "2027-01-15 09:00:00 UTC, in 60 min")
    assert rows["claims", "nbf"] == (str(NOW - 90), "2027-01-15 07:58:30 UTC, 90 s ago")
    assert rows["claims", "iat"] == ('"soon"', "not a number of seconds (RFC 7519 §2)")
    assert rows["claims", "aud"] == ('["a", "b"]', "")
    assert rows["claims", "n"] == ('{"é": null}', "")
    expired = jwt_part(signed(exp=NOW - 1), "JWT", registered, NOW)
    assert expired.rows[-1].note == "2027-01-15 07:59:59 UTC, 1 s ago: expired"


def test_the_holder_of_the_verifying_key_is_named(registered):
    assert state_and_finding(registered, signed(iss="https://i.example")) == (
        "good",
        "The signature verifies with a key of the registered issuer https://i.example.",
    )
    assert state_and_finding(registered, signed(iss="signer", sub="signer"))[1].endswith(
        "a key of the registered client signer."
    )
    assert state_and_finding(registered, signed(SECRET, "HS256", iss="signer"))[1].endswith(
        "a key of the registered client signer."
    )
    for algorithm in ("ES256", "RS256", "EdDSA"):
        registered.configure(signing_algorithm=algorithm)
        assert state_and_finding(registered, registered.mint_jwt_access_token("c")) == (
            "good",
            "The signature verifies with a key of this server.",
        )


def test_a_replaced_key_verifies_as_long_as_it_is_published(registered):
    token = registered.mint_jwt_access_token("c")
    registered.rotate_key()
    assert state_and_finding(registered, token)[0] == "good"
    registered.rotate_key(keep_old=False)
    assert state_and_finding(registered, token) == ("bad", "The signature does not verify with any key of this server.")


def test_a_signature_that_does_not_verify_is_explained(registered):
    assert state_and_finding(registered, registered.mint_jwt_access_token("c", wrong_signature=True)) == (
        "bad",
        "The signature does not verify with any key of this server.",
    )
    stranger = ec.generate_private_key(ec.SECP256R1())
    assert state_and_finding(registered, signed(stranger, iss="https://i.example")) == (
        "bad",
        "The signature does not verify with any key of the registered issuer https://i.example.",
    )
    assert state_and_finding(registered, signed(SECRET, "HS256", iss="https://i.example")) == (
        "bad",
        'No key of the registered issuer https://i.example can be used with the alg "HS256".',
    )
    assert state_and_finding(registered, signed(iss="nobody")) == (
        "unknown",
        'The signature cannot be checked: no issuer or client is registered as "nobody".',
    )
    assert state_and_finding(registered, signed(a=1)) == (
        "unknown",
        "The signature cannot be checked: the JWT has no iss claim.",
    )
    assert state_and_finding(registered, signed(iss="garbage"))[0] == "bad"
    for none in ("none", "NONE", "nOnE"):
        assert state_and_finding(registered, by_hand({"alg": none}, {"iss": "https://i.example"}, "")) == (
            "bad",
            "The JWT is not signed: its alg is none.",
        )


@pytest.mark.parametrize("alg", [None, 1, [], {}, "", "ES256\n", "RS999", "HS256"])
def test_a_senseless_alg_never_verifies(registered, alg):
    assert state_and_finding(registered, by_hand({"alg": alg}, {"iss": "https://i.example"}))[0] == "bad"


@pytest.mark.parametrize(
    "text", ["", "a.b", "a.b.c", "...", "eyJ9.eyJ9.x", by_hand({"typ": "JWT"}, {}), by_hand([], {}), "a" * MOST_JWT + ".."]
)
def test_a_text_that_is_not_a_jwt_gives_none(registered, text):
    assert jwt_in(text) is None
    assert jwt_part(text, "JWT", registered, NOW) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)
)
MEMBERS = st.sampled_from(["alg", "kid", "crit", "b64", "typ", "iss", "sub", "exp", "iat", "jwk", "jku", "x5c"])


@given(
    header=st.dictionaries(MEMBERS | st.text(), JSON, max_size=5),
    claims=st.dictionaries(MEMBERS | st.text(), JSON, max_size=5),
    alg=st.sampled_from(["ES256", "RS256", "HS256", "EdDSA", "none"]) | JSON,
    signature=st.text("AZaz09-_", max_size=100),
)
def test_any_jwt_can_be_shown_and_no_forged_signature_verifies(header, claims, alg, signature):
    tenant = Tenant(name="t", base_url="http://h")
    issuer = claims.get("iss")
    if isinstance(issuer, str):
        tenant.register_issuer(AssertionIssuer(issuer=issuer, public_keys=(public(KEY),)))
    part = jwt_part(by_hand({**header, "alg": alg}, claims, signature), "JWT", tenant, NOW)
    assert str(part.state) in {"bad", "unknown"}
    texts = [text.replace("\t", "") for row in part.rows for text in (row.name, row.value, row.note)]
    assert all(text.isprintable() for text in texts)


def test_a_key_inside_the_jwt_is_not_trusted(registered):
    brought = new_signing_key("ES256")
    token = signed(brought.private_key, headers={"jwk": dict(brought.as_dict(private=False))}, iss="https://i.example")
    assert state_and_finding(registered, token)[0] == "bad"
