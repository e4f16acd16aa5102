"""The shape of a token request: method, target, content type, parameters."""

from __future__ import annotations

from collections import Counter

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
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
from oauth_gauntlet_server import Tenant, parse_form

# RFC 8707 §2 and RFC 8693 §2.1 let these two repeat.
_MAY_REPEAT = {"resource", "audience"}

_ARTEFACTS = {"none", "null", "undefined", "nil", "nan", "[object object]"}


# RFC 6749 §3.2: "The client MUST use the HTTP "POST" method when making access token requests."
@requirement("request.method-post", level=MUST, source="RFC 6749 3.2", statement="Token requests use the POST method.")
def test_method_post(client: LabClient) -> None:
    """Do: get a token. Check: every request at the token endpoint is a POST."""
    client.try_get_token()
    request = client.token_request()
    require(
        all(each.method == "POST" for each in client.token_requests()),
        expected="POST",
        seen=f"{request.method}",
        mark=Mark(text=request.method),
    )


# RFC 6749 §4.3.2, §4.4.2, §6 and RFC 7521 §4.1: parameters "using the application/x-www-form-urlencoded format".
# RFC 9110 §8.3.1: type and subtype are case-insensitive; a charset parameter is tolerated.
@requirement(
    "request.content-type",
    level=MUST,
    source="RFC 6749 4.3.2, 4.4.2, 6; RFC 7521 4.1",
    statement="The body is application/x-www-form-urlencoded, and is said to be.",
)
def test_content_type(client: LabClient) -> None:
    """Do: get a token. Check: the media type, and that the body decodes as a form with a grant_type."""
    client.try_get_token()
    request = client.token_request()
    require(
        request.media_type == "application/x-www-form-urlencoded",
        expected="Content-Type: application/x-www-form-urlencoded",
        seen=f"Content-Type: {request.header('content-type')}",
        mark=Mark(text=request.header("content-type") or "Host"),
    )
    require(
        witness.value(request, "grant_type"),
        expected="form parameters in the body, grant_type among them",
        seen="the body holds no grant_type",
        mark=Mark(text=request.body.decode("latin-1")[:80] or "Content-Length"),
    )


# RFC 6749 §4.3.2, §4.4.2, §6, RFC 7523 §2.1: grant_type "REQUIRED. Value MUST be set to ..."
@requirement(
    "request.grant-type-once",
    level=MUST,
    source="RFC 6749 3.2, 4.3.2, 4.4.2, 6; RFC 7523 2.1",
    statement="grant_type is there exactly once, with the registered value.",
)
def test_grant_type_once(client: LabClient, grant: GrantType) -> None:
    """Do: get a token. Check: one grant_type in the body, and it is the registered identifier of the grant."""
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
    statement="No parameter is sent twice, neither in the body nor in body and query.",
)
def test_no_duplicates(client: LabClient) -> None:
    """Do: get a token with every optional parameter that the client understands. Check: every name is there once."""
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


# RFC 6749 §2.3.1: "The parameters can only be transmitted in the request-body and MUST NOT be included in the request
# URI."
@requirement(
    "request.no-parameters-in-url",
    level=MUST,
    source="RFC 6749 2.3.1, 3.2",
    statement="Credentials and parameters are never added to the token URL.",
)
def test_no_parameters_in_url(client: LabClient) -> None:
    """Do: get a token from a token URL without a query. Check: the request target has no query."""
    client.try_get_token()
    request = client.token_request()
    require(
        not request.query,
        expected="a request target without a query, as configured",
        seen=f"the request target {request.target[:200]}",
        mark=Mark(text=request.target),
    )


# RFC 6749 §3.2: the endpoint URI may include a query component, "which MUST be retained when adding additional query
# parameters". It is in the format of Appendix B, in which no order of parameters of different names is given a meaning.
@requirement(
    "request.url-query-kept",
    level=MUST,
    source="RFC 6749 3.2",
    statement="A query component of the token URL is kept, with all names and values.",
)
def test_url_query_kept(client: LabClient, tenant: Tenant) -> None:
    """Do: a token URL with a query that holds an encoded slash and an encoded space.

    Check: the query decodes to the same names and values; an equivalent encoding is fine, and another order.
    """
    query = "realm=%2Fa%20b&api-version=1"
    client.configure(token_url=f"{tenant.token_url}?{query}")
    client.try_get_token()
    request = client.token_request()
    require(
        sorted(request.query_pairs) == sorted(parse_form(query.encode())),
        expected=f"the query {query}, or an equivalent encoding of it",
        seen=f"the request target {request.target}",
        mark=Mark(text=request.target),
    )


# RFC 6749 §3.2: "Parameters sent without a value MUST be treated as if they were omitted": a duty of servers, which
# several do not meet; sending one is sloppy, not wrong. An empty client_secret is legal (§2.3.1).
@requirement(
    "request.no-empty-parameters",
    level=INTEROP,
    source="RFC 6749 3.2",
    statement="Parameters without a value are left out.",
)
def test_no_empty_parameters(client: LabClient) -> None:
    """Do: get a token with no optional parameter configured. Check: no parameter is sent with an empty value."""
    client.try_get_token()
    empty = [name for name, value in witness.form(client.token_request()) if not value and name != "client_secret"]
    require(
        not empty,
        expected="no parameter without a value",
        seen=f"sent empty: {', '.join(empty)}",
        mark=Mark(text=f"{empty[0]}=" if empty else ""),
    )


# RFC 6749 §5.1: the answer uses application/json. No RFC asks for an Accept header; one that excludes JSON asks for
# something that the specification does not know.
@requirement(
    "request.accept-json",
    level=INTEROP,
    source="RFC 6749 5.1, RFC 9110 12.5.1",
    statement="An Accept header, where there is one, allows application/json.",
)
def test_accept_json(client: LabClient) -> None:
    """Do: get a token. Check: Accept is absent, or names application/json or a wildcard that includes it."""
    client.try_get_token()
    accept = ", ".join(client.token_request().header_values("accept"))
    ranges = [part.split(";")[0].strip().lower() for part in accept.split(",") if part.strip()]
    require(
        not ranges or {"application/json", "application/*", "*/*"} & set(ranges),
        expected="an Accept header that allows application/json, or none",
        seen=f"Accept: {accept}",
        mark=Mark(text=accept),
    )


# Trying one way of client authentication after another is seen in practice, and doubles the requests of every token.
@requirement(
    "request.one-per-token",
    level=INTEROP,
    source="practice; RFC 9110 9.2.2",
    statement="One token costs one token request.",
)
def test_one_per_token(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token once. Check: the token endpoint saw one request."""
    client.get_token()
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request", seen=f"{count} token requests")


@requirement(
    "request.no-literal-null",
    level=INTEROP,
    source="practice",
    statement="What is not set never shows on the wire as None, null, undefined or [object Object].",
)
def test_no_literal_null(client: LabClient) -> None:
    """Do: get a token with no optional parameter configured. Check: no value is such an artefact of a language."""
    client.try_get_token()
    request = client.token_request()
    values = [value for _, value in (*witness.form(request), *request.query_pairs)]
    values += list(witness.basic_credentials(request) or ())
    found = [value for value in values if value.strip().lower() in _ARTEFACTS]
    require(
        not found,
        expected="no parameter whose value is the name of an absent value",
        seen=f"sent: {', '.join(found)}",
        mark=Mark(text=found[0] if found else ""),
    )


# RFC 6749 §5.1: "The client should avoid making assumptions about value sizes."
@requirement(
    "request.large-values",
    level=SHOULD,
    source="RFC 6749 5.1, Appendix A",
    grants=[REFRESH_TOKEN, PASSWORD, JWT_BEARER],
    statement="Values of many kilobytes are sent whole.",
    variants={"8-kib": 8 * 1024, "64-kib": 64 * 1024},
)
def test_large_values(client: LabClient, grant: GrantType, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a refresh token, password or JWT subject of 8 and 64 KiB. Check: it arrives whole."""
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


# RFC 9112 §6.2: a user agent SHOULD send Content-Length when it is not sending Transfer-Encoding. Chunked is valid
# HTTP/1.1, but several large providers refuse chunked token requests: advice, never a failure.
@requirement(
    "request.framing",
    level=INTEROP,
    source="RFC 9112 6.2",
    statement="The token request carries a Content-Length.",
)
def test_framing(client: LabClient) -> None:
    """Do: get a token. Check: the request is framed by Content-Length, not by chunked transfer coding."""
    client.try_get_token()
    request = client.token_request()
    advise(
        request.header("transfer-encoding") is None,
        expected="a request framed by Content-Length",
        seen=f"Transfer-Encoding: {request.header('transfer-encoding')}",
        mark=Mark(text="ransfer-"),
    )
