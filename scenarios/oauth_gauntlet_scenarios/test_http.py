"""HTTP between client and token endpoint: redirects, codings, framing, and what a status means."""

from __future__ import annotations

from contextlib import suppress

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described, documented, usable
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, Token
from oauth_gauntlet.requirement import INTEROP, MUST, SHOULD, Variant, requirement
from oauth_gauntlet_server import Tenant, faults

_REDIRECTS = {"301": 301, "302": 302, "303": 303, "307": 307, "308": 308}

_SECRETS = ("client_secret", "refresh_token", "password", "assertion")


# RFC 9110 §15.4: a user agent that follows a redirect ought to consider "removing ... Authorization" where the origin is
# another; RFC 9700 §4.12 tells what a redirect that carries credentials does. Refusing to follow is right as well.
@requirement(
    "http.redirect-cross-origin",
    level=SHOULD,
    source="RFC 9110 15.4, RFC 9700 4.12",
    statement="Secrets do not follow a redirect of the token endpoint to another origin.",
    variants=_REDIRECTS,
)
def test_redirect_cross_origin(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token endpoint redirects to another origin. Check: no secret arrives there, by header, body or URL."""
    tenant.arm(faults.fault("redirect", status=variant.value, to="other-origin"))
    client.try_get_token()
    for request in tenant.journal.requests("other_origin"):
        text = request.raw.decode("latin-1")
        carried = [name for name, secret in _secrets_sent(client).items() if secret and secret in text]
        require(
            not carried and request.header("authorization") is None,
            expected="no request to another origin, or one without secrets",
            seen=f"there arrived {', '.join(carried) or 'an Authorization header'}",
            mark=Mark(text=request.target),
        )


def _secrets_sent(client: LabClient) -> dict[str, str]:
    """Return the secrets of the token request that was redirected, as they stood on the wire."""
    found: dict[str, str] = {}
    for request in client.token_requests():
        for pair in request.body.decode("latin-1").split("&"):
            name, _, value = pair.partition("=")
            if name in _SECRETS:
                found[name] = value
    return found


# RFC 9110 §15.4.8, §15.4.9: 307 and 308 keep method and content; 301, 302 and 303 may turn a POST into a GET (§15.4.2 to
# §15.4.4), which then must not carry in its URL what was in the body (RFC 6749 §2.3.1).
@requirement(
    "http.redirect-same-origin",
    level=INTEROP,
    source="RFC 9110 15.4",
    statement="A redirect on the same origin is followed as its status says, or refused clearly.",
    variants=_REDIRECTS,
)
def test_redirect_same_origin(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token endpoint redirects to another path of its own. Check: a token or a documented error, no secret in a URL."""
    tenant.arm(faults.fault("redirect", status=variant.value))
    answer = client.try_get_token()
    for request in tenant.journal.requests():
        carried = [name for name, secret in _secrets_sent(client).items() if secret and secret in request.target]
        require(
            not carried, expected="no secret in a URL", seen=f"{', '.join(carried)} in the URL", mark=Mark(text=request.target)
        )
    documented(answer)


@requirement(
    "http.redirect-loop",
    level=INTEROP,
    source="RFC 9110 15.4",
    statement="A loop of redirects ends with an error.",
)
def test_redirect_loop(client: LabClient, tenant: Tenant) -> None:
    """Do: the token endpoint redirects to itself, always. Check: a documented error, after at most 60 requests."""
    tenant.arm(faults.fault("redirect", status=307, to="loop"))
    answer = client.try_get_token()
    count = tenant.journal.count("token")
    require(count <= 60, expected='an end of the loop (RFC 9110 §15.4: "detect and intervene")', seen=f"{count} requests")
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))
    documented(answer)


def _require_token_of_http_1_1(client: LabClient) -> None:
    """Require a token, unless the client spoke HTTP/1.0: a server does not send it this (RFC 9110 §15.2, RFC 9112 §6.1)."""
    answer = client.try_get_token()
    # A client that takes an interim response for the final one is back before the exchange has ended.
    with suppress(TimeoutError):
        client.tenant.journal.wait_for(1, endpoint="token", timeout_s=1)
    if client.token_request().http_version == "1.0":
        documented(answer)
    else:
        usable(answer)


# RFC 9112 §7.1: "A recipient MUST be able to parse and decode the chunked transfer coding."
@requirement(
    "http.chunked", level=MUST, source="RFC 9112 7.1", statement="An answer in chunks is read.", variants=["plain", "trailer"]
)
def test_chunked(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer comes in chunks of 7 octets, with or without a trailer field. Check: the token is handed out."""
    tenant.arm(faults.fault("chunked", octets=7, trailer=variant.name == "trailer"))
    _require_token_of_http_1_1(client)


# RFC 9112 §6.3: without Content-Length and chunks, the body ends with the connection.
@requirement(
    "http.until-close", level=MUST, source="RFC 9112 6.3", statement="An answer that ends with the connection is read."
)
def test_until_close(client: LabClient, tenant: Tenant) -> None:
    """Do: the answer has no length; the server closes after it. Check: the token is handed out."""
    tenant.arm(faults.fault("until_close"))
    client.get_token()


# RFC 9110 §15.2: "A client MUST be able to parse one or more 1xx responses received prior to a final response, even if
# the client does not expect one."
@requirement(
    "http.1xx",
    level=MUST,
    source="RFC 9110 15.2",
    statement="Interim responses before the final one are skipped.",
    variants={"early-hints": (103, 1), "continue": (100, 1), "several": (102, 3)},
)
def test_1xx(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: one or more interim responses come before the answer. Check: the token is handed out."""
    status, times = variant.value
    tenant.arm(faults.fault("interim", status=status, times=times))
    _require_token_of_http_1_1(client)


# RFC 9112 §4: reason-phrase may be empty; §2.3: a server of HTTP/1.0 is still one.
@requirement(
    "http.status-line",
    level=MUST,
    source="RFC 9112 4, 2.3",
    statement="A status line of HTTP/1.0, or without a reason phrase, is read.",
    variants={"http-1.0": "HTTP/1.0 200 OK", "no-reason": "HTTP/1.1 200 "},
)
def test_status_line(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer begins with an unusual but legal status line. Check: the token is handed out."""
    tenant.arm(
        faults.all_of(
            faults.fault("status_line", line=variant.value), faults.fault("header", header="Connection", value="close")
        )
    )
    client.get_token()


# RFC 9110 §5.1: "Field names are case-insensitive".
@requirement("http.header-case", level=MUST, source="RFC 9110 5.1", statement="Header names have no case.")
def test_header_case(client: LabClient, tenant: Tenant) -> None:
    """Do: Content-Type is spelled cONTENT-tYPE. Check: the token is handed out."""
    tenant.arm(faults.all_of(faults.content_type(None), faults.fault("raw_headers", octets="cONTENT-tYPE: application/json")))
    client.get_token()


# RFC 9110 §12.5.3: a server may send a coding that the client listed in Accept-Encoding; §8.4: another one is refused.
@requirement(
    "http.content-coding",
    level=INTEROP,
    source="RFC 9110 8.4, 12.5.3",
    statement="A content coding that the client asked for is decoded; another one is decoded or refused clearly.",
    variants=["gzip", "deflate", "br"],
)
def test_content_coding(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer is compressed. Check: a token where the request asked for the coding, else that or a documented error."""
    tenant.arm(faults.fault("content_coding", coding=variant.name))
    answer = client.try_get_token()
    asked = ",".join(client.token_request().header_values("accept-encoding")).lower()
    if variant.name in [coding.partition(";")[0].strip() for coding in asked.split(",")]:
        require(
            isinstance(answer, Token) and answer.access_token,
            expected=f"a token: the request accepts {variant.name}",
            seen=described(answer),
            mark=Mark(text="Accept-Encoding"),
        )
    documented(answer)


@requirement(
    "http.content-coding-broken",
    level=INTEROP,
    source="RFC 9110 8.4",
    statement="Content that does not decode never gives a token that nobody issued, and no crash.",
    variants=["truncated", "not-coded", "corrupt", "unlabelled"],
)
def test_content_coding_broken(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the compressed answer has a flaw. Check: the genuine token or a documented error."""
    tenant.arm(faults.fault("content_coding", coding="gzip", flaw=variant.name))
    answer = client.try_get_token()
    if isinstance(answer, Token):
        known = isinstance(answer.access_token, str) and tenant.active(answer.access_token) is not None
        require(known, expected="the token that was issued, or an error", seen=described(answer))
    documented(answer)


# RFC 6749 §5.1 has a success with 200; other 2xx are no failure of HTTP either. 204 has no content, and so no token.
@requirement(
    "http.other-2xx",
    level=INTEROP,
    source="RFC 6749 5.1, RFC 9110 15.3",
    statement="A token with 201 is taken or refused clearly; 204 gives no token.",
    variants={"created": 201, "no-content": 204},
)
def test_other_2xx(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer has another status of success. Check: no token out of 204, and a documented error where it is one."""
    tenant.arm(faults.fault("status", status=variant.value))
    answer = client.try_get_token()
    if variant.value == 204:
        require(isinstance(answer, ErrorInfo), expected="an error: there is no content", seen=described(answer))
    documented(answer)


# RFC 6265 §5.4 would have a user agent send it again; a client of several configurations is none of one user.
@requirement(
    "http.cookies",
    level=INTEROP,
    source="practice",
    statement="A cookie that the server set under one configuration is not sent under another.",
)
def test_cookies(client: LabClient, tenant: Tenant) -> None:
    """Do: the token answer sets a cookie; then configure anew and get a token. Check: the cookie is not in the request."""
    tenant.arm(faults.fault("header", header="Set-Cookie", value="gauntlet=first-configuration; Path=/", add=True))
    client.get_token()
    client.fresh()
    client.get_token()
    cookie = client.token_request().header("cookie") or ""
    require(
        "first-configuration" not in cookie,
        expected="no cookie of the earlier configuration",
        seen=cookie,
        mark=Mark(text=cookie),
    )


# RFC 9111 §3: POST is cached only under conditions that a token endpoint does not meet; RFC 6749 §5.1 forbids storing.
@requirement(
    "http.not-cached",
    level=MUST,
    source="RFC 9111 3, RFC 6749 5.1",
    statement="A token response is not served again from an HTTP cache, whatever its cache headers say.",
)
def test_not_cached(client: LabClient, tenant: Tenant) -> None:
    """Do: the answer says that it may be cached for an hour; configure anew, get a token. Check: the server was asked again."""
    tenant.arm(faults.fault("header", header="Cache-Control", value="public, max-age=3600"))
    first = client.get_token()
    client.fresh()
    second = client.get_token()
    require(
        tenant.journal.count("token") > 0 and first.access_token != second.access_token,
        expected="a new token request",
        seen="the earlier answer was handed out again",
    )


# RFC 9112 §9.3.1: a server may close an idle connection at any time; §9.3.1: the client may send again on a new one.
@requirement(
    "http.connection-reuse",
    level=INTEROP,
    source="RFC 9112 9.3",
    statement="A connection that the server has closed meanwhile does not cost a token.",
)
def test_connection_reuse(client: LabClient, tenant: Tenant) -> None:
    """Do: the server closes after its answer without saying so; configure anew, get a token. Check: it is handed out."""
    tenant.arm(faults.fault("truncate", octets=1_000_000), times=1)
    client.get_token()
    client.configure()
    client.get_token()


# RFC 6749 §2.3.1, RFC 9110 §4.2.4: a URL with user information is an error for a recipient; its secret goes nowhere else.
@requirement(
    "http.userinfo",
    level=INTEROP,
    source="RFC 9110 4.2.4",
    statement="User information in the token URL is refused, or does not replace the client's own credentials.",
)
def test_userinfo(client: LabClient, tenant: Tenant) -> None:
    """Do: the token URL has user and password in it. Check: it is refused, or the client authenticates as itself."""
    scheme, _, rest = tenant.token_url.partition("://")
    client.obtain(token_url=f"{scheme}://url-user:url-password@{rest}")
    for request in tenant.journal.requests("token"):
        host = request.header("host") or ""
        require("@" not in host, expected="a Host without user information", seen=host, mark=Mark(text=host))
        basic = witness.basic_credentials(request)
        advise(
            # Where the client has no credentials of its own, those of the URL take nobody's place.
            basic is None or basic[0] != "url-user" or "client_id" not in client.config,
            expected="the configured client's credentials, or a refusal of the URL",
            seen="the credentials of the URL were sent in their place",
            mark=Mark(text="Authorization"),
        )
