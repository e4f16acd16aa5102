"""Answer a request of the control API: check access, read it by its operation's schemas, call the handler."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from oauth_gauntlet_server.control.access import Access, require_json
from oauth_gauntlet_server.control.event_stream import MEDIA_TYPE as EVENTS
from oauth_gauntlet_server.control.event_stream import EventStream
from oauth_gauntlet_server.control.openapi import openapi
from oauth_gauntlet_server.control.operation import Call, Created, Operation
from oauth_gauntlet_server.control.operations import find
from oauth_gauntlet_server.control.problem import MEDIA_TYPE, Problem, problem_of
from oauth_gauntlet_server.http.form import FormError
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.json_schema import Refused, nearest, read
from oauth_gauntlet_server.http.request_head import MOST_BODY
from oauth_gauntlet_server.http.wsgi import current_request
from oauth_gauntlet_server.jose.key_folder import KeyFileError
from oauth_gauntlet_server.tenancy.memory import StorageFull
from oauth_gauntlet_server.tenancy.tenants import Tenants

log = logging.getLogger(__name__)

DOCUMENT = "/openapi.json"

MOST_DEEP = 64
"""How many levels a JSON body can be nested."""


def respond(tenants: Tenants, access: Access, path: str) -> Response:
    """Return the response to Flask's current request; `path` is the part after ``/_control``."""
    recorded = current_request()
    try:
        access.check(recorded, scheme=request.scheme, peer=request.environ.get("REMOTE_ADDR") or "")
        return _answer(tenants, access, recorded, path)
    except Problem as problem:
        return _refused(problem)
    except KeyFileError as error:
        return _refused(Problem(500, str(error)))
    except StorageFull as full:
        return _refused(Problem(507, str(full)))
    except Exception as error:
        # Only the type of the error: its text can contain secrets from the request.
        log.error("the control API itself failed on %s /_control%s: %s", recorded.method, path, type(error).__name__)
        log.debug("the control API failed", exc_info=error)
        return _refused(Problem(500, "this is a defect of the mock server"))


def _answer(tenants: Tenants, access: Access, recorded: RecordedRequest, path: str) -> Response:
    base_url = tenants.naming.base_url(recorded, scheme=request.scheme, mount=request.root_path)
    if path == DOCUMENT:
        if recorded.method not in {"GET", "HEAD"}:
            raise Problem(405, "the method must be GET", headers={"Allow": "GET, HEAD"})
        server = base_url or request.host_url.rstrip("/")
        return _json(200, openapi(server=server, with_token=access.token is not None))
    operation, parameters = find(recorded.method, path)
    require_json(recorded)
    call = Call(
        tenants=tenants,
        path=parameters,
        query=_query(operation, recorded),
        headers=_headers(operation, recorded),
        body=_body(operation, recorded),
        base_url=base_url,
    )
    if operation.streams:
        # HEAD opens no stream: without content nothing would ever close the stream.
        return Response(headers=_EVENTS) if recorded.method == "HEAD" else _streamed(operation.handle(call))
    result = operation.handle(call)
    if isinstance(result, Created):
        return _json(201, result.document)
    return Response(status=204) if operation.answer is None else _json(operation.status, result)


def _refused(problem: Problem) -> Response:
    # json.dumps writes ASCII only, so the text can name any name from the request, even one that is not valid Unicode.
    text = json.dumps(problem.document())
    return Response(text, status=problem.status, content_type=MEDIA_TYPE, headers=dict(problem.headers))


def _json(status: int, document: Any) -> Response:
    # The document can contain secrets of a test, and soon changes.
    return Response(json.dumps(document), status=status, content_type="application/json", headers={"Cache-Control": "no-store"})


_EVENTS = {"Content-Type": EVENTS, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
# X-Accel-Buffering: an nginx in front of the server must forward each event immediately.


def _streamed(stream: EventStream) -> Response:
    # direct_passthrough: the sender gets the stream itself, and closes it.
    return Response(stream, headers=_EVENTS, direct_passthrough=True)


def _headers(operation: Operation, recorded: RecordedRequest) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, parameter in operation.headers.items():
        text = recorded.header(name)
        if text is not None:
            try:
                found[name] = read(_scalar(text, parameter.schema), parameter.schema, (name,))
            except Refused as refused:
                raise problem_of(refused, where="header") from refused
    return found


def _query(operation: Operation, recorded: RecordedRequest) -> dict[str, Any]:
    try:
        pairs = recorded.query_pairs
    except FormError as error:
        raise Problem(400, f"the query cannot be decoded: {error}") from error
    found: dict[str, Any] = {}
    try:
        for name, text in pairs:
            parameter = operation.query.get(name)
            if parameter is None:
                near = nearest(name, operation.query)
                known = f"one of {', '.join(operation.query)}" if operation.query else "no parameter at all"
                raise Refused((name,), f"unknown parameter {name[:80]!r}", expected=known, nearest=near)
            if name in found:
                raise Refused((name,), "the parameter is repeated", expected="one value")
            found[name] = read(_scalar(text, parameter.schema), parameter.schema, (name,))
        for name, parameter in operation.query.items():
            if parameter.required and name not in found:
                raise Refused((), f"the parameter {name!r} is missing", expected="a value in the query")
    except Refused as refused:
        raise problem_of(refused, where="query") from refused
    return found


def _scalar(text: str, schema: Mapping[str, Any]) -> Any:
    """Return a parameter's text as a number if its schema requires a number and the text is one; else the text."""
    if schema.get("type") not in {"integer", "number"}:
        return text
    try:
        value = json.loads(text, parse_constant=lambda name: name)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, int | float) and not isinstance(value, bool) else text


def _body(operation: Operation, recorded: RecordedRequest) -> Any:
    if len(recorded.body) > MOST_BODY:
        raise Problem(413, f"the body is longer than {MOST_BODY} octets")
    schema = operation.body_schema
    if schema is None:
        if recorded.body and operation.method != "DELETE":
            raise Problem(400, "the operation accepts no body")
        return None
    if not recorded.body and not operation.body_required:
        return {}
    try:
        value = json.loads(recorded.body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"the body is not JSON in UTF-8: {error}") from error
    if _depth(value) > MOST_DEEP:
        raise Problem(400, f"the body is nested deeper than {MOST_DEEP} levels")
    try:
        return read(value, schema)
    except Refused as refused:
        raise problem_of(refused) from refused


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number (RFC 8259 §6)")


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        level = [
            item
            for each in level
            if isinstance(each, dict | list)
            for item in (each.values() if isinstance(each, dict) else each)
        ]
    return depth
