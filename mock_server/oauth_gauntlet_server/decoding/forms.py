"""Decode a form or a query: one row for each pair, with a note where the pair is unusual."""

from __future__ import annotations

from collections import Counter

from oauth_gauntlet_server.decoding.parts import Part, Row, State
from oauth_gauntlet_server.decoding.visible import visible
from oauth_gauntlet_server.http.endpoints import takes_form
from oauth_gauntlet_server.http.form import FormError, Pairs
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.oauth.request_style import FORM_TYPE


def form_part(request: RecordedRequest, endpoint: str) -> Part | None:
    """Return the form of a request: a body with the form's media type, or any body at an endpoint that expects a form."""
    labelled = request.media_type == FORM_TYPE
    if not request.body or not (labelled or takes_form(endpoint)):
        return None
    title = "Form"
    try:
        rows = _rows(request.form)
    except FormError as error:
        finding = f"The form cannot be decoded: {visible(str(error), 300)}."
        return Part(kind="form", title=title, state=State.BAD, finding=finding)
    if labelled:
        return Part(kind="form", title=title, rows=rows)
    sent = visible(request.header("content-type") or "missing", 100)
    finding = f"The Content-Type is {sent}; it must be {FORM_TYPE} (RFC 6749 §4)."
    return Part(kind="form", title=title, rows=rows, state=State.BAD, finding=finding)


def query_part(request: RecordedRequest) -> Part | None:
    """Return the query of a request's target, or None without one."""
    if not request.query:
        return None
    try:
        return Part(kind="query", title="Query", rows=_rows(request.query_pairs))
    except (FormError, UnicodeError) as error:
        finding = f"The query cannot be decoded: {visible(str(error), 300)}."
        return Part(kind="query", title="Query", state=State.BAD, finding=finding)


def _rows(pairs: Pairs) -> tuple[Row, ...]:
    times = Counter(name for name, _ in pairs)

    def note(name: str, value: str) -> str:
        if times[name] > 1:
            return f"{times[name]} times"
        return "" if value else "without a value: treated as omitted (RFC 6749 §3.2)"

    return tuple(Row(name=visible(name, 200), value=visible(value), note=note(name, value)) for name, value in pairs)
