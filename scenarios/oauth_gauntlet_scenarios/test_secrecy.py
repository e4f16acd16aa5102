"""Secrecy: no error text, log or other header field contains secrets, tokens, assertions, passwords or keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.key_material import KEY_PASSWORD, private_pem
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.log_watch import watched_log
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, Token
from oauth_gauntlet.requirement import (
    INTEROP,
    JWT_BEARER,
    MUST,
    SHOULD,
    Variant,
    requirement,
)
from oauth_gauntlet_scenarios.secrets_of import leaks, secrets_of
from oauth_gauntlet_server import Tenant, faults


def _require_clean(client: LabClient, texts: Iterable[str], where: str) -> None:
    leaked = leaks(secrets_of(client), texts)
    require(
        not leaked,
        expected=f"{where} without secrets",
        seen=f"{', '.join(leaked)} in {where}: {' | '.join(texts)[:300]}",
    )


# RFC 6819 §4.1, §4.6: credentials and tokens leak through logs. RFC 9700 asks to keep them confidential.
@requirement(
    "secrecy.error-text",
    level=SHOULD,
    source="RFC 6819 4.1, 5.1; RFC 6749 10.3",
    statement="The text of an error contains no secret, token, assertion, password or key.",
    variants=["oauth-error", "html", "closed", "not-json"],
)
def test_error_text(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: cause an OAuth error, an HTML page, a closed connection or a broken response.

    Check: the texts of the error.
    """
    failures = {
        "oauth-error": faults.oauth_error("invalid_request", description="no"),
        "html": faults.http_status(500, "<html>oops</html>", content_type="text/html"),
        "closed": faults.close_without_answer(),
        "not-json": faults.http_status(200, "not json", content_type="application/json"),
    }
    tenant.arm(failures[variant.value])
    answer = client.try_get_token()
    if isinstance(answer, ErrorInfo):
        texts = [answer.message, answer.type, answer.oauth_error_description or ""]
        _require_clean(client, texts, "the text of the error")


@requirement(
    "secrecy.key-error-text",
    level=SHOULD,
    source="RFC 6819 5.1",
    grants=[JWT_BEARER],
    parameters=["private_key_password"],
    statement="The error about an unreadable key contains neither the key nor its password.",
)
def test_key_error_text(client: LabClient) -> None:
    """Do: configure an encrypted key with a wrong password.

    Check: the error's text contains neither of them.
    """
    answer = client.obtain(
        private_key=private_pem("rsa", password=KEY_PASSWORD), private_key_password="gauntlet wrong password"
    )
    if isinstance(answer, ErrorInfo):
        _require_clean(client, [answer.message, answer.type], "the text of the error")


@requirement(
    "secrecy.describe",
    level=SHOULD,
    source="practice; RFC 6819 5.1",
    capabilities=["describe"],
    statement="The string representations of the client and of its token contain no secret.",
)
def test_describe(client: LabClient) -> None:
    """Do: get a token, then convert client and token to strings.

    Check: no secret, token, assertion, password or key.
    """
    answer = client.try_get_token()
    assert isinstance(answer, Token | ErrorInfo)
    _require_clean(client, client.describe(), "the string representation of client or token")


# RFC 6819 §5.1.6 and practice: more people read logs, and logs are kept longer, than intended.
@requirement(
    "secrecy.log",
    level=SHOULD,
    source="practice; RFC 6819 4.6, 5.1",
    statement="The client's log at its default level contains no secret.",
)
def test_log(another_client: Callable[[], LabClient], tenant: Tenant) -> None:
    """Do: start the client; get a token, then an error and a broken response. Check: its whole log."""
    client = another_client()
    with watched_log(client.adapter) as text:
        client.try_get_token()
        for fault in (faults.oauth_error("invalid_grant"), faults.body("not json")):
            tenant.clear_faults()
            client.configure()
            tenant.arm(fault)
            client.try_get_token()
        client.adapter.close()
        leaked = leaks(secrets_of(client), [text()])
    require(not leaked, expected="a log without secrets", seen=f"{', '.join(leaked)} in: {text()[-300:]}")


# RFC 9110 §10.1.5: User-Agent identifies the software; §17.9 warns about header fields that reveal more.
@requirement(
    "secrecy.user-agent",
    level=INTEROP,
    source="RFC 9110 10.1.5, 17.9",
    statement="No header field except Authorization contains a secret.",
)
def test_user_agent(client: LabClient) -> None:
    """Do: get a token.

    Check: no other header field of the request contains a secret, password, token or key.
    """
    client.try_get_token()
    request = client.token_request()
    fields = {name: value for name, value in request.headers if name.lower() != "authorization"}
    for name, value in fields.items():
        leaked = leaks(secrets_of(client), [value])
        require(
            not leaked, expected=f"{name} without secrets", seen=f"{', '.join(leaked)} in {name}", mark=Mark(text=value[:80])
        )


# RFC 9110 §10.1.3: "A user agent MUST NOT include the fragment and userinfo components of the URI reference,
# if any, when generating the Referer field value". It "MAY truncate parts other than the referring origin":
# the query, which may contain a key, is one of them.
@requirement(
    "secrecy.referer",
    level=MUST,
    source="RFC 9110 10.1.3, 17.9",
    statement="A Referer sent after a redirect contains no user information, and should contain no query.",
)
def test_referer(client: LabClient, tenant: Tenant) -> None:
    """Do: token URLs with user information and with a query redirect.

    Check: a Referer contains neither (query: a warning).
    """
    scheme, _, rest = tenant.token_url.partition("://")
    for url in (f"{scheme}://url-user:url-password@{rest}", f"{tenant.token_url}?api_key=gauntlet-api-key"):
        tenant.clear_faults()
        tenant.arm(faults.fault("redirect", status=307), times=1)
        client.obtain(token_url=url)
    for request in tenant.journal.requests():
        referer = request.header("referer") or ""
        require(
            "url-user" not in referer and "url-password" not in referer,
            expected="no Referer, or one without the user information of the token URL",
            seen=f"Referer: {referer}",
            mark=Mark(text=referer),
        )
        advise(
            "gauntlet-api-key" not in referer,
            expected="no Referer, or one without the query of the token URL",
            seen=f"Referer: {referer}",
            mark=Mark(text=referer),
        )
