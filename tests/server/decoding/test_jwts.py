"""JWTs in words: made by PyJWT and by hand, right and wrong."""

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
def knowing(known):
    known.register_issuer(AssertionIssuer(issuer="https://i.example", public_keys=(public(OTHER), public(KEY))))
    known.register_issuer(AssertionIssuer(issuer="garbage", public_keys=("no key", {"kty": "EC"})))
    known.register_client(RegisteredClient(client_id="signer", client_secret=SECRET, public_keys=(public(KEY),)))
    return known


def said(tenant, token):
    part = jwt_part(token, "JWT", tenant, NOW)
    return str(part.state), part.finding


def test_header_and_claims_with_their_dates(knowing):
    token = signed(iss="x", exp=NOW + 3600, nbf=NOW - 90, iat="soon", aud=["a", "b"], n={"é": None}, headers={"kid": "k"})
    part = jwt_part(token, "JWT: assertion", knowing, NOW)
    rows = {(row.group, row.name): (row.value, row.note) for row in part.rows}
    assert rows["header", "alg"] == ('"ES256"', "")
    assert rows["header", "kid"] == ('"k"', "")
    assert rows["claims", "exp"] == (str(NOW + 3600), "2027-01-15 09:00:00 UTC, in 60 min")
    assert rows["claims", "nbf"] == (str(NOW - 90), "2027-01-15 07:58:30 UTC, 90 s before")
    assert rows["claims", "iat"] == ('"soon"', "no number of seconds (RFC 7519 §2)")
    assert rows["claims", "aud"] == ('["a", "b"]', "")
    assert rows["claims", "n"] == ('{"é": null}', "")
    expired = jwt_part(signed(exp=NOW - 1), "JWT", knowing, NOW)
    assert expired.rows[-1].note == "2027-01-15 07:59:59 UTC, 1 s before: expired"


def test_a_signature_verifies_by_whose_key_it_is(knowing):
    assert said(knowing, signed(iss="https://i.example")) == (
        "good",
        "The signature verifies by a key of the registered issuer https://i.example.",
    )
    assert said(knowing, signed(iss="signer", sub="signer"))[1].endswith("a key of the registered client signer.")
    assert said(knowing, signed(SECRET, "HS256", iss="signer"))[1].endswith("a key of the registered client signer.")
    for algorithm in ("ES256", "RS256", "EdDSA"):
        knowing.configure(signing_algorithm=algorithm)
        assert said(knowing, knowing.mint_jwt_access_token("c")) == ("good", "The signature verifies by a key of this server.")


def test_one_by_a_key_that_was_replaced_verifies_as_long_as_that_is_published(knowing):
    token = knowing.mint_jwt_access_token("c")
    knowing.rotate_key()
    assert said(knowing, token)[0] == "good"
    knowing.rotate_key(keep_old=False)
    assert said(knowing, token) == ("bad", "The signature does not verify by any key of this server.")


def test_why_one_does_not(knowing):
    assert said(knowing, knowing.mint_jwt_access_token("c", wrong_signature=True)) == (
        "bad",
        "The signature does not verify by any key of this server.",
    )
    stranger = ec.generate_private_key(ec.SECP256R1())
    assert said(knowing, signed(stranger, iss="https://i.example")) == (
        "bad",
        "The signature does not verify by any key of the registered issuer https://i.example.",
    )
    assert said(knowing, signed(SECRET, "HS256", iss="https://i.example")) == (
        "bad",
        'No key of the registered issuer https://i.example fits the alg "HS256".',
    )
    assert said(knowing, signed(iss="nobody")) == (
        "unknown",
        'The signature cannot be checked: nobody is registered here as "nobody".',
    )
    assert said(knowing, signed(a=1)) == ("unknown", "The signature cannot be checked: the JWT has no iss.")
    assert said(knowing, signed(iss="garbage"))[0] == "bad"
    for none in ("none", "NONE", "nOnE"):
        assert said(knowing, by_hand({"alg": none}, {"iss": "https://i.example"}, "")) == (
            "bad",
            "The JWT is not signed: its alg is none.",
        )


@pytest.mark.parametrize("alg", [None, 1, [], {}, "", "ES256\n", "RS999", "HS256"])
def test_an_alg_of_nonsense_verifies_by_nothing(knowing, alg):
    assert said(knowing, by_hand({"alg": alg}, {"iss": "https://i.example"}))[0] == "bad"


@pytest.mark.parametrize(
    "text", ["", "a.b", "a.b.c", "...", "eyJ9.eyJ9.x", by_hand({"typ": "JWT"}, {}), by_hand([], {}), "a" * MOST_JWT + ".."]
)
def test_what_is_no_jwt_is_none(knowing, text):
    assert jwt_in(text) is None
    assert jwt_part(text, "JWT", knowing, NOW) is None


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
def test_whatever_a_jwt_holds_it_can_be_shown_and_nothing_verifies(header, claims, alg, signature):
    tenant = Tenant(name="t", base_url="http://h")
    issuer = claims.get("iss")
    if isinstance(issuer, str):
        tenant.register_issuer(AssertionIssuer(issuer=issuer, public_keys=(public(KEY),)))
    part = jwt_part(by_hand({**header, "alg": alg}, claims, signature), "JWT", tenant, NOW)
    assert str(part.state) in {"bad", "unknown"}
    texts = [text.replace("\t", "") for row in part.rows for text in (row.name, row.value, row.note)]
    assert all(text.isprintable() for text in texts)


def test_the_key_that_a_jwt_brings_along_proves_nothing(knowing):
    brought = new_signing_key("ES256", kid="k")
    token = signed(brought.private_key, headers={"jwk": dict(brought.as_dict(private=False))}, iss="https://i.example")
    assert said(knowing, token)[0] == "bad"
