"""A SCIM 2.0 service provider behind a tenant's bearer tokens (RFC 7643, RFC 7644): a resource that is real.

The provider is scim2-server, an optional extra, and imported when the first request comes. Each tenant has a store of
its own, bounded like all that a tenant keeps; the challenges are those of the protected resource (RFC 6750 §3).
"""

from __future__ import annotations

import importlib.util
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.wsgi import Environ, WSGIApp, call
from oauth_gauntlet_server.oauth.resource import refused
from oauth_gauntlet_server.tenancy.store import MemoryStore, Store
from oauth_gauntlet_server.tenancy.tenant import Tenant

if TYPE_CHECKING:
    from scim2_models import ScimProvider

PREFIX = "/scim"
VERSION = "/v2"

MOST_RESOURCES = 10_000
"""Users and groups that a tenant keeps; one more is refused."""

MOST_PROVIDERS = 1000
"""Tenants whose SCIM stores are kept; of more, the oldest begin anew."""

MISSING = "SCIM needs scim2-server: pip install 'oauth-gauntlet[scim]'"


def is_available() -> bool:
    """Whether the optional extra ``scim`` is installed."""
    return importlib.util.find_spec("scim2_server") is not None


def load() -> None:
    """Import the provider and make one, for nothing: on a busy machine that takes longer than a client may wait.

    Raises:
        ImportError: the optional extra is not installed.
    """
    import scim2_server.applications.wsgi
    import scim2_server.memory  # noqa: F401

    _provider()


class ScimProviders:
    """The service providers of all tenants, each made when it is first asked for."""

    def __init__(self) -> None:
        self._applications: Store[WSGIApp] = MemoryStore(MOST_PROVIDERS)
        self._making = threading.Lock()

    def answer(self, tenant: Tenant, request: RecordedRequest, environ: Environ) -> Answer:
        """Answer a request below ``/<tenant>/scim/v2/``; without a good token it is a challenge."""
        refusal = refused(tenant, request)
        if refusal is not None:
            return refusal
        if not is_available():
            return json_answer(501, {"error": "scim_unavailable", "error_description": MISSING})
        mounted = f"/{tenant.name}{PREFIX}"
        inner = {**environ, "SCRIPT_NAME": mounted, "PATH_INFO": environ["PATH_INFO"].removeprefix(mounted)}
        return call(self._application(tenant), inner, request)

    def _application(self, tenant: Tenant) -> WSGIApp:
        with self._making:
            # A tenant that was made anew under its old name has nothing of the old one.
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
        """A store of a limited number of resources, on the tenant's clock."""

        def create(self, *arguments: Any, **more: Any) -> Any:
            if len(self.resources) >= MOST_RESOURCES:
                raise Full(detail=f"This provider keeps {MOST_RESOURCES} resources at most")
            return super().create(*arguments, **more)

    storage = Bounded(lambda: datetime.fromtimestamp(tenant.clock.now(), UTC))
    application: WSGIApp = WSGIApplication(storage, _provider())
    return application


@cache
def _provider() -> ScimProvider:
    """Return what is the same for all tenants: schemas and resource types. To make models of them takes a tenth of a second."""
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
