"""Make the OpenAPI 3.1 document of the control API from the table of operations."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from oauth_gauntlet_server.control.event_stream import MEDIA_TYPE as EVENTS
from oauth_gauntlet_server.control.operation import Operation
from oauth_gauntlet_server.control.operations import OPERATIONS
from oauth_gauntlet_server.control.problem import MEDIA_TYPE, PROBLEM
from oauth_gauntlet_server.http.json_schema import Schema

_SCHEMAS = "#/components/schemas/"

_DESCRIPTION = (
    "Configures the tenants of the mock server, arms faults on them, and reads their journals. "
    "Requests that change something must be JSON. Every error is a problem document (RFC 9457)."
)


def openapi(*, server: str, with_token: bool) -> dict[str, Any]:
    """Return the document; `server` is the base URL of the request, `with_token` whether a token is required."""
    schemas: dict[str, Any] = {}
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(f"/_control{operation.path}", {})[operation.method.lower()] = _operation(
            operation, schemas, with_token=with_token
        )
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "oauth-gauntlet control API", "version": "1", "description": _DESCRIPTION},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": schemas},
    }
    if with_token:
        scheme = {
            "type": "http",
            "scheme": "bearer",
            "description": "the control token, which the server printed at start",
        }
        document["components"]["securitySchemes"] = {"control": scheme}
        document["security"] = [{"control": []}]
    return document


def _operation(operation: Operation, schemas: dict[str, Any], *, with_token: bool) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _hoisted(schema, schemas)}
        for name, schema in operation.path_parameters().items()
    ]
    parameters += [
        {"name": name, "in": "query", "required": parameter.required, "schema": _hoisted(parameter.schema, schemas)}
        for name, parameter in operation.query.items()
    ]
    parameters += [
        {"name": name, "in": "header", "required": parameter.required, "schema": _hoisted(parameter.schema, schemas)}
        for name, parameter in operation.headers.items()
    ]
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "responses": _responses(operation, schemas, with_token=with_token),
    }
    if parameters:
        described["parameters"] = parameters
    if (body := operation.body_schema) is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _hoisted(body, schemas)}},
        }
    return described


def _responses(operation: Operation, schemas: dict[str, Any], *, with_token: bool) -> dict[str, Any]:
    done: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    if operation.answer is not None:
        done["content"] = {EVENTS if operation.streams else "application/json": {"schema": _hoisted(operation.answer, schemas)}}
    statuses = {400, 403, *operation.refusals}
    if with_token:
        statuses.add(401)
    if operation.body is not None:
        statuses |= {413, 415}
    problem = {MEDIA_TYPE: {"schema": _hoisted(PROBLEM, schemas)}}
    refused = {str(status): {"description": HTTPStatus(status).phrase, "content": problem} for status in sorted(statuses)}
    created = {"201": {**done, "description": HTTPStatus(201).phrase}} if operation.may_create else {}
    return {str(operation.status): done, **created, **refused}


def _hoisted(schema: Schema, schemas: dict[str, Any]) -> dict[str, Any]:
    """Return a schema in which each part with a title is a reference to a component; add the components to `schemas`."""
    title = schema.get("title")
    if title is None:
        return _parts(schema, schemas)
    if title not in schemas:
        schemas[title] = {}  # keeps the order of appearance
        schemas[title] = _parts(schema, schemas)
    return {"$ref": f"{_SCHEMAS}{title}"}


def _parts(schema: Schema, schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            found[key] = {name: _hoisted(each, schemas) for name, each in value.items()}
        elif key == "oneOf":
            found[key] = [_hoisted(each, schemas) for each in value]
        elif key in {"items", "additionalProperties"} and isinstance(value, Mapping):
            found[key] = _hoisted(value, schemas)
        else:
            found[key] = value
    if "discriminator" in schema:
        by = schema["discriminator"]["propertyName"]
        mapping = {each["properties"][by]["const"]: f"{_SCHEMAS}{each['title']}" for each in schema["oneOf"]}
        found["discriminator"] = {"propertyName": by, "mapping": mapping}
    return found
