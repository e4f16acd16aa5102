"""Hypothesis strategies for configuration values and for responses of a server.

The alphabets follow the grammar of RFC 6749 Appendix A, so that a correct client has no reason to refuse a
value.
"""

from __future__ import annotations

import json
import string
import unicodedata
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from oauth_gauntlet.key_material import private_pem

# RFC 6749 Appendix A: VSCHAR = %x20-7E; ids, secrets and refresh tokens may contain any of it.
_VSCHAR = "".join(chr(code) for code in range(0x20, 0x7F))

# RFC 6749 Appendix A.4: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
_NQCHAR = "".join(chr(code) for code in (0x21, *range(0x23, 0x5C), *range(0x5D, 0x7F)))

# Every character that UTF-8 can encode. With `codec="utf-8"` Hypothesis tries a million characters, in each process.
_ANY_CHARACTER = st.characters(exclude_categories=["Cs"])

# RFC 6749 Appendix A.15, A.16: UNICODECHARNOCRLF = %x09 /%x20-7E / %x80-D7FF / %xE000-FFFD / %x10000-10FFFF.
_NO_UNICODECHARNOCRLF = "".join(chr(code) for code in (*(c for c in range(0x20) if c != 9), 0x7F, 0xFFFE, 0xFFFF))
_UNICODECHARNOCRLF = st.characters(exclude_categories=["Cs"], exclude_characters=_NO_UNICODECHARNOCRLF)

# RFC 6749 §8.2: param-name = 1*name-char, name-char = "-" / "." / "_" / DIGIT / ALPHA.
_NAME_CHAR = string.ascii_letters + string.digits + "-._"

# RFC 6749 Appendix A.12: access-token = 1*VSCHAR. RFC 6750 §2.1 narrows it to b64token in a header field.
_B64TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"


def _text(alphabet: str | st.SearchStrategy[str], max_size: int) -> st.SearchStrategy[str]:
    # Trimming and normalising have a requirement of their own (encoding.no-normalisation), so they change no generated value.
    def kept(text: str) -> str:
        return unicodedata.normalize("NFKC", text.strip()).strip()[:max_size].strip()

    return st.text(alphabet=alphabet, min_size=1, max_size=max_size).map(kept).filter(bool)


def any_text(max_size: int) -> st.SearchStrategy[str]:
    """Return a strategy for any text that UTF-8 can encode."""
    return st.text(_ANY_CHARACTER, max_size=max_size)


def vschar_text(max_size: int = 60) -> st.SearchStrategy[str]:
    """Return a strategy for client ids, secrets and refresh tokens: one or more VSCHAR, no blank at the ends."""
    return _text(_VSCHAR, max_size)


def unicode_text(max_size: int = 40) -> st.SearchStrategy[str]:
    """Return a strategy for usernames and passwords: Unicode in NFKC without control characters, no blank at the ends."""
    return _text(_UNICODECHARNOCRLF, max_size)


def claim_text() -> st.SearchStrategy[str]:
    """Return a strategy for values of iss, sub and aud: a URI, or a text without a colon (RFC 7519 2, StringOrURI)."""
    uri = st.text(alphabet=_NAME_CHAR, max_size=20).map(lambda path: f"https://issuer.example/{path}")
    return uri | unicode_text().map(lambda text: text.replace(":", ";"))


def scope_tokens() -> st.SearchStrategy[list[str]]:
    """Return a strategy for one to four different scope tokens."""
    return st.lists(st.text(alphabet=_NQCHAR, min_size=1, max_size=20), min_size=1, max_size=4, unique=True)


def access_tokens() -> st.SearchStrategy[str]:
    """Return a strategy for access tokens that an Authorization header may contain."""
    return st.text(alphabet=_B64TOKEN, min_size=1, max_size=200)


# Names of members with a meaning in RFC 6749 §5.1 and §5.2 or OpenID Connect are not "unrecognized".
_KNOWN_MEMBERS = {
    "access_token",
    "token_type",
    "expires_in",
    "expires_at",
    "refresh_token",
    "scope",
    "id_token",
    "error",
    "error_description",
    "error_uri",
}


def _json_values(characters: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none()
        | st.booleans()
        | st.integers(min_value=-(2**53), max_value=2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(characters, max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(characters, max_size=8), inner, max_size=3),
        max_leaves=8,
    )


json_values = _json_values(_ANY_CHARACTER)

# RFC 8259 §9: an implementation may set limits on the character contents of strings. Parsers in C refuse U+0000.
_PLAIN_JSON_VALUES = _json_values(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))

_UNKNOWN_NAME = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_-.:/", min_size=1, max_size=16).filter(
    lambda name: name not in _KNOWN_MEMBERS and not name.startswith("_")
)


def valid_token_responses() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for success documents of RFC 6749 §5.1, with unrecognized members of any JSON type.

    They have a lifetime, which some clients need, of an hour or more, since a client may count a token as expired early. They
    have no scope, because none was requested.
    """
    return st.fixed_dictionaries(
        {
            "access_token": access_tokens(),
            "token_type": st.sampled_from(["Bearer", "bearer", "BEARER", "bEaReR"]),
            "expires_in": st.integers(min_value=3600, max_value=10**7),
        },
        optional={"refresh_token": vschar_text()},
    ).flatmap(
        lambda known: st.dictionaries(_UNKNOWN_NAME, _PLAIN_JSON_VALUES, max_size=4).map(lambda unknown: {**unknown, **known})
    )


def near_valid_token_responses() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for documents with a valid access token and other members of any type."""
    return st.fixed_dictionaries(
        {
            "access_token": access_tokens(),
            "token_type": st.sampled_from(["Bearer", "bearer"]),
            "expires_in": st.just(3600) | json_values,
        },
        optional={
            "refresh_token": json_values,
            "scope": json_values,
            "id_token": json_values,
            "error_description": json_values,
        },
    )


def invalid_token_responses() -> st.SearchStrategy[bytes]:
    """Return a strategy for bodies of a 200 response without a usable access token; nothing else is wrong with objects."""
    odd: list[dict[str, Any]] = [
        {},
        *({"access_token": value} for value in (None, "", True, False, {}, {"value": "x"}, [], ["x"], [["x"]])),
        {"access_tokens": "plural"},
        {"token": {"access_token": "nested", "token_type": "Bearer", "expires_in": 3600}},
    ]
    no_token = st.tuples(st.dictionaries(_UNKNOWN_NAME, json_values, max_size=4), st.sampled_from(odd)).map(
        lambda parts: {**parts[0], "token_type": "Bearer", "expires_in": 3600, **parts[1]}
    )
    not_objects = st.none() | st.booleans() | st.integers() | any_text(30) | st.lists(st.integers(), max_size=3)
    documents = (no_token | not_objects).map(lambda value: json.dumps(value).encode())
    # Octets that are not JSON; without the word access_token, so that no form-encoded success is generated.
    noise = st.binary(max_size=60).filter(lambda data: b"access_token" not in data)
    return documents | noise


# RFC 6749 §5.2: error = 1*( %x20-21 / %x23-5B / %x5D-7E ), error_description the same, error_uri a URI
# reference.
_NQSCHAR = " " + _NQCHAR

error_codes = st.sampled_from(
    [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    ]
)


def error_responses() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for error documents of RFC 6749 §5.2."""
    return st.fixed_dictionaries(
        {"error": error_codes},
        optional={
            "error_description": st.text(alphabet=_NQSCHAR, min_size=1, max_size=60),
            "error_uri": st.just("https://server.example/errors/1"),
        },
    ).flatmap(lambda known: st.dictionaries(_UNKNOWN_NAME, json_values, max_size=3).map(lambda unknown: {**unknown, **known}))


def odd_error_responses() -> st.SearchStrategy[Any]:
    """Return a strategy for nearly valid error responses: members missing, empty or of a wrong type."""
    odd = st.none() | st.booleans() | st.integers(-9, 9) | st.just("") | st.lists(error_codes, max_size=2)
    members = st.fixed_dictionaries(
        {},
        optional={
            "error": odd | st.dictionaries(st.sampled_from(["code", "message"]), any_text(8), max_size=2),
            "error_description": odd | json_values,
            "error_uri": odd | st.just("no uri at all"),
            "access_token": access_tokens(),
            "token_type": st.just("Bearer"),
        },
    )
    return members | st.lists(members, max_size=2) | st.none() | any_text(10) | st.integers()


@dataclass(frozen=True, kw_only=True, slots=True)
class GeneratedKey:
    """A private key in one encoding, with an algorithm that fits the key."""

    kind: str
    algorithm: str
    form: str
    password: str | None

    @property
    def pem(self) -> str:
        """The key as PEM text."""
        return private_pem(self.kind, form=self.form, password=self.password)


_ALGORITHMS = {"rsa": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "ec": ("ES256",), "ed25519": ("EdDSA",)}


@st.composite
def private_keys(draw: st.DrawFn) -> GeneratedKey:
    """Draw a kind of key, a fitting algorithm and an encoding; Ed25519 has no traditional one (RFC 8410)."""
    kind = draw(st.sampled_from(sorted(_ALGORITHMS)))
    return GeneratedKey(
        kind=kind,
        algorithm=draw(st.sampled_from(_ALGORITHMS[kind])),
        form="pkcs8" if kind == "ed25519" else draw(st.sampled_from(["pkcs8", "traditional"])),
        password=draw(st.sampled_from([None, "short", "a longer password with blanks & signs", "schlüssel€"])),
    )


def payload_members() -> st.SearchStrategy[dict[str, str]]:
    """Return a strategy for members of an additional payload whose names are no protocol parameters."""
    names = st.text(alphabet=_NAME_CHAR, min_size=1, max_size=12).map(lambda name: f"x_{name}")
    return st.dictionaries(names, unicode_text(20), min_size=1, max_size=3)
