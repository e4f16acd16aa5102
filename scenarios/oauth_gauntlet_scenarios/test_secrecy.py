"""Secrecy: secrets, tokens, assertions, passwords and keys are in no text that a log may take."""

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


# RFC 6819 §4.1, §4.6: credentials and tokens leak by way of logs. RFC 9700 asks to keep them confidential.
@requirement(
    "secrecy.error-text",
    level=SHOULD,
    source="RFC 6819 4.1, 5.1; RFC 6749 10.3",
    statement="An error's text holds no secret, token, assertion, password or key.",
    variants=["oauth-error", "html", "closed", "not-json"],
)
def test_error_text(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: provoke an OAuth error, an HTML page, a closed connection and a broken answer. Check: the error's texts."""
    trouble = {
        "oauth-error": faults.oauth_error("invalid_request", description="no"),
        "html": faults.http_status(500, "<html>oops</html>", content_type="text/html"),
        "closed": faults.close_without_answer(),
        "not-json": faults.http_status(200, "not json", content_type="application/json"),
    }
    tenant.arm(trouble[variant.value])
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
    statement="The error about a key that cannot be read holds neither the key nor its password.",
)
def test_key_error_text(client: LabClient) -> None:
    """Do: an encrypted key with a wrong password. Check: neither stands in the error's text."""
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
    statement="The string forms of the client and of its token hold no secret.",
)
def test_describe(client: LabClient) -> None:
    """Do: get a token, then print client and token. Check: no secret, token, assertion, password or key in the text."""
    answer = client.try_get_token()
    assert isinstance(answer, Token | ErrorInfo)
    _require_clean(client, client.describe(), "the string form of client or token")


# RFC 6819 §5.1.6 and practice: logs are read by more people, and kept for longer, than anybody intended.
@requirement(
    "secrecy.log",
    level=SHOULD,
    source="practice; RFC 6819 4.6, 5.1",
    statement="What the client logs at its default level holds no secret.",
)
def test_log(another_client: Callable[[], LabClient], tenant: Tenant) -> None:
    """Do: start the client anew; get a token, then meet an error and a broken answer. Check: its log, to the end."""
    client = another_client()
    with watched_log(client.adapter) as text:
        client.try_get_token()
        for trouble in (faults.oauth_error("invalid_grant"), faults.body("not json")):
            tenant.clear_faults()
            client.configure()
            tenant.arm(trouble)
            client.try_get_token()
        client.adapter.close()
        leaked = leaks(secrets_of(client), [text()])
    require(not leaked, expected="a log without secrets", seen=f"{', '.join(leaked)} in: {text()[-300:]}")


# RFC 9110 §10.1.5: a User-Agent says which software asks; §17.9 warns of what identifies more than that.
@requirement(
    "secrecy.user-agent",
    level=INTEROP,
    source="RFC 9110 10.1.5, 17.9",
    statement="No header field but Authorization carries a secret.",
)
def test_user_agent(client: LabClient) -> None:
    """Do: get a token. Check: no secret, password, token or key in any other header field of the request."""
    client.try_get_token()
    request = client.token_request()
    fields = {name: value for name, value in request.headers if name.lower() != "authorization"}
    for name, value in fields.items():
        leaked = leaks(secrets_of(client), [value])
        require(
            not leaked, expected=f"{name} without secrets", seen=f"{', '.join(leaked)} in {name}", mark=Mark(text=value[:80])
        )


# RFC 9110 §10.1.3: "A user agent MUST NOT include the fragment and userinfo components of the URI reference, if any, when
# generating the Referer field value". It "MAY truncate parts other than the referring origin": the query, which may hold a
# key, is one of them.
@requirement(
    "secrecy.referer",
    level=MUST,
    source="RFC 9110 10.1.3, 17.9",
    statement="A Referer, where one is sent after a redirect, has no user information in it, and better no query.",
)
def test_referer(client: LabClient, tenant: Tenant) -> None:
    """Do: a token URL with user information, and one with a query, redirects. Check: what of them a Referer holds."""
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
