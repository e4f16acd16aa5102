"""Flask blueprint of the control API.

The handler is imported on the first request, so that a server starts faster.
"""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.routing import BaseConverter

from oauth_gauntlet_server.control.access import Access
from oauth_gauntlet_server.http.endpoints import CONTROL
from oauth_gauntlet_server.tenancy.tenants import Tenants

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"]


class _Anything(BaseConverter):
    """Match any rest of a path, with line breaks and leading slashes, so that our handler reports what is wrong."""

    part_isolating = False
    regex = r"[\s\S]*"


def control_api(tenants: Tenants, access: Access | None = None) -> Blueprint:
    """Return the blueprint of the control API for these tenants; by default it serves this machine only."""
    blueprint = Blueprint("control", __name__, url_prefix=CONTROL)
    who = access or Access()
    blueprint.record_once(lambda state: state.app.url_map.converters.update(anything=_Anything))

    # One route for all operations: the table of operations alone decides which ones exist.
    @blueprint.route("/<anything:path>", methods=_METHODS, merge_slashes=False)
    def operation(path: str) -> Response:
        from oauth_gauntlet_server.control.respond import respond

        return respond(tenants, who, f"/{path}")

    @blueprint.route("", methods=_METHODS)
    def root() -> Response:
        return operation("")

    return blueprint
