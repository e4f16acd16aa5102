"""The credentials in the URL of a proxy: the proxy gets them, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, usable
from oauth_gauntlet.model import Mark
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    UNSAFE,
    Variant,
    damage,
    practice,
    requirement,
    rule,
)
from oauth_gauntlet_scenarios.proxy.proxied import (
    GRANTS,
    PROXY,
    PROXY_AND_TLS,
    USER,
    accepted,
    another_server,
    ask_by_http,
    ask_by_https,
    client_behind,
    open_proxy,
    used,
)
from oauth_gauntlet_scenarios.secrets_of import leaks
from oauth_gauntlet_server import Tenant

_PASSWORD = "gauntlet-proxy-password"


@requirement(
    "proxy.authenticates",
    level=INTEROP,
    basis=[
        practice(
            "Operators write the credentials of the proxy into its URL. Characters with a meaning there are percent-encoded."
        ),
        rule("RFC 9110 11.7.2", "Proxy-Authorization = credentials"),
    ],
    grants=GRANTS,
    capabilities=PROXY,
    covered_by=["proxy.used", "proxy.absolute-form"],
    statement="The client authenticates to the proxy with the credentials in its URL, percent-decoded.",
    variants={"plain": _PASSWORD, "percent-encoded": "p@ss/word%1"},
)
def test_authenticates(another_client: Callable[..., LabClient], tenant: Tenant, variant: Variant) -> None:
    """Do: the proxy asks for credentials (407), which its URL contains; get a token by plain http.

    Check: the proxy gets user and password, decoded, and the application gets the token.
    """
    with open_proxy(tenant) as proxy:
        proxy.credentials = USER, variant.value
        answer = ask_by_http(client_behind(another_client, proxy, password=variant.value))
        used(proxy, answer)
        presented = proxy.requests[-1].credentials()
        require(
            presented == proxy.credentials,
            expected=f"Proxy-Authorization with user {USER!r} and password {variant.value!r}",
            seen="the client sent the proxy no credentials in the scheme Basic"
            if presented is None
            else f"the client sent the proxy other credentials than those in its URL: {presented!r}",
        )
        usable(answer)


@requirement(
    "proxy.credentials-stay",
    level=UNSAFE,
    basis=[
        damage("The password of the proxy, given to every server behind it."),
        rule(
            "RFC 9110 11.7.2",
            "Unlike Authorization, the Proxy-Authorization header field applies only to the next inbound proxy that demanded "
            "authentication using the Proxy-Authenticate header field.",
        ),
    ],
    grants=[CLIENT_CREDENTIALS],
    capabilities=PROXY_AND_TLS,
    statement="The credentials of the proxy do not reach the server.",
    platform=True,
)
def test_credentials_stay(another_client: Callable[..., LabClient], tenant: Tenant, ports: Ports) -> None:
    """Do: get a token by https through a proxy with credentials. Check: no Proxy-Authorization arrives at the server."""
    with open_proxy(tenant, ports.open(tls=True)) as proxy:
        proxy.credentials = USER, _PASSWORD
        accepted(ask_by_https(client_behind(another_client, proxy, password=_PASSWORD), ports), proxy)
        for request in tenant.journal.requests():
            require(
                request.header("proxy-authorization") is None,
                expected="the credentials of the proxy in CONNECT only",
                seen="the credentials of the proxy were sent to the authorization server, in Proxy-Authorization",
                mark=Mark(text="Proxy-Authorization"),
            )


@requirement(
    "proxy.password-not-told",
    level=UNSAFE,
    basis=damage("The password of the proxy, in logs and error messages."),
    grants=[CLIENT_CREDENTIALS],
    capabilities=PROXY,
    statement="Neither an error about a proxy nor a string form of the client contains the password in the proxy's URL.",
    variants=["refused", "unreachable"],
)
def test_password_not_told(another_client: Callable[..., LabClient], tenant: Tenant, variant: Variant) -> None:
    """Do: get a token through a proxy with credentials; then the proxy refuses them, or is gone.

    Check: neither the error nor the string forms of the client contain the password.
    """
    with open_proxy(tenant) as proxy:
        proxy.credentials = USER, _PASSWORD
        client = client_behind(another_client, proxy, password=_PASSWORD)
        accepted(ask_by_http(client), proxy)
        if variant.name == "refused":
            proxy.credentials = USER, "another"
            proxy.close_connections()
        else:
            proxy.close()
        answer = ask_by_http(client, another_server(client))
        if not isinstance(answer, ErrorInfo):
            untestable("the client returned a token that it had kept")
        forms = client.describe() if "describe" in client.hello.capabilities else ()
        for place, texts in (("the error", [str(each) for each in astuple(answer)]), ("a string form of the client", forms)):
            require(
                not leaks([("the password", _PASSWORD)], texts),
                expected=f"{place} without the password of the proxy",
                seen=f"the password of the proxy is in {place}: "
                f"{next((text for text in texts if _PASSWORD in text), 'in an encoded form')}",
            )
