"""The server for local development: its tenant, what it prints at its start, and the commands to paste."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from joserfc import jwt

from oauth_gauntlet_server.http.base_url import BaseURLSource, at_host, host_name, is_host
from oauth_gauntlet_server.jose.key_folder import KeyFolder
from oauth_gauntlet_server.jose.keys import new_signing_key
from oauth_gauntlet_server.listening.certificates import IssuedCertificate
from oauth_gauntlet_server.server import MockServer
from oauth_gauntlet_server.tenancy.memory import DEFAULT_MEMORY
from oauth_gauntlet_server.tenancy.model import CLIENT_CREDENTIALS, JWT_BEARER, RegisteredClient, User
from oauth_gauntlet_server.tenancy.naming import Naming
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_settings import settings_on_request
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs
from oauth_gauntlet_server.tenancy.tenants import AT_ROOT, Observer, Tenants

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8080

CLIENT_ID = "demo-client"
CLIENT_SECRET = "demo-secret"
USERNAME = "demo-user"
PASSWORD = "demo-password"

ASSERTION_LIFETIME_S = 30 * 86_400
"""How long the assertion in the printed command stays valid, in seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """A command to paste, with a title that names what it shows."""

    title: str
    command: str


FROM_REQUESTS = Naming(source=BaseURLSource.HOST)
"""By default a server for development has the name by which each client calls it."""


def development_server(
    *,
    host: str,
    port: int,
    tls: IssuedCertificate | bool = False,
    auto_create: bool = True,
    control_hosts: Iterable[str] = (),
    control_token: str | None = None,
    naming: Naming = FROM_REQUESTS,
    keys: Path | None = None,
    memory: int = DEFAULT_MEMORY,
    observer: Observer | None = None,
    like: str | None = None,
) -> MockServer:
    """Return a server that is not started yet. With `auto_create` the first use of a name creates a lenient tenant.

    `keys` is a folder that keeps the signing keys of the tenants. `like` names the vendor whose profile such tenants have,
    and the tenant ``default``.

    Raises:
        KeyFileError: the folder, or a file in it, cannot be used.
        ProfileError: there is no such profile.
    """
    key_keeper = None if keys is None else KeyFolder(keys).keeper_of
    tenants = Tenants(
        auto_create=auto_create, key_keeper=key_keeper, memory=memory, naming=naming, observer=observer, like=like
    )
    return MockServer(host=host, port=port, tenants=tenants, tls=tls, control_hosts=control_hosts, control_token=control_token)


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalAccess:
    """How programs on this machine reach a server: its base URL, and the options that curl needs."""

    url: str
    curl: tuple[str, ...] = ()


def local_access(server: MockServer, *, ca_file: Path | None = None, names: Collection[str] = ()) -> LocalAccess:
    """Return how programs on this machine reach a bound server.

    `ca_file` is what they trust, if it has TLS. `names` are those in its own certificate: the URL has one of them.
    """
    url, trust = server.local_url, () if ca_file is None else ("--cacert", str(ca_file))
    hosts = sorted(name for name in names if not name.startswith("*") and is_host(name))
    if not hosts or host_name(url).strip("[]") in names:
        return LocalAccess(url=url, curl=trust)
    if "localhost" in hosts:
        return LocalAccess(url=at_host(url, "localhost"), curl=trust)
    named = at_host(url, hosts[0])
    host, _, port = url.rpartition("//")[2].rpartition(":")
    return LocalAccess(url=named, curl=(*trust, "--resolve", f"{hosts[0]}:{port}:{host}"))


def default_tenant(server: MockServer) -> Tenant:
    """Create the tenant ``default`` of a bound server, with a client, a user and the tokens that the hints use."""
    like = server.tenants.like
    scope: Mapping[str, Any] = {"default_scope": "demo"} if like is None else {}
    tenant = server.tenant(AT_ROOT, **settings_on_request(like), **scope)
    tenant.register_client(RegisteredClient(client_id=CLIENT_ID, client_secret=CLIENT_SECRET))
    tenant.register_user(User(username=USERNAME, password=PASSWORD))
    tenant.mint_refresh_token(CLIENT_ID, username=USERNAME, scope="demo", token="demo-refresh-token")
    tenant.mint_access_token(CLIENT_ID, username=USERNAME, scope="demo", expires_in=None, token="demo-access-token")
    return tenant


def token_command(tenant: Tenant, *, urls: TenantURLs | None = None, curl: Sequence[str] = ()) -> str:
    """Return a command that gets a token from a tenant with client_credentials.

    A lenient tenant grants it as it is. For a strict tenant it names a registered client, but not the secret, which the
    user has chosen and which need not be in a log. `urls` and `curl` are those of `hints`.
    """
    user = f"{CLIENT_ID}:{CLIENT_SECRET}"
    if tenant.settings.strict:
        known = next((each.client_id for each in tenant.clients.values() if _takes_basic(each)), "CLIENT_ID")
        # RFC 6749 §2.3.1: client id and secret are form-urlencoded before base64.
        user = f"{quote_plus(known)}:CLIENT_SECRET"
    return shlex.join(
        ["curl", "-sS", *curl, "-u", user, (urls or tenant.urls).token_url, "-d", f"grant_type={CLIENT_CREDENTIALS}"]
    )


def _takes_basic(client: RegisteredClient) -> bool:
    return "client_secret_basic" in client.token_endpoint_auth_methods and client.check_grant_type(CLIENT_CREDENTIALS)


def hints(tenant: Tenant, *, urls: TenantURLs | None = None, curl: Sequence[str] = (), scim: bool = False) -> tuple[Hint, ...]:
    """Return a command to paste for each grant and for each use of a token; with `scim` for SCIM too.

    `urls` are the tenant's URLs in the commands, by default its own; `curl` are options that each command needs.
    """
    client = f"{CLIENT_ID}:{CLIENT_SECRET}"
    command = ["curl", "-sS", *curl]
    urls = urls or tenant.urls

    def post(url: str, *pairs: str) -> str:
        return shlex.join([*command, "-u", client, url, *(part for pair in pairs for part in ("--data-urlencode", pair))])

    bearer = [*command, "-H", "Authorization: Bearer demo-access-token"]
    user = '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "bjensen"}'
    provisioning = (
        Hint(title="SCIM: test the connection", command=shlex.join([*bearer, f"{urls.scim_url}/ServiceProviderConfig"])),
        Hint(
            title="SCIM: create a user",
            command=shlex.join([*bearer, "-H", "Content-Type: application/scim+json", f"{urls.scim_url}/Users", "-d", user]),
        ),
    )
    return (
        Hint(title="client_credentials", command=post(urls.token_url, "grant_type=client_credentials", "scope=demo")),
        Hint(
            title="password",
            command=post(urls.token_url, "grant_type=password", f"username={USERNAME}", f"password={PASSWORD}"),
        ),
        Hint(
            title="refresh_token",
            command=post(urls.token_url, "grant_type=refresh_token", "refresh_token=demo-refresh-token"),
        ),
        Hint(
            title="jwt-bearer",
            command=post(urls.token_url, f"grant_type={JWT_BEARER}", f"assertion={_assertion(tenant, urls)}"),
        ),
        Hint(title="introspection", command=post(urls.introspection_url, "token=demo-access-token")),
        Hint(
            title="protected resource",
            command=shlex.join([*bearer, urls.resource_url]),
        ),
        *(provisioning if scim else ()),
        Hint(
            title="a failure on demand",
            command=post(f"{urls.issuer}/faults/invalid-grant/token", "grant_type=client_credentials"),
        ),
    )


def _assertion(tenant: Tenant, urls: TenantURLs) -> str:
    now = int(tenant.clock.now())
    claims = {
        "iss": "https://issuer.demo.example",
        "sub": USERNAME,
        "aud": urls.token_url,
        "iat": now,
        "exp": now + ASSERTION_LIFETIME_S,
        "jti": secrets.token_hex(8),
    }
    key = new_signing_key("ES256")
    return jwt.encode({"typ": "JWT", "alg": "ES256", "kid": key.kid}, claims, key, algorithms=["ES256"])
