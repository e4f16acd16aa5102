"""What surrounds a request: settings of the machine, header fields that nobody asked for, and logs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.log_watch import watched_log
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    SHOULD,
    requirement,
)
from oauth_gauntlet_scenarios.secrets_of import leaks, secrets_of
from oauth_gauntlet_server import Tenant, faults

_NETRC = "default login gauntlet-netrc password gauntlet-netrc-password\n"


# RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request"; nor may a file of the
# machine's user take the place of what was configured. Several HTTP libraries read it unasked.
@requirement(
    "http.netrc",
    level=INTEROP,
    source="practice; RFC 6749 2.3",
    statement="A netrc file of the machine's user replaces no configured credentials and no bearer token.",
)
def test_netrc(
    another_client: Callable[[], LabClient], tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Do: start the client with a netrc file that has credentials for every host; get a token, use it where it can.

    Check: the credentials of the file arrive neither at the token endpoint nor at the resource.
    """
    file = tmp_path / "netrc"
    file.write_text(_NETRC)
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    client = another_client()
    client.try_get_token()
    if "resource" in client.hello.capabilities:
        client.try_request()
    for request in tenant.journal.requests():
        scheme, rest = witness.authorization(request)
        try:
            basic = request.basic_credentials() if scheme == "basic" else None
        except ValueError:
            basic = None
        require(
            basic is None or basic[0] != "gauntlet-netrc",
            expected="the configured credentials or the token",
            seen=f"the credentials of the netrc file: {scheme} {rest}",
            mark=Mark(text=rest),
        )


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


# RFC 6749 §2.3.1 has the client send its credentials with the request; no challenge precedes it (RFC 7617 §2.2 allows to
# send them unasked). A first request without them fails at servers that count failures.
@requirement(
    "auth.preemptive",
    level=INTEROP,
    source="practice; RFC 7617 2.2",
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS, PASSWORD],
    statement="The first token request carries the client's credentials, without waiting for a challenge.",
)
def test_preemptive(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: the first request has an Authorization field, or client_id in its body."""
    client.try_get_token()
    request = tenant.journal.requests("token")[0] if tenant.journal.count("token") else client.token_request()
    names = {name for name, _ in request.form}
    require(
        request.header("authorization") is not None or names & {"client_id", "client_assertion"},
        expected="credentials in the first request",
        seen=f"neither Authorization nor client_id; parameters: {', '.join(sorted(names))}",
        mark=Mark(text="POST", exchange=0),
    )
