"""Header fields of a token request: only Authorization contains a secret."""

from __future__ import annotations

from oauth_gauntlet.checks import advise, require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import EXPIRY, MUST, REFRESH, UNSAFE, USER_AGENT, damage, quote, requirement
from oauth_gauntlet_scenarios.secrets_of import leaks, secrets_of
from oauth_gauntlet_server import Tenant, faults


@requirement(
    "secrecy.user-agent",
    level=UNSAFE,
    basis=damage("Servers and proxies log header fields such as User-Agent. Only Authorization is usually left out."),
    renewals=[EXPIRY, REFRESH],
    statement="No header field except Authorization contains a secret.",
)
def test_user_agent(client: LabClient) -> None:
    """Do: get a token.

    Check: no other header field of the request contains a secret, password, token or key.
    """
    client.try_get_token()
    if not client.token_requests():
        untestable("no request arrived at the token endpoint")
    fields = {name: value for name, value in client.token_request().headers if name.lower() != "authorization"}
    for name, value in fields.items():
        leaked = leaks(secrets_of(client), [value])
        require(
            not leaked, expected=f"{name} without secrets", seen=f"{', '.join(leaked)} in {name}", mark=Mark(text=value[:80])
        )


# A user agent "MAY truncate parts other than the referring origin": the query, which may contain a key, is one of them.
@requirement(
    "secrecy.referer",
    level=MUST,
    basis=quote(
        "RFC 9110 10.1.3",
        "A user agent MUST NOT include the fragment and userinfo components of the URI reference [URI], if any, when "
        "generating the Referer field value.",
        binds=USER_AGENT,
    ),
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
