"""The parameters of the body: once, with values, and none of another request."""

from __future__ import annotations

from collections import Counter

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, GrantType
from oauth_gauntlet.requirement import (
    EXPIRY,
    INTEROP,
    JWT_BEARER,
    MUST,
    PASSWORD,
    REFRESH,
    REFRESH_TOKEN,
    SERVER,
    SHOULD,
    Variant,
    practice,
    quote,
    requirement,
    rule,
)
from oauth_gauntlet_scenarios.made_up import MADE_UP
from oauth_gauntlet_scenarios.refusal import request_with
from oauth_gauntlet_scenarios.request.known_parameters import misspelt, of_other_requests
from oauth_gauntlet_server import Tenant

# RFC 8707 §2 and RFC 8693 §2.1 allow these two more than once.
_MAY_REPEAT = {"resource", "audience"}

_ARTEFACTS = MADE_UP | {"nan", "[object object]"}

_OPTIONAL: dict[str, JSON] = {"scope": "read", "resource": "https://resource.gauntlet.example/api"}
"""A value of each optional parameter: a client that misspells its name is seen only if it sends one."""

_LARGE = {"8-kib": 8 * 1024, "64-kib": 64 * 1024}

_ONCE = quote("RFC 6749 3.2", "Request and response parameters MUST NOT be included more than once.")


@requirement(
    "request.grant-type-once",
    level=MUST,
    basis=[
        _ONCE,
        quote("RFC 6749 4.3.2", 'REQUIRED. Value MUST be set to "password".'),
        quote("RFC 6749 4.4.2", 'REQUIRED. Value MUST be set to "client_credentials".'),
        quote("RFC 6749 6", 'REQUIRED. Value MUST be set to "refresh_token".'),
        rule("RFC 7523 8.1", "URN: urn:ietf:params:oauth:grant-type:jwt-bearer"),
    ],
    refused_as=["The parameter grant_type is repeated", "The parameter grant_type is missing"],
    renewals=[EXPIRY, REFRESH],
    statement="The request contains grant_type exactly once, with the registered value.",
)
def test_grant_type_once(client: LabClient) -> None:
    """Do: get a token. Check: the body contains one grant_type, the registered identifier of the grant."""
    client.try_get_token()
    found = witness.values(client.token_request(), "grant_type")
    require(
        found == (str(client.request_grant),),
        expected=f"grant_type={client.request_grant}, once",
        seen=f"grant_type: {', '.join(found) or 'missing'}",
        mark=Mark(text="grant_type"),
    )


@requirement(
    "request.no-duplicates",
    level=MUST,
    basis=_ONCE,
    covered_by=["request.grant-type-once"],
    refused_as=["The parameter * is repeated"],
    renewals=[EXPIRY, REFRESH],
    statement="No parameter is sent more than once, in the body or in body and query together.",
)
def test_no_duplicates(client: LabClient) -> None:
    """Do: get a token with every optional parameter that the client declares.

    Check: every name occurs once.
    """
    optional = {"scope": "read write", "additional_payload": {"gauntlet_extra": "1"}}
    client.obtain(**{key: value for key, value in optional.items() if key in client.hello.parameters})
    request = client.token_request()
    names = Counter(name for name, _ in witness.form(request)) + Counter(name for name, _ in request.query_pairs)
    repeated = sorted(name for name, count in names.items() if count > 1 and name not in _MAY_REPEAT)
    require(
        not repeated,
        expected="every parameter once",
        seen=f"sent more than once: {', '.join(repeated)}",
        mark=Mark(text=repeated[0] if repeated else ""),
    )


# Not a must: the sentence binds servers, and some do not do it. An empty client_secret is legal (RFC 6749 2.3.1).
@requirement(
    "request.no-empty-parameters",
    level=INTEROP,
    basis=[
        practice("Some servers read an empty scope as a scope that nobody has, and refuse with invalid_scope."),
        quote(
            "RFC 6749 3.2",
            "Parameters sent without a value MUST be treated as if they were omitted from the request.",
            binds=SERVER,
        ),
    ],
    renewals=[EXPIRY, REFRESH],
    statement="The client omits parameters without a value.",
)
def test_no_empty_parameters(client: LabClient) -> None:
    """Do: get a token without optional parameters. Check: no parameter has an empty value."""
    client.try_get_token()
    empty = [name for name, value in witness.form(client.token_request()) if not value and name != "client_secret"]
    require(
        not empty,
        expected="no parameter without a value",
        seen=f"sent empty: {', '.join(empty)}",
        mark=Mark(text=f"{empty[0]}=" if empty else ""),
    )


@requirement(
    "request.no-literal-null",
    level=INTEROP,
    basis=practice("A server reads the word as a value: as a scope, a user or a secret that it does not know."),
    renewals=[EXPIRY, REFRESH],
    statement="A value that is not set is never sent as None, null, undefined or [object Object].",
)
def test_no_literal_null(client: LabClient) -> None:
    """Do: get a token without optional parameters.

    Check: no value is such an artefact of a programming language.
    """
    client.try_get_token()
    request = client.token_request()
    values = [value for _, value in (*witness.form(request), *request.query_pairs)]
    values += list(witness.basic_credentials(request) or ())
    found = [value for value in values if value.strip().lower() in _ARTEFACTS]
    require(
        not found,
        expected="no parameter with a programming language's word for a missing value",
        seen=f"sent: {', '.join(found)}",
        mark=Mark(text=found[0] if found else ""),
    )


def _require_in_full(sent: object, large: str) -> None:
    require(
        sent == large,
        expected=f"the configured value of {len(large)} characters",
        seen=f"a value of {len(sent) if isinstance(sent, str) else 0} characters",
    )


@requirement(
    "request.large-refresh-token",
    level=SHOULD,
    basis=[
        rule(
            "RFC 6749 5.1",
            "The sizes of tokens and other values received from the authorization server are left undefined.",
        ),
        quote("RFC 6749 5.1", "The client should avoid making assumptions about value sizes."),
    ],
    grants=[REFRESH_TOKEN],
    statement="The client sends a refresh token of many kilobytes in full.",
    variants=_LARGE,
)
def test_large_refresh_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a refresh token of 8 and 64 KiB. Check: it arrives in full."""
    tenant.configure(strict=False)
    large = "gauntlet" * (variant.value // 8)
    _require_in_full(witness.value(request_with(client, refresh_token=large), "refresh_token"), large)


# Not a should: these values do not come from the authorization server, and RFC 6749 5.1 speaks only of values that do.
@requirement(
    "request.large-values",
    level=INTEROP,
    basis=practice("A value that a buffer or a column cuts is another value, and the server's error does not say so."),
    grants=[PASSWORD, JWT_BEARER],
    statement="The client sends a password or subject of many kilobytes in full.",
    variants=_LARGE,
)
def test_large_values(client: LabClient, grant: GrantType, variant: Variant) -> None:
    """Do: configure a password or JWT subject of 8 and 64 KiB. Check: it arrives in full."""
    large = "gauntlet" * (variant.value // 8)
    if grant is GrantType.PASSWORD:
        sent = witness.value(request_with(client, password=large), "password")
    else:
        sent = witness.assertion(request_with(client, jwt_subject=large)).claims.get("sub")
    _require_in_full(sent, large)


# A parameter with a meaning in another request is not unrecognized, and a misspelt one is lost. All others are legal, such as
# telemetry.
@requirement(
    "request.known-parameters",
    level=INTEROP,
    basis=[
        practice("A strict server refuses a parameter of another grant; a misspelt name, such as scopes, is ignored silently."),
        quote("RFC 6749 3.2", "The authorization server MUST ignore unrecognized request parameters.", binds=SERVER),
    ],
    renewals=[EXPIRY, REFRESH],
    statement="The request contains no parameter of another grant or endpoint, and no misspelt one.",
)
def test_known_parameters(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token, with each optional parameter of the protocol that the client declares.

    Check: only parameters of the grant, or unknown ones that are not nearly the name of a missing one (``scopes``).
    """
    tenant.configure(strict=False)
    client.obtain(**{key: value for key, value in _OPTIONAL.items() if key in client.hello.parameters})
    request = client.token_request()
    names = {name for name, _ in witness.form(request)}
    foreign = sorted(of_other_requests(names, client.request_grant) | misspelt(names))
    require(
        not foreign,
        expected=f"the parameters of a {client.request_grant.short} request",
        seen=f"also {', '.join(foreign)}",
        mark=Mark(text=foreign[0] if foreign else ""),
    )
