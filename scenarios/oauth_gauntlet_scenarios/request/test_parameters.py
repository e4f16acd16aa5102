"""The parameters of the body: once, with values, and none of another request."""

from __future__ import annotations

from collections import Counter

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.requirement import (
    INTEROP,
    JWT_BEARER,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    SHOULD,
    Variant,
    requirement,
)
from oauth_gauntlet_server import Tenant

# RFC 8707 §2 and RFC 8693 §2.1 allow these two more than once.
_MAY_REPEAT = {"resource", "audience"}


_ARTEFACTS = {"none", "null", "undefined", "nil", "nan", "[object object]"}


_PARAMETERS = {
    GrantType.REFRESH_TOKEN: {"refresh_token"},
    GrantType.CLIENT_CREDENTIALS: set[str](),
    GrantType.JWT_BEARER: {"assertion"},
    GrantType.PASSWORD: {"username", "password"},
}


_OF_CLIENT_AUTHENTICATION = {"client_id", "client_secret", "client_assertion", "client_assertion_type"}


# Parameters of other grants and endpoints: a strict server refuses them, or treats the request as another
# one.
_OF_OTHER_REQUESTS = {"code", "redirect_uri", "response_type", "state", "code_verifier", "nonce", "token", "access_token"}


# RFC 6749 §4.3.2, §4.4.2, §6, RFC 7523 §2.1: grant_type "REQUIRED. Value MUST be set to ..."
@requirement(
    "request.grant-type-once",
    level=MUST,
    source="RFC 6749 3.2, 4.3.2, 4.4.2, 6; RFC 7523 2.1",
    statement="The request contains grant_type exactly once, with the registered value.",
)
def test_grant_type_once(client: LabClient, grant: GrantType) -> None:
    """Do: get a token. Check: the body contains one grant_type, the registered identifier of the grant."""
    client.try_get_token()
    found = witness.values(client.token_request(), "grant_type")
    require(
        found == (str(grant),),
        expected=f"grant_type={grant}, once",
        seen=f"grant_type: {', '.join(found) or 'missing'}",
        mark=Mark(text="grant_type"),
    )


# RFC 6749 §3.2: "Request and response parameters MUST NOT be included more than once."
@requirement(
    "request.no-duplicates",
    level=MUST,
    source="RFC 6749 3.2",
    statement="No parameter is sent more than once, in the body or in body and query together.",
)
def test_no_duplicates(client: LabClient) -> None:
    """Do: get a token with every optional parameter that the client declares.

    Check: every name occurs once.
    """
    optional = {"scope": "read write", "additional_payload": {"gauntlet_extra": "1"}}
    client.configure(**{key: value for key, value in optional.items() if key in client.hello.parameters})
    client.try_get_token()
    request = client.token_request()
    names = Counter(name for name, _ in witness.form(request)) + Counter(name for name, _ in request.query_pairs)
    repeated = sorted(name for name, count in names.items() if count > 1 and name not in _MAY_REPEAT)
    require(
        not repeated,
        expected="every parameter once",
        seen=f"sent more than once: {', '.join(repeated)}",
        mark=Mark(text=repeated[0] if repeated else ""),
    )


# RFC 6749 §3.2: "Parameters sent without a value MUST be treated as if they were omitted". This binds
# servers, and some do not do it. So a client should not send such parameters, but may. An empty client_secret
# is legal (§2.3.1).
@requirement(
    "request.no-empty-parameters",
    level=INTEROP,
    source="RFC 6749 3.2",
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
    source="practice",
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


# RFC 6749 §5.1: "The client should avoid making assumptions about value sizes."
@requirement(
    "request.large-values",
    level=SHOULD,
    source="RFC 6749 5.1, Appendix A",
    grants=[REFRESH_TOKEN, PASSWORD, JWT_BEARER],
    statement="The client sends values of many kilobytes in full.",
    variants={"8-kib": 8 * 1024, "64-kib": 64 * 1024},
)
def test_large_values(client: LabClient, grant: GrantType, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a refresh token, password or JWT subject of 8 and 64 KiB. Check: it arrives in full."""
    large = "gauntlet" * (variant.value // 8)
    if grant is GrantType.REFRESH_TOKEN:
        tenant.configure(strict=False)
        client.configure(refresh_token=large)
    elif grant is GrantType.PASSWORD:
        client.configure(password=large)
    else:
        client.configure(jwt_subject=large)
    client.try_get_token()
    request = client.token_request()
    if grant is GrantType.JWT_BEARER:
        sent = witness.assertion(request).claims.get("sub")
    else:
        sent = witness.value(request, "refresh_token" if grant is GrantType.REFRESH_TOKEN else "password")
    require(
        sent == large,
        expected=f"the configured value of {len(large)} characters",
        seen=f"a value of {len(sent) if isinstance(sent, str) else 0} characters",
    )


# RFC 6749 §3.2: "The authorization server MUST ignore unrecognized request parameters": telemetry is legal.
# But a parameter with a meaning in another request is not unrecognized.
@requirement(
    "request.known-parameters",
    level=INTEROP,
    source="practice; RFC 6749 3.2",
    statement="The request contains no parameter of another grant or endpoint.",
)
def test_known_parameters(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token without optional parameters. Check: only parameters of the grant, or unknown ones."""
    tenant.configure(strict=False)
    client.try_get_token()
    names = {name for name, _ in witness.form(client.token_request())}
    others = set().union(*_PARAMETERS.values()) | _OF_OTHER_REQUESTS
    foreign = sorted(names & (others - _PARAMETERS[client.grant] - _OF_CLIENT_AUTHENTICATION))
    require(
        not foreign,
        expected=f"the parameters of a {client.grant.short} request",
        seen=f"also {', '.join(foreign)}",
        mark=Mark(text=foreign[0] if foreign else ""),
    )
