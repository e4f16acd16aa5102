"""A SCIM 2.0 service provider behind a tenant's bearer tokens (RFC 7643, RFC 7644).

It is a realistic protected resource. The provider is scim2-server, an optional extra that is imported with the first
request. Each tenant has its own bounded store. Requests without a valid token get the challenges of the protected
resource (RFC 6750 §3).
"""

from __future__ import annotations

import importlib.util
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.base_url import origin_and_path
from oauth_gauntlet_server.http.endpoints import SCIM
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.wsgi import Environ, WSGIApp, call
from oauth_gauntlet_server.oauth.resource import bearer_challenge
from oauth_gauntlet_server.tenancy.store import MemoryStore, Store
from oauth_gauntlet_server.tenancy.tenant import Tenant

if TYPE_CHECKING:
    from scim2_models import ScimProvider

# Without the version (v2): the provider itself reads that from the path.
_MOUNT = SCIM.segment

MOST_RESOURCES = 10_000
"""Limit of users and groups together, per tenant; one more is rejected with 507."""

MOST_PROVIDERS = 1000
"""Limit of SCIM stores; if more tenants use SCIM, the oldest store is dropped and its tenant starts with an empty one."""

MISSING = "SCIM needs scim2-server: pip install 'oauth-gauntlet[scim]'"


def is_available() -> bool:
    """Return whether the optional extra ``scim`` is installed."""
    return importlib.util.find_spec("scim2_server") is not None


def load() -> None:
    """Import the provider in advance: on a busy machine the import takes longer than the timeout of some clients.

    Raises:
        ImportError: the optional extra is not installed.
    """
    import scim2_server.applications.wsgi
    import scim2_server.memory  # noqa: F401

    _provider()


class ScimProviders:
    """The service providers of all tenants; each is created with its first request."""

    def __init__(self) -> None:
        self._applications: Store[WSGIApp] = MemoryStore(MOST_PROVIDERS)
        self._making = threading.Lock()

    def answer(self, tenant: Tenant, request: RecordedRequest, environ: Environ, base_url: str | None = None) -> Answer:
        """Return the answer to a request below ``/<tenant>/scim/v2/``; a challenge if it has no valid token.

        `base_url` is the start of the URLs in the answer; None: scheme and host of the environ.
        """
        refusal = bearer_challenge(tenant, request)
        if refusal is not None:
            return refusal
        if not is_available():
            return json_answer(501, {"error": "scim_unavailable", "error_description": MISSING})
        mounted = f"/{tenant.name}/{_MOUNT}"
        inner = {**environ, "SCRIPT_NAME": mounted, "PATH_INFO": environ["PATH_INFO"].removeprefix(mounted)}
        if base_url is not None:
            origin, path = origin_and_path(base_url)
            scheme, _, host = origin.partition("://")
            inner |= {"wsgi.url_scheme": scheme, "HTTP_HOST": host, "SCRIPT_NAME": f"{path}{mounted}"}
        return call(self._application(tenant), inner, request)

    def _application(self, tenant: Tenant) -> WSGIApp:
        with self._making:
            # A new tenant with the name of a deleted one must not get the old store.
            key = f"{tenant.name} {id(tenant.journal)}"
            found = self._applications.get(key)
            if found is None:
                found = _application(tenant)
                self._applications.put(key, found)
            return found


def _application(tenant: Tenant) -> WSGIApp:
    from datetime import UTC, datetime

    from scim2_models import SCIMException
    from scim2_server.applications.wsgi import WSGIApplication
    from scim2_server.memory import InMemoryStorage

    class Full(SCIMException):
        """RFC 4918 §11.5: the server is unable to store what is needed."""

        status = 507

    class Bounded(InMemoryStorage):
        """A store with a limit, on the tenant's clock, and with identifiers from the tenant's source."""

        def generate_id(self, *_: Any, **__: Any) -> str:
            return identifiers.hexadecimal(16)

        def create(self, *arguments: Any, **more: Any) -> Any:
            if len(self.resources) >= MOST_RESOURCES:
                raise Full(detail=f"This provider stores at most {MOST_RESOURCES} resources")
            return super().create(*arguments, **more)

    identifiers = tenant.randomness.derived("scim")
    storage = Bounded(lambda: datetime.fromtimestamp(tenant.clock.now(), UTC))
    application: WSGIApp = WSGIApplication(storage, _provider())
    return application


@cache
def _provider() -> ScimProvider:
    """Return the schemas and resource types, which all tenants share: building their models takes a tenth of a second."""
    from scim2_models import ScimProvider
    from scim2_server.testserver.application import BEARER_TOKEN_SCHEME
    from scim2_server.utils import (
        load_default_resource_types,
        load_default_schemas,
        load_default_service_provider_config,
    )

    config = load_default_service_provider_config()
    config.authentication_schemes = [BEARER_TOKEN_SCHEME]
    return ScimProvider.from_discovery(load_default_schemas().values(), load_default_resource_types().values(), config=config)
