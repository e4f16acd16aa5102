"""Secrecy: secrets, tokens, assertions, passwords and keys are in no text that a log may take."""

from __future__ import annotations

from collections.abc import Iterable

from oauth_gauntlet.checks import require
from oauth_gauntlet.key_material import KEY_PASSWORD, private_pem
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import ErrorInfo, Token
from oauth_gauntlet.requirement import JWT_BEARER, SHOULD, Variant, requirement
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
