"""Generate configurations that cover every pair of options of a grant, in as few configurations as possible.

Bugs of clients appear where two options meet (a query in the URL with a payload, a scope with an assertion).
All combinations are hundreds. About a dozen are enough to contain each pair of choices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from allpairspy import AllPairs

from oauth_gauntlet.key_material import KEY_PASSWORD, private_pem
from oauth_gauntlet.protocol import JSON, GrantType, Hello

_RESERVED = "a&b=c+d%e;f/g?h#i"

# Parameters of each grant that accept any text, with a text: secrets and tokens are ASCII, names and passwords are
# not. An issuer with a colon would have to be a URI (RFC 7519 2), and a URI is ASCII.
_TEXTS = {
    GrantType.CLIENT_CREDENTIALS: {"client_secret": _RESERVED},
    GrantType.REFRESH_TOKEN: {"client_secret": _RESERVED, "refresh_token": f"r {_RESERVED}"},
    GrantType.PASSWORD: {"username": "jürgen@例え.jp", "password": f"{_RESERVED} €😀"},
    GrantType.JWT_BEARER: {"jwt_issuer": f"{_RESERVED} grüße", "jwt_subject": _RESERVED},
}

_KEYS = {
    "pkcs8": {"private_key": ("rsa", "pkcs8", None)},
    "traditional": {"private_key": ("rsa", "traditional", None)},
    "encrypted": {"private_key": ("rsa", "pkcs8", KEY_PASSWORD)},
    "ec": {"private_key": ("ec", "pkcs8", None)},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Combination:
    """One choice for each option; `changes` are to the grant's default configuration."""

    choices: Mapping[str, str]
    changes: Mapping[str, JSON]
    query: str
    key_kind: str = "rsa"

    def __str__(self) -> str:
        return ", ".join(f"{option} {choice}" for option, choice in self.choices.items())


def combinations(grant: GrantType, hello: Hello) -> Iterator[Combination]:
    """Yield combinations in which each pair of choices occurs, of the options that the client declares."""
    options = _options(grant, hello)
    for row in AllPairs([list(choices) for choices in options.values()]):
        chosen = dict(zip(options, row, strict=True))
        yield _combination(grant, chosen, options)


def _options(grant: GrantType, hello: Hello) -> dict[str, dict[str, JSON]]:
    options: dict[str, dict[str, JSON]] = {
        "text": {"plain": {}, "reserved": _TEXTS[grant]},
        "query": {"none": "", "one": "?api-version=2024-05", "encoded": "?a=%2Fb&c=d%20e"},
    }
    if grant is not GrantType.JWT_BEARER:
        known = {"client_secret_basic", "client_secret_post"}
        methods = [method for method in hello.token_endpoint_auth_methods if method in known]
        options["auth"] = {method: {"token_endpoint_auth_method": method} for method in sorted(methods)} or {"default": {}}
    if "scope" in hello.parameters:
        options["scope"] = {"none": {}, "one": {"scope": "read"}, "three": {"scope": "read urn:a:b https://c.example/d"}}
    if "additional_payload" in hello.parameters:
        options["payload"] = {
            "none": {},
            "plain": {"additional_payload": {"resource_owner": "north"}},
            "reserved": {"additional_payload": {"x-gauntlet.key": _RESERVED, "x_gauntlet_2": "€ ключ"}},
        }
    if grant is GrantType.JWT_BEARER:
        options |= _options_of_assertions(hello)
    return options


def _options_of_assertions(hello: Hello) -> dict[str, dict[str, JSON]]:
    keys: dict[str, JSON] = {name: _KEYS[name] for name in ("pkcs8", "traditional")}
    options: dict[str, dict[str, JSON]] = {"key": keys}
    if "private_key_password" in hello.parameters:
        keys["encrypted"] = _KEYS["encrypted"]
    if "jwt_header" in hello.parameters:
        keys["ec"] = _KEYS["ec"]
        options["header"] = {"bare": {}, "typ": {"typ": "JWT"}, "kid": {"typ": "JWT", "kid": "gauntlet-key-1"}}
    return options


def _combination(grant: GrantType, chosen: dict[str, str], options: dict[str, dict[str, JSON]]) -> Combination:
    changes: dict[str, JSON] = {}
    for option in {"text", "auth", "scope", "payload"} & set(options):
        changes |= options[option][chosen[option]]
    kind = "rsa"
    if grant is GrantType.JWT_BEARER:
        kind, form, password = options["key"][chosen["key"]]["private_key"]
        changes["private_key"] = private_pem(kind, form=form, password=password)
        if password:
            changes["private_key_password"] = password
        if "header" in options:
            changes["jwt_header"] = {"alg": "ES256" if kind == "ec" else "RS256", **options["header"][chosen["header"]]}
    return Combination(choices=chosen, changes=changes, query=options["query"][chosen["query"]], key_kind=kind)
