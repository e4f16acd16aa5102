"""Credentials from outside the configuration: user information in the URL, a netrc file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import INTEROP, MUST, SENDER, practice, quote, requirement
from oauth_gauntlet_server import Tenant

_NETRC = "default login gauntlet-netrc password gauntlet-netrc-password\n"


# A client may refuse such a URL, or ignore its user information. Credentials of the URL in place of the configured ones are
# a warning: no sentence forbids them.
@requirement(
    "http.userinfo",
    level=MUST,
    basis=[
        quote(
            "RFC 9110 4.2.4",
            'A sender MUST NOT generate the userinfo subcomponent (and its "@" delimiter) when an "http" or "https" URI '
            "reference is generated within a message as a target URI or field value.",
            binds=SENDER,
        ),
        quote(
            "RFC 9112 3.2",
            "If the target URI includes an authority component, then a client MUST send a field value for Host that is "
            'identical to that authority component, excluding any userinfo subcomponent and its "@" delimiter (Section 4.2 '
            "of [HTTP]).",
        ),
    ],
    statement="User information in the token URL is refused, or stays out of the request and of the client's credentials.",
)
def test_userinfo(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a token URL with user and password.

    Check: it is refused, or the client uses its own credentials.
    """
    client.control()
    scheme, _, rest = tenant.token_url.partition("://")
    client.obtain(token_url=f"{scheme}://url-user:url-password@{rest}")
    for request in tenant.journal.requests("token"):
        for part, text in (("Host", request.header("host") or ""), ("request target", request.target)):
            found = "url-user" in text
            require(not found, expected=f"a {part} without user information", seen=text, mark=Mark(text=text))
        basic = witness.basic_credentials(request)
        advise(
            # If the client has no credentials itself, those of the URL replace nothing.
            basic is None or basic[0] != "url-user" or "client_id" not in client.config,
            expected="the configured client's credentials, or a refusal of the URL",
            seen="the credentials of the URL",
            mark=Mark(text="Authorization"),
        )


@requirement(
    "http.netrc",
    level=INTEROP,
    basis=practice("Several HTTP libraries read this file by default: then a file on one machine decides who the client is."),
    statement="A netrc file of the machine's user replaces neither configured credentials nor a bearer token.",
)
def test_netrc(another_client: Callable[..., LabClient], tenant: Tenant, tmp_path: Path) -> None:
    """Do: start the client with a netrc file for every host; get a token, and use it if the client can.

    Check: the file's credentials arrive neither at the token endpoint nor at the resource.
    """
    file = tmp_path / "netrc"
    file.write_text(_NETRC)
    file.chmod(0o600)
    client = another_client({"NETRC": str(file)})
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
