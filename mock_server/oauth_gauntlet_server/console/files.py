"""What the console is made of, on the wire: the page, its style and its modules, under a policy that lets nothing else in."""

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
        # No text can become markup: whatever would take it as such throws.
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
    """Answer the request that Flask is handling; `path` is what follows ``/_console/``, None where not even the slash does.

    Whoever may not use the control API has no use for the page. It holds no secret, so that the control token is asked
    for by the page itself.
    """
    recorded = current_request()
    try:
        access.check(recorded, scheme=request.scheme, peer=request.environ.get("REMOTE_ADDR") or "", with_token=False)
    except Problem as problem:
        return _text(problem.status, f"{problem.detail}\n")
    if path is None:
        # The page names its parts relative to itself, so that it may be mounted anywhere.
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
    """Return the names of the files that are served beside the page."""
    return frozenset(each.name for each in STATIC.iterdir())


def _text(status: int, text: str) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8", headers=HEADERS)
