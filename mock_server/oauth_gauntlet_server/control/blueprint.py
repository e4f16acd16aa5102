"""The control API under ``/_control``: everything that the Python API does, from any language.

What carries requests out is imported when the first one comes, so that a server starts the quicker.
"""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.routing import BaseConverter

from oauth_gauntlet_server.control.access import Access
from oauth_gauntlet_server.tenancy.tenants import Tenants

PREFIX = "/_control"

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"]


class _Anything(BaseConverter):
    """Any rest of a path, line breaks and leading slashes too: what is wrong with it is ours to say."""

    part_isolating = False
    regex = r"[\s\S]*"


def control_api(tenants: Tenants, access: Access | None = None) -> Blueprint:
    """Return the blueprint of the control API for these tenants; by default it is for this machine only."""
    blueprint = Blueprint("control", __name__, url_prefix=PREFIX)
    who = access or Access()
    blueprint.record_once(lambda state: state.app.url_map.converters.update(anything=_Anything))

    # One route for all, since the table of operations is the one place that says what there is.
    @blueprint.route("/<anything:path>", methods=_METHODS, merge_slashes=False)
    def operation(path: str) -> Response:
        from oauth_gauntlet_server.control.respond import respond

        return respond(tenants, who, f"/{path}")

    @blueprint.route("", methods=_METHODS)
    def root() -> Response:
        return operation("")

    return blueprint
