"""Texts of the client: no error, log or string form contains secrets, tokens, assertions, passwords or keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.key_material import KEY_PASSWORD, private_pem
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.lab.log_watch import watched_log
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import EXPIRY, INTEROP, JWT_BEARER, UNSAFE, Variant, damage, practice, quote, requirement
from oauth_gauntlet_scenarios.secrets_of import excerpt, leaks, secrets_of
from oauth_gauntlet_server import Tenant, faults
from oauth_gauntlet_server.faults.base import Fault

# A part of several bases. Both sentences name those who may have a token, and no place where a client shows it: therefore these
# requirements are hazards, and no violations.
_CONFIDENTIAL = (
    quote(
        "RFC 6749 10.3",
        "Access token credentials (as well as any confidential access token attributes) MUST be kept confidential in transit "
        "and storage, and only shared among the authorization server, the resource servers the access token is valid for, and "
        "the client to whom the access token is issued.",
    ),
    quote(
        "RFC 6749 10.4",
        "Refresh tokens MUST be kept confidential in transit and storage, and shared only among the authorization server and "
        "the client to whom the refresh tokens were issued.",
    ),
)

_RECEIVED = ("gauntlet-received-access-token-8Vw3", "gauntlet-received-refresh-token-5Jz6")


def _texts(error: ErrorInfo) -> list[str]:
    """Return the texts that are the client's own; the description is the server's, and an application asks for it."""
    return [error.message, error.type]


def _require_clean(client: LabClient, texts: Iterable[str], where: str) -> None:
    secrets = secrets_of(client)
    leaked = leaks(secrets, texts)
    require(
        not leaked,
        expected=f"{where} without secrets",
        seen=f"{', '.join(leaked)} in {where}: {excerpt(secrets, texts)}",
    )


@requirement(
    "secrecy.error-text",
    level=UNSAFE,
    basis=[
        damage("Error texts go to logs, error pages and monitoring: whoever reads them has the secret or the token."),
        *_CONFIDENTIAL,
    ],
    renewals=[EXPIRY],
    renewal_variants=["oauth-error"],
    statement="The text of an error contains no secret, token, assertion, password or key of the client.",
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
        _require_clean(client, _texts(answer), "the text of the error")


def _unusable(content_type: str, body: str, status: int = 200) -> Fault:
    """Return an answer that is no token response; {access} and {refresh} in its body become tokens."""
    access, refresh = _RECEIVED
    whole = body.replace("{access}", access).replace("{refresh}", refresh)
    return faults.http_status(status, whole, content_type=content_type)


_PAIR = '"access_token": "{access}", "refresh_token": "{refresh}"'
_JSON = "application/json"


# The token is the server's to give and may be in force, but only a server in breach sends it like this: a warning. Where the
# server's error_description repeats a secret, a client that passes it on does what the description is for: that is no finding.
@requirement(
    "secrecy.received-token",
    level=INTEROP,
    basis=[
        practice(
            "Servers and gateways send tokens in answers that a client cannot use. A client that quotes the answer writes live "
            "tokens into logs, error pages and monitoring."
        ),
        *_CONFIDENTIAL,
    ],
    statement="Neither the error about an answer that the client cannot use, nor its log, contains the tokens of that answer.",
    variants={
        "beside-an-error": _unusable(_JSON, '{"error": "invalid_request", "token_type": "Bearer", ' + _PAIR + "}", 400),
        "beside-an-error-200": _unusable(_JSON, '{"error": "invalid_request", "token_type": "Bearer", ' + _PAIR + "}"),
        "error-status": _unusable(_JSON, '{"token_type": "Bearer", ' + _PAIR + "}", 500),
        "cut-short": _unusable(_JSON, "{" + _PAIR + ', "token_ty'),
        "array": _unusable(_JSON, '[{"token_type": "Bearer", ' + _PAIR + "}]"),
        "html": _unusable("text/html", "<html><pre>{" + _PAIR + "}</pre></html>"),
        "no-access-token": _unusable(
            _JSON, '{"token_type": "Bearer", "accessToken": "{access}", "refresh_token": "{refresh}"}'
        ),
    },
)
def test_received_token(another_client: Callable[[], LabClient], tenant: Tenant, variant: Variant) -> None:
    """Do: the answer contains tokens beside an error, in a response of an error status, or in a body that is no token response.

    Check: the texts of the error, and the whole log.
    """
    client = another_client()
    tenant.arm(variant.value)
    with watched_log(client.adapter) as text:
        answer = client.try_get_token()
        client.adapter.close()
        shown = {"the log": [text()], "the text of the error": _texts(answer) if isinstance(answer, ErrorInfo) else []}
    tokens = list(zip(("access token", "refresh token"), _RECEIVED, strict=True))
    for where, texts in shown.items():
        leaked = leaks(tokens, texts)
        require(
            not leaked,
            expected=f"{where} without the tokens of the answer",
            seen=f"{', '.join(leaked)} in {where}: {excerpt(tokens, texts)}",
            mark=Mark(text=_RECEIVED[0], part="response"),
        )


@requirement(
    "secrecy.key-error-text",
    level=UNSAFE,
    basis=damage("Error texts go to logs, error pages and monitoring: whoever reads them can sign as the client."),
    grants=[JWT_BEARER],
    parameters=["private_key_password"],
    statement="The error about an unreadable key contains neither the key nor its password.",
)
def test_key_error_text(client: LabClient) -> None:
    """Do: configure an encrypted key with a wrong password.

    Check: the error's text contains neither of them.
    """
    key = private_pem("rsa", password=KEY_PASSWORD)
    client.control(private_key=key, private_key_password=KEY_PASSWORD)
    answer = client.obtain(private_key=key, private_key_password="gauntlet wrong password")
    if isinstance(answer, ErrorInfo):
        _require_clean(client, _texts(answer), "the text of the error")


# A string form gives nothing away by itself: a program has to print it first. Therefore this is no hazard.
@requirement(
    "secrecy.describe",
    level=INTEROP,
    basis=practice("Programs print objects while they are debugged, and frameworks print them in tracebacks and error pages."),
    capabilities=["describe"],
    statement="The string representations of the client and of its token contain no secret.",
)
def test_describe(client: LabClient) -> None:
    """Do: get a token, then convert client and token to strings.

    Check: no secret, token, assertion, password or key.
    """
    client.get_token()
    texts = client.describe()
    if not any(texts):
        untestable("the adapter describes the client by no text")
    _require_clean(client, texts, "the string representation of client or token")


@requirement(
    "secrecy.log",
    level=UNSAFE,
    basis=[
        damage("More people read logs, and logs are kept longer, than intended: the secret or the token is given away."),
        *_CONFIDENTIAL,
    ],
    statement="The client's log at its default level contains no secret.",
)
def test_log(another_client: Callable[[], LabClient], tenant: Tenant) -> None:
    """Do: start the client; get an error, then a broken response, then a token. Check: its whole log."""
    client = another_client()
    with watched_log(client.adapter) as text:
        # The token comes last: a client may keep it for the same configuration, and send nothing more.
        for fault in (faults.oauth_error("invalid_grant"), faults.body("not json")):
            tenant.clear_faults()
            client.configure()
            tenant.arm(fault)
            client.try_get_token()
        tenant.clear_faults()
        client.configure()
        client.try_get_token()
        client.adapter.close()
        secrets = secrets_of(client)
        leaked = leaks(secrets, [text()])
    require(not leaked, expected="a log without secrets", seen=f"{', '.join(leaked)} in: {excerpt(secrets, [text()])}")
