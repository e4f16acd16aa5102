"""The JSON Schema of the adapter protocol: every request, every answer, and the values in them. Pure.

``$defs`` names each request ``OPERATION_request``, each object under ``ok`` ``OPERATION_ok``, and each whole answer
``OPERATION_answer``: an answer does not name its operation, so a validator has to know it from the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from oauth_gauntlet.protocol import CONFIGURATION_KEYS, PROTOCOL_VERSION, Capability, ErrorKind, GrantType, JSONObject
from oauth_gauntlet.schemas.parts import (
    DIALECT,
    INTEGER_OR_NULL,
    NUMBER_OR_NULL,
    OBJECT,
    OBJECT_OR_NULL,
    PAIR,
    STRING,
    STRING_OR_NULL,
    constant,
    described,
    one_of_names,
    record,
    reference,
)

_NO_MEMBERS: JSONObject = {"type": "object"}

_CONFIGURATION_TYPES: Mapping[str, JSONObject] = {
    "resource": described(
        {"type": ["string", "array"], "items": STRING}, "The resource indicator of each token request, or several (RFC 8707)."
    ),
    "jwt_header": described(OBJECT, "The JOSE header of the assertion."),
    "additional_payload": described(OBJECT, "More members of the request body."),
    "allow_http": described({"type": "boolean"}, "Plain http is intended, to token_url and to resources."),
    "issuer": described(STRING, "In place of token_url: the client finds the token endpoint in the metadata (RFC 8414)."),
    "timeout": described({"type": "number"}, "The time limit of one exchange, in seconds."),
    "private_key": described(STRING, "PEM."),
}
"""Keys of the configuration that are not plain strings, or that need a description."""


def _of_a_client(members: Mapping[str, JSONObject] = MappingProxyType({}), *, optional: Iterable[str] = ()) -> JSONObject:
    """Return the arguments of an operation of one client: they may name the instance."""
    instance = described(STRING, "Which client of the process (capability instances); absent: a.")
    return record({**members, "instance": instance}, optional=[*optional, "instance"])


def _together(members: Mapping[str, JSONObject]) -> JSONObject:
    """Return the arguments of an operation that makes concurrent calls of one client."""
    cancel = described({"type": "integer", "minimum": 0}, "How many of them, the first, are cancelled; absent: 0.")
    return _of_a_client({**members, "cancel": cancel}, optional=["cancel"])


_RESOURCE_REQUEST: Mapping[str, JSONObject] = {
    "method": STRING,
    "url": STRING,
    "headers": {"type": "object", "additionalProperties": STRING},
    "body": STRING_OR_NULL,
}
"""A request to a protected resource."""

_ARGUMENTS: Mapping[str, JSONObject] = {
    "hello": record({"protocol": constant(PROTOCOL_VERSION), "harness": STRING}),
    "configure": _of_a_client({"config": reference("configuration")}),
    "get_token": _of_a_client(),
    "get_tokens": _together({"count": described({"type": "integer", "minimum": 1}, "The number of concurrent calls.")}),
    "refresh": _of_a_client(),
    "request": _of_a_client(_RESOURCE_REQUEST),
    "requests": _together(
        {"requests": {"type": "array", "minItems": 1, "items": record(_RESOURCE_REQUEST)}},
    ),
    "advance_clock": _of_a_client({"seconds": {"type": "number"}}),
    "now": _NO_MEMBERS,
    "describe": _of_a_client(),
    "close": _NO_MEMBERS,
}
"""The member ``args`` of each request."""

_OK: Mapping[str, JSONObject] = {
    "hello": reference("hello"),
    "configure": _NO_MEMBERS,
    "get_token": record({"token": reference("token")}),
    "get_tokens": record({"results": {"type": "array", "items": reference("token_outcome")}}),
    "refresh": record({"token": reference("token")}),
    "request": reference("response"),
    "requests": record({"results": {"type": "array", "items": reference("response_outcome")}}),
    "advance_clock": _NO_MEMBERS,
    "now": record(
        {
            "now": described({"type": "number"}, "Seconds since 1970-01-01T00:00:00Z."),
            "utc_offset": described({"type": "number"}, "Local time minus UTC, in seconds."),
        },
        optional=["utc_offset"],
    ),
    "describe": record({"texts": {"type": "array", "items": STRING}}),
    "close": _NO_MEMBERS,
}
"""The member ``ok`` of each answer."""

OPERATIONS = tuple(_ARGUMENTS)
"""Every operation of the protocol."""


def protocol_schema() -> JSONObject:
    """Return the schema of the adapter protocol; the document as a whole accepts any message."""
    definitions: dict[str, JSONObject] = {
        "request": {"oneOf": [reference(f"{operation}_request") for operation in OPERATIONS]},
        "answer": _answer(_NO_MEMBERS),
        "configuration": _configuration(),
        "hello": _hello(),
        "token": _token(),
        "error": _error(),
        "token_outcome": _outcome("token", "get_tokens"),
        "response_outcome": _outcome("response", "requests"),
        "response": record(
            {
                "status": {"type": "integer"},
                "headers": {"type": ["array", "null"], "items": PAIR},
                "body": STRING_OR_NULL,
            },
            optional=["headers", "body"],
            description="The response of the protected resource.",
        ),
    }
    for operation in OPERATIONS:
        definitions[f"{operation}_request"] = record(
            {"id": {"type": "integer"}, "op": constant(operation), "args": _ARGUMENTS[operation]}
        )
        definitions[f"{operation}_ok"] = _OK[operation]
        definitions[f"{operation}_answer"] = _answer(reference(f"{operation}_ok"))
    return {
        "$schema": DIALECT,
        "$id": f"urn:oauth-gauntlet:adapter-protocol:{PROTOCOL_VERSION}",
        "title": f"oauth-gauntlet adapter protocol, version {PROTOCOL_VERSION}",
        "description": "One message, a line of stdin (request) or of stdout (answer). Unknown members are ignored.",
        "anyOf": [reference("request"), reference("answer")],
        "$defs": definitions,
    }


def _outcome(member: str, operation: str) -> JSONObject:
    """Return the schema of one entry in the answer to an operation that makes concurrent calls."""
    return {
        "description": f"One entry of the answer to {operation}: a {member} or an error.",
        "type": "object",
        "properties": {member: reference(member), "error": reference("error")},
        "oneOf": [{"required": [member]}, {"required": ["error"]}],
    }


def _answer(ok: JSONObject) -> JSONObject:
    return {
        "type": "object",
        "properties": {
            "id": described({"type": "integer"}, "The id of the request."),
            "ok": ok,
            "error": reference("error"),
        },
        "required": ["id"],
        "oneOf": [{"required": ["ok"]}, {"required": ["error"]}],
    }


def _configuration() -> JSONObject:
    return {
        "description": "A key that is not set is absent.",
        "type": "object",
        "properties": {key: _CONFIGURATION_TYPES.get(key, STRING) for key in sorted(CONFIGURATION_KEYS)},
    }


def _hello() -> JSONObject:
    return record(
        {
            "protocol": constant(PROTOCOL_VERSION),
            "client": record(
                {
                    "name": {"type": "string", "minLength": 1},
                    **dict.fromkeys(("version", "language", "runtime", "url"), STRING_OR_NULL),
                },
                optional=["version", "language", "runtime", "url"],
            ),
            "grants": {"type": "array", "items": _known(GrantType)},
            "token_endpoint_auth_methods": {"type": ["array", "null"], "items": STRING},
            "parameters": described(
                {"type": ["array", "null"], "items": _known(CONFIGURATION_KEYS)},
                "Optional configuration keys that the client understands.",
            ),
            "capabilities": {"type": ["array", "null"], "items": _known(Capability)},
            "profiles": described({"type": ["array", "null"], "items": STRING}, "Profiles that the client follows."),
            "catches": described(
                {"type": ["boolean", "null"]}, "Whether the adapter answers every exception that its language can catch."
            ),
        },
        optional=["token_endpoint_auth_methods", "parameters", "capabilities", "profiles", "catches"],
        description="What the adapter declares.",
    )


def _known(names: frozenset[str] | type[GrantType | Capability]) -> JSONObject:
    """Return the schema of a declared name: the known ones are listed, any other is ignored with a warning."""
    known = sorted(str(name) for name in names)
    return {"anyOf": [{"enum": known}, described(STRING, "Unknown to this version: ignored, with a warning of adapter check.")]}


def _token() -> JSONObject:
    return record(
        {
            "access_token": described({}, "What the client exposes as the access token, of any type; null if nothing."),
            "token_type": STRING_OR_NULL,
            "expires_in": described(NUMBER_OR_NULL, "Seconds."),
            "expires_at": described(NUMBER_OR_NULL, "Seconds since 1970-01-01T00:00:00Z on the client's clock."),
            "refresh_token": STRING_OR_NULL,
            "scope": STRING_OR_NULL,
            "extra": described(OBJECT_OR_NULL, "Other members, and members of another type."),
        },
        optional=["token_type", "expires_in", "expires_at", "refresh_token", "scope", "extra"],
        description="A token as the client exposes it; null for what the client does not expose.",
    )


def _error() -> JSONObject:
    texts = ("message", "type", "oauth_error", "oauth_error_description", "oauth_error_uri")
    return record(
        {
            "kind": one_of_names(ErrorKind),
            **dict.fromkeys(texts, STRING_OR_NULL),
            "http_status": INTEGER_OR_NULL,
            "retry_after": described(NUMBER_OR_NULL, "Seconds."),
        },
        optional=[*texts, "http_status", "retry_after"],
        description="An error as the client reports it; null for what the client does not expose.",
    )
