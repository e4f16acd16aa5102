"""The control API under ``/_control``: everything that the Python API does, from any language.

What carries requests out is imported when the first one comes, so that a server starts the quicker.
"""

from __future__ import annotations

from flask import Blueprint, Response

from oauth_gauntlet_server.control.access import Access
from oauth_gauntlet_server.tenants import Tenants

__all__ = ["Access", "control_api"]

PREFIX = "/_control"

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"]


def control_api(tenants: Tenants, access: Access | None = None) -> Blueprint:
    """Return the blueprint of the control API for these tenants; by default it is for this machine only."""
    blueprint = Blueprint("control", __name__, url_prefix=PREFIX)
    who = access or Access()

    # One route for all, since the table of operations is the one place that says what there is.
    @blueprint.route("", defaults={"path": ""}, methods=_METHODS)
    @blueprint.route("/", defaults={"path": ""}, methods=_METHODS)
    @blueprint.route("/<path:path>", methods=_METHODS, merge_slashes=False)
    def operation(path: str) -> Response:
        from oauth_gauntlet_server.control.respond import respond

        return respond(tenants, who, f"/{path}")

    return blueprint
