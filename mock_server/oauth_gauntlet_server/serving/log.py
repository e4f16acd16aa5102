"""The log of ``serve``: a line for each request, and notices of what the server does by itself."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import Any

from oauth_gauntlet_server.serving.output import Output
from oauth_gauntlet_server.serving.request_lines import as_json, as_text, clock_time, request_members
from oauth_gauntlet_server.tenancy.description import tenant_described
from oauth_gauntlet_server.tenancy.journal import Exchange
from oauth_gauntlet_server.tenancy.octets import exchange_octets
from oauth_gauntlet_server.tenancy.tenant import Tenant


class Style(StrEnum):
    """How the log is written."""

    TEXT = "text"
    JSON = "json"


class Log:
    """Prints requests and notices; an observer of tenants. With `quiet` it prints neither, only what `say` gets."""

    def __init__(self, output: Output, *, style: Style = Style.TEXT, quiet: bool = False) -> None:
        self._output = output
        self._style = style
        self._quiet = quiet

    def recorded(self, tenant: str | None, exchange: Exchange) -> None:
        """Print a line for a request."""
        if self._quiet:
            return
        at = time.time()
        line = as_json if self._style is Style.JSON else as_text
        self._output.put(
            lambda: line(at, request_members(tenant, exchange)), octets=exchange_octets(exchange.request, exchange.response)
        )

    def created(self, tenant: Tenant) -> None:
        """Print that a request created a tenant."""
        if not self._quiet:
            text = f"created tenant '{tenant.name}' on request: {tenant_described(tenant)}"
            self.say("tenant_created", text, tenant=tenant.name)

    def say(self, notice: str, text: str, **members: Any) -> None:
        """Print a notice: `text`, or a JSON object with the name of the notice, the text and `members`."""
        at = time.time()
        if self._style is Style.JSON:
            self._output.put(lambda: as_json(at, {"notice": notice, "message": text, **members}))
        else:
            self._output.put(lambda: f"{clock_time(at)}  {text}")

    def start(self, text: str, **members: Any) -> None:
        """Print what the server serves: `text`, or a JSON object with `members`."""
        if self._style is Style.JSON:
            at = time.time()
            self._output.put(lambda: as_json(at, {"notice": "started", **members}))
        else:
            self._output.say(text)

    def close(self) -> None:
        """Print what is waiting; not for long, because nobody may read it."""
        self._output.close()
