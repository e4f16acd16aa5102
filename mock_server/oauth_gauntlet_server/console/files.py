"""Serve the console's page, style sheet and scripts, with a Content-Security-Policy that allows nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Response, request

from oauth_gauntlet_server.console.page import page
from oauth_gauntlet_server.control.access import Access
from oauth_gauntlet_server.control.problem import Problem
from oauth_gauntlet_server.http.wsgi import current_request

STATIC = Path(__file__).parent / "static"

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        # Text can never become markup: a DOM sink that gets a string throws.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def respond(access: Access, path: str | None) -> Response:
    """Return the response to Flask's current request; `path` is what follows ``/_console/``, None without the slash.

    The page is served to those who may use the control API. It contains no secret, so it is served without the
    control token; the page itself asks the user for that.
    """
    recorded = current_request()
    try:
        access.check(recorded, scheme=request.scheme, peer=request.environ.get("REMOTE_ADDR") or "", with_token=False)
    except Problem as problem:
        return _text(problem.status, f"{problem.detail}\n")
    if path is None:
        # The page's URLs are relative, so that the application can be mounted below any path.
        return Response(status=308, headers={**HEADERS, "Location": "_console/"})
    if path == "":
        text = page(asks_for_token=access.token is not None)
        return Response(text, content_type="text/html; charset=utf-8", headers=HEADERS)
    kind = TYPES.get(Path(path).suffix)
    if kind is None or path not in names():
        return _text(404, "the console has no such file\n")
    return Response((STATIC / path).read_bytes(), content_type=f"{kind}; charset=utf-8", headers=HEADERS)


@cache
def names() -> frozenset[str]:
    """Return the names of the files that the page loads."""
    return frozenset(each.name for each in STATIC.iterdir())


def _text(status: int, text: str) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8", headers=HEADERS)
