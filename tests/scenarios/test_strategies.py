"""Generated values follow the grammar of RFC 6749 Appendix A, and include every kind of odd value."""

import json
import re
import unicodedata

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, Phase, given, settings

from oauth_gauntlet_scenarios import strategies

pytestmark = pytest.mark.slow  # thousands of generated examples

VSCHAR = r"[\x20-\x7e]"
NQCHAR = r"[\x21\x23-\x5b\x5d-\x7e]"
NQSCHAR = r"[\x20-\x21\x23-\x5b\x5d-\x7e]"
UNICODECHARNOCRLF = r"[\x09\x20-\x7e\x80-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
B64TOKEN = r"[A-Za-z0-9\-._~+/]"

# RFC 6749 §5.1 and §5.2, and what OpenID Connect adds.
KNOWN = {"access_token", "token_type", "expires_in", "expires_at", "refresh_token", "scope", "id_token"} | {
    "error",
    "error_description",
    "error_uri",
}
CODES = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
}


def draws(strategy, count=300):
    """Return values that a strategy generates, the same ones each time."""
    found = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value):
        found.append(value)

    draw()
    return found


@pytest.mark.parametrize(
    ("strategy", "characters", "longest", "ends"),
    [
        (strategies.vschar_text(), VSCHAR, 60, " ~0"),
        (strategies.vschar_text(5), VSCHAR, 5, " ~"),
        (strategies.unicode_text(), UNICODECHARNOCRLF, 40, " é"),
        (strategies.access_tokens(), B64TOKEN, 200, "AZaz09-._~+/"),
    ],
    ids=["vschar", "short", "unicode", "b64token"],
)
def test_texts_use_exactly_their_alphabet(strategy, characters, longest, ends):
    texts = draws(strategy)
    assert all(re.fullmatch(f"{characters}{{1,{longest}}}", text) and text.strip() for text in texts)
    assert set(ends) <= set("".join(texts))
    assert len({len(text) for text in texts}) > 4


def test_any_text_is_every_text_that_utf_8_can_encode():
    texts = draws(strategies.any_text(30))
    assert all(text.encode().decode() == text and len(text) <= 30 for text in texts)
    codes = {ord(character) for text in texts for character in text}
    assert "" in texts
    assert min(codes) < 0x20 < 0xFFFF < max(codes)


@pytest.mark.parametrize("strategy", [strategies.vschar_text(), strategies.unicode_text(), strategies.claim_text()])
def test_no_text_changes_when_it_is_trimmed_or_normalised(strategy):
    assert all(unicodedata.normalize("NFKC", text).strip() == text for text in draws(strategy))


def test_claims_are_a_uri_or_have_no_colon():
    found = draws(strategies.claim_text())
    assert {":" in text for text in found} == {True, False}
    assert all(re.fullmatch(r"https://issuer\.example/[A-Za-z0-9._-]*", text) for text in found if ":" in text)


def test_names_and_passwords_contain_characters_above_the_basic_plane():
    assert any(ord(character) > 0xFFFF for text in draws(strategies.unicode_text()) for character in text)


def test_scope_tokens_are_different_and_use_their_alphabet():
    found = draws(strategies.scope_tokens())
    assert {len(tokens) for tokens in found} == {1, 2, 3, 4}
    assert all(len(tokens) == len(set(tokens)) for tokens in found)
    texts = [token for tokens in found for token in tokens]
    assert all(re.fullmatch(f"{NQCHAR}{{1,20}}", text) for text in texts)
    assert set("!#[]~") <= set("".join(texts))


def shapes(documents):
    """Return the names and types of all members."""
    return {(name, type(value)) for document in documents for name, value in document.items()}


def test_valid_responses_follow_rfc_6749():
    found = draws(strategies.valid_token_responses())
    for document in found:
        json.dumps(document, allow_nan=False)
        assert re.fullmatch(f"{B64TOKEN}+", document["access_token"])
        assert 1 <= document["expires_in"] <= 10**7
        assert re.fullmatch(f"{VSCHAR}+", document.get("refresh_token", "r"))
    assert {document["token_type"] for document in found} == {"Bearer", "bearer", "BEARER", "bEaReR"}
    assert {"refresh_token" in document for document in found} == {True, False}
    unknown = {(name, kind) for name, kind in shapes(found) if name not in KNOWN}
    assert {kind for _, kind in unknown} == {type(None), bool, int, float, str, list, dict}
    assert {name for name, _ in shapes(found)} & KNOWN == {"access_token", "token_type", "expires_in", "refresh_token"}


def test_nearly_valid_responses_have_a_valid_token_and_other_members_of_any_type():
    found = draws(strategies.near_valid_token_responses())
    assert all(re.fullmatch(f"{B64TOKEN}+", document["access_token"]) for document in found)
    assert {document["token_type"] for document in found} == {"Bearer", "bearer"}
    others = {(name, kind) for name, kind in shapes(found) if name not in {"access_token", "token_type"}}
    assert {kind for _, kind in others} == {type(None), bool, int, float, str, list, dict}
    assert {name for name, _ in others} == {"expires_in", "refresh_token", "scope", "id_token", "error_description"}
    assert all("expires_in" in document for document in found)
    assert 3600 in [document["expires_in"] for document in found]


def test_invalid_responses_lack_a_token_in_every_way():
    documents, kinds = [], set()
    for body in draws(strategies.invalid_token_responses(), 600):
        try:
            document = json.loads(body)
        except ValueError:
            assert b"access_token" not in body
            document = body
        kinds.add(type(document))
        if isinstance(document, dict):
            documents.append(document)
    assert kinds == {type(None), bool, int, str, list, dict, bytes}
    assert not any(isinstance(document.get("access_token"), str) and document["access_token"] for document in documents)
    assert {str(document.get("access_token", "missing")) for document in documents} == {
        *("None", "", "missing", "True", "False", "{}", "[]", "['x']", "[['x']]", "{'value': 'x'}")
    }
    assert {("access_tokens", str), ("token", dict)} <= shapes(documents)
    assert {(document["token_type"], document["expires_in"]) for document in documents} == {("Bearer", 3600)}


def test_errors_follow_rfc_6749():
    found = draws(strategies.error_responses())
    assert {document["error"] for document in found} == CODES
    assert all(re.fullmatch(f"{NQSCHAR}{{1,60}}", document.get("error_description", "d")) for document in found)
    assert {document.get("error_uri") for document in found} == {None, "https://server.example/errors/1"}
    assert {"error_description" in document for document in found} == {True, False}
    assert {name for name, _ in shapes(found)} & KNOWN == {"error", "error_description", "error_uri"}
    assert {name for name, _ in shapes(found)} - KNOWN


def test_odd_errors_are_nearly_errors():
    found = draws(strategies.odd_error_responses(), 600)
    json.dumps(found, allow_nan=False)
    assert {type(document) for document in found} == {type(None), int, str, list, dict}
    documents = [document for document in found if isinstance(document, dict)]
    for name in ("error", "error_description", "error_uri"):
        assert {(name, kind) for kind in (type(None), bool, int, str, list)} <= shapes(documents)
    assert ("error", dict) in shapes(documents)
    assert any({"access_token", "error"} <= set(document) for document in documents)
    assert {document.get("token_type") for document in documents} == {None, "Bearer"}
    assert all(re.fullmatch(f"{B64TOKEN}+", document.get("access_token", "t")) for document in documents)


def test_keys_load_with_their_password_and_fit_their_algorithm():
    found = {(key.kind, key.algorithm, key.form, key.password): key for key in draws(strategies.private_keys(), 200)}
    kinds = {"rsa": {"pkcs8", "traditional"}, "ec": {"pkcs8", "traditional"}, "ed25519": {"pkcs8"}}
    assert {(kind, form) for kind, _, form, _ in found} == {(kind, form) for kind, forms in kinds.items() for form in forms}
    assert {(kind, algorithm) for kind, algorithm, _, _ in found} == {
        *(("rsa", f"{family}{size}") for family in ("RS", "PS") for size in (256, 384, 512)),
        ("ec", "ES256"),
        ("ed25519", "EdDSA"),
    }
    passwords = {password for _, _, _, password in found}
    assert passwords == {None, "short", "a longer password with blanks & signs", "schlüssel€"}
    for (kind, _, form, password), key in {
        (kind, "", form, password): key for (kind, _, form, password), key in found.items()
    }.items():
        loaded = serialization.load_pem_private_key(key.pem.encode(), password and password.encode())
        assert kind in type(loaded).__name__.lower().replace("elliptic", "ec"), form


def test_members_of_a_payload_have_unknown_names():
    found = draws(strategies.payload_members())
    assert {len(members) for members in found} == {1, 2, 3}
    for name, value in (member for members in found for member in members.items()):
        assert re.fullmatch("x_[A-Za-z0-9._-]{1,12}", name)
        assert re.fullmatch(f"{UNICODECHARNOCRLF}{{1,20}}", value)
        assert value.strip()
