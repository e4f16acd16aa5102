"""JSON Schemas of tenants, clients, users and issuers; the members have the names of the Python API."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from oauth_gauntlet_server.http.endpoints import BY_URL_NAME, ENDPOINTS
from oauth_gauntlet_server.http.json_schema import Schema
from oauth_gauntlet_server.http.json_values import as_json
from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS
from oauth_gauntlet_server.jose.token_signing import ACCESS_TOKEN_TYPES
from oauth_gauntlet_server.oauth.client_auth import METHODS
from oauth_gauntlet_server.tenancy.model import (
    ACCESS_TOKEN_FORMATS,
    GRANT_TYPES,
    SCOPE_PATTERN,
    RegisteredClient,
    RotationPolicy,
    User,
)
from oauth_gauntlet_server.tenancy.tenant_settings import (
    ANY_ORIGIN,
    NEVER_ADDED,
    NO_ORIGIN,
    REQUEST_STYLES,
    SCOPE_SEPARATORS,
    TenantSettings,
)
from oauth_gauntlet_server.tenancy.tenants import NAME_PATTERN, NAME_WORDS
from oauth_gauntlet_server.vendors import profile_names

MOST_SECONDS = 10_000_000_000
"""The greatest lifetime, about 300 years."""

MOST_EXCHANGES = 1_000_000
"""The greatest capacity of a journal. The memory of the server is a limit, too."""

SCOPE: Schema = {
    "type": "string",
    "pattern": f"^({SCOPE_PATTERN})?$",
    "description": "scope tokens, separated by a space (RFC 6749 3.3)",
}
NAME: Schema = {
    "type": "string",
    "pattern": f"^{NAME_PATTERN}$",
    "description": NAME_WORDS,
}
IDENTIFIER: Schema = {"type": "string", "minLength": 1, "maxLength": 4096}
SECONDS: Schema = {"type": "integer", "minimum": 0, "maximum": MOST_SECONDS}
_MOST: Schema = {
    "type": ["integer", "null"],
    "minimum": 1,
    "description": "live ones of a client and user; one more ends the oldest; null: no limit",
}
CLAIMS: Schema = {"type": "object", "description": "claims by name", "additionalProperties": True}
ORIGIN: Schema = {
    "type": "string",
    "pattern": r"^(null|[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]+)$",
    "description": "an origin such as https://app.example, without a path",
}
CLAIMS_FROM_PARAMETERS: Schema = {
    "type": "object",
    "description": "maps a token request parameter to the claim that gets its value, or a list of its values",
    "additionalProperties": {"type": "string", "minLength": 1},
}


def _names(values: Any) -> Schema:
    return {"type": "array", "items": {"enum": sorted(values)}}


def nullable(schema: Schema) -> Schema:
    """Return the schema of the same value, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def _with_defaults(members: Mapping[str, Schema], of: type[Any]) -> dict[str, Schema]:
    """Return the schemas of members, each with the default of the field in the dataclass `of`."""
    defaults: dict[str, Any] = {}
    for field in dataclasses.fields(of):
        if field.default is not dataclasses.MISSING:
            defaults[field.name] = field.default
        elif field.default_factory is not dataclasses.MISSING:
            defaults[field.name] = field.default_factory()
    return {
        name: {**schema, "default": as_json(defaults[name])} if name in defaults else schema for name, schema in members.items()
    }


_PATH: Schema = {"type": "string", "pattern": r"^/?[^/?#\s]+(/[^/?#\s]+)*$"}
_PATHS: Schema = {"oneOf": [_PATH, {"type": "array", "items": _PATH, "minItems": 1}]}

SETTINGS: dict[str, Schema] = _with_defaults(
    {
        "strict": {
            "type": "boolean",
            "description": "accept only what is registered, and check everything; false: grant every well-formed request, "
            "and check beyond that only what a setting asks for",
        },
        "access_token_lifetime_s": {**nullable(SECONDS), "description": "null: the token response has no expires_in"},
        "refresh_token_lifetime_s": nullable(SECONDS),
        "rotation": {
            "enum": [str(policy) for policy in RotationPolicy],
            "description": "what happens to a refresh token after its use",
        },
        "rotation_grace_s": {
            **SECONDS,
            "description": "a spent refresh token is granted again for so long; with reuse detection until a successor is used",
        },
        "rotate_every": {"type": "integer", "minimum": 1, "description": "a refresh token is replaced with its nth use"},
        "refresh_token_idle_lifetime_s": {
            **nullable(SECONDS),
            "description": "a refresh token ends when it was not used for so long; null: never",
        },
        "refresh_window_s": {
            **nullable(SECONDS),
            "description": "a refresh is refused while the session's access token lives longer than this; null: never refused",
        },
        "refresh_ends_access_token": {
            "type": "boolean",
            "description": "a refresh ends the access tokens that its session had before",
        },
        "same_access_token": {
            "type": "boolean",
            "description": "a client that asks again gets the access token that it has, until its end",
        },
        "most_access_tokens": {
            **_MOST,
            "description": "live ones of a client and user; one more ends the oldest; null: no limit",
        },
        "most_refresh_tokens": {
            **_MOST,
            "description": "live ones of a client and user; one more ends the oldest; null: no limit",
        },
        "access_token_format": {"enum": list(ACCESS_TOKEN_FORMATS)},
        "access_token_typ": {
            "enum": list(ACCESS_TOKEN_TYPES),
            "description": "typ in the header of a JWT access token; at+jwt: RFC 9068",
        },
        "signing_algorithm": {"enum": list(SIGNING_ALGORITHMS)},
        "refresh_token_grants": {**_names(GRANT_TYPES), "description": "the grants that issue a refresh token"},
        "default_scope": SCOPE,
        "most_assertion_lifetime_s": {
            **nullable(SECONDS),
            "description": "how far exp may be in the future, and iat in the past; null: no limit",
        },
        "assertions_once": {
            "type": ["boolean", "null"],
            "description": "an assertion that has a jti is accepted once (RFC 7523 3); null: if the tenant is strict",
        },
        "clock_skew_s": {
            **nullable(SECONDS),
            "description": "how much clocks may differ where exp, nbf and iat are checked (in a lenient tenant if this or "
            "most_assertion_lifetime_s is set); null: 60",
        },
        "token_in_query": {"type": "boolean", "description": "the resource accepts tokens in the query (RFC 6750 2.3)"},
        "claims": CLAIMS,
        "claims_by_scope": {
            "type": "object",
            "description": "claims by name, for each scope token that is granted",
            "additionalProperties": CLAIMS,
        },
        "claims_from_parameters": CLAIMS_FROM_PARAMETERS,
        "audience_from_parameters": {
            "type": ["boolean", "null"],
            "description": "the parameters audience and resource become the claim aud; null: in a lenient tenant",
        },
        "token_response_members": {
            "type": "object",
            "description": "further members of the token document",
            "propertyNames": {"type": "string", "not": {"enum": list(NEVER_ADDED)}},
            "additionalProperties": True,
        },
        "request_styles": {
            "type": "array",
            "items": {"enum": list(REQUEST_STYLES)},
            "minItems": 1,
            "description": "where the parameters of a token request may be",
        },
        "grant_type_aliases": {
            "type": "object",
            "additionalProperties": {"enum": sorted(GRANT_TYPES)},
            "description": "the grant that a further value of grant_type means",
        },
        "paths": {
            "type": "object",
            "properties": dict.fromkeys(sorted(each.name for each in ENDPOINTS if each.path is not None), _PATHS),
            "additionalProperties": False,
            "description": "where an endpoint is too, relative to the tenant; a segment * is any segment",
        },
        "scope_separator": {"enum": list(SCOPE_SEPARATORS), "description": "what separates scope tokens"},
        "token_answer": {
            "type": "object",
            "additionalProperties": True,
            "description": "a template of the token document: $access_token and so on; {}: that of RFC 6749",
        },
        "error_answers": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {
                    "status": {"type": "integer", "minimum": 200, "maximum": 599},
                    "members": {"type": "object", "additionalProperties": True},
                },
                "additionalProperties": False,
            },
            "description": "status and a template of the document for an error code of RFC 6749; *: for all others",
        },
        "like": {
            "enum": [None, *profile_names()],
            "description": "the vendor whose profile the settings come from; own settings take precedence",
        },
        "journal_capacity": {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_EXCHANGES,
            "description": "how many exchanges the journal keeps; older ones are dropped, and counted",
        },
        "cors": {
            "oneOf": [
                {"type": "string", "enum": [ANY_ORIGIN, NO_ORIGIN]},
                {"type": "array", "items": ORIGIN, "minItems": 1},
            ],
            "description": "the origins whose pages may call the tenant from a browser; *: any; off: none",
        },
    },
    TenantSettings,
)

PRIVATE_KEY: Schema = {
    "oneOf": [{"type": "string", "description": "PEM"}, {"type": "object", "description": "a JWK"}],
    "description": "a private RSA, P-256 or Ed25519 key, as PEM without a passphrase or as JWK",
}

_PUBLIC_KEYS: Schema = {
    "type": "array",
    "items": {"oneOf": [{"type": "string", "description": "PEM"}, {"type": "object", "description": "a JWK"}]},
    "description": "public keys, as PEM or JWK",
}

CLIENT: Schema = {
    "title": "Client",
    "type": "object",
    "properties": _with_defaults(
        {
            "client_id": IDENTIFIER,
            "client_secret": {"type": ["string", "null"]},
            "token_endpoint_auth_methods": _names(METHODS),
            "grant_types": _names(GRANT_TYPES),
            "scope": {**SCOPE, "description": "the scope tokens that it can request; empty: any"},
            "public_keys": _PUBLIC_KEYS,
            "access_token_format": {"enum": [*ACCESS_TOKEN_FORMATS, None], "description": "null: that of the tenant"},
            "claims": CLAIMS,
            "claims_from_parameters": CLAIMS_FROM_PARAMETERS,
        },
        RegisteredClient,
    ),
    "required": ["client_id"],
    "additionalProperties": False,
}

USER: Schema = {
    "title": "User",
    "type": "object",
    "properties": _with_defaults(
        {
            "username": IDENTIFIER,
            "password": {"type": "string"},
            "sub": {
                "type": ["string", "null"],
                "minLength": 1,
                "description": "the subject in tokens; by default the username",
            },
            "claims": CLAIMS,
        },
        User,
    ),
    "required": ["username", "password"],
    "additionalProperties": False,
}

_NAMES_OR_ANY: Schema = {"type": ["array", "null"], "items": {"type": "string"}}

ISSUER: Schema = {
    "title": "AssertionIssuer",
    "type": "object",
    "properties": {
        "issuer": IDENTIFIER,
        "public_keys": {**_PUBLIC_KEYS, "minItems": 1},
        "subjects": {**_NAMES_OR_ANY, "description": "the subjects for which it can issue assertions; null: any"},
        "audiences": {
            **_NAMES_OR_ANY,
            "description": "accepted in addition to the issuer identifier and the token endpoint URL",
        },
    },
    "required": ["issuer", "public_keys"],
    "additionalProperties": False,
}

NEW_TENANT: Schema = {
    "title": "NewTenant",
    "type": "object",
    "properties": {"name": NAME, **SETTINGS},
    "additionalProperties": False,
}

REPLACEMENT: Schema = {
    "title": "Replacement",
    "type": "object",
    "properties": SETTINGS,
    "additionalProperties": False,
}

CHANGED_SETTINGS: Schema = {
    "title": "ChangedSettings",
    "type": "object",
    # A member that is left out keeps its value, so no member has a default here.
    "properties": {name: {key: part for key, part in schema.items() if key != "default"} for name, schema in SETTINGS.items()},
    "additionalProperties": False,
}

_URLS = ("issuer", *BY_URL_NAME)

TENANT: Schema = {
    "title": "Tenant",
    "type": "object",
    "properties": {
        "name": NAME,
        **{url: {"type": "string"} for url in _URLS},
        "settings": {
            "title": "Settings",
            "type": "object",
            "properties": SETTINGS,
            "required": list(SETTINGS),
            "additionalProperties": False,
        },
    },
    "required": ["name", *_URLS, "settings"],
    "additionalProperties": False,
}
