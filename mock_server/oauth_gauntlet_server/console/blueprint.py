"""Flask blueprint of the console. The handler is imported on the first request, so that a server starts faster."""

from __future__ import annotations

from flask import Blueprint, Response

from oauth_gauntlet_server.control.access import Access
from oauth_gauntlet_server.http.endpoints import CONSOLE


def console(access: Access | None = None) -> Blueprint:
    """Return the blueprint of the console; by default it serves this machine only."""
    blueprint = Blueprint("console", __name__, url_prefix=CONSOLE)
    who = access or Access()

    @blueprint.route("", defaults={"path": None}, merge_slashes=False)
    @blueprint.route("/", defaults={"path": ""}, merge_slashes=False)
    @blueprint.route("/<path:path>", merge_slashes=False)
    def file(path: str | None) -> Response:
        from oauth_gauntlet_server.console.files import respond

        return respond(who, path)

    return blueprint
