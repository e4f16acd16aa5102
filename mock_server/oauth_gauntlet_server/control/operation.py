"""Operations of the control API as values: route, schemas of request and response, and handler.

Routing, the checks of requests and the OpenAPI document all use these values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from oauth_gauntlet_server.control.problem import Problem
from oauth_gauntlet_server.control.tenant_schemas import NAME
from oauth_gauntlet_server.http.json_schema import Schema
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenants import Tenants


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A request, of which every part matches the schemas of its operation.

    `base_url` is what it names as the start of the tenants' URLs; None: each tenant's own.
    """

    tenants: Tenants
    path: Mapping[str, Any]
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    base_url: str | None = None

    @property
    def tenant(self) -> Tenant:
        """The tenant named in the path; with `auto_create` it is created on first use.

        Raises:
            Problem: 404, there is no such tenant.
        """
        found = self.tenants.find(self.path["tenant"])
        if found is None:
            raise Problem(404, f"there is no tenant {self.path['tenant']!r}; there are {_some(self.tenants.names())}")
        return found

    @property
    def recording(self) -> Tenant:
        """What the operations of a journal read: the tenant, or for a path without one the journal outside of tenants.

        Raises:
            Problem: 404, there is no such tenant.
        """
        return self.tenant if "tenant" in self.path else self.tenants.outside

    @property
    def start_of_urls(self) -> str:
        """The base URL of `recording` for this request."""
        if "tenant" in self.path:
            return self.tenant.urls_at(self.base_url).base_url
        return self.base_url or self.tenants.server.base_url


@dataclass(frozen=True, kw_only=True, slots=True)
class Created:
    """The result of an operation that `may_create`, where it has created something (201)."""

    document: Any


Handler: TypeAlias = Callable[[Call], Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """A parameter in the query or in a header field."""

    schema: Schema
    required: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One method at one path below ``/_control``.

    `body` is a function where it depends on the registered faults: users may register some later. `body` of None: the request
    has no body. `answer` of None: the response has no content (204). With
    `streams` the answer is an `EventStream`. `refusals` are the statuses of problems in addition to those
    that every operation can return. One that `may_create` answers 201 in place of `status` if it has.
    """

    id: str
    method: str
    path: str
    summary: str
    handle: Handler
    tag: str
    query: Mapping[str, Parameter] = field(default_factory=dict)
    headers: Mapping[str, Parameter] = field(default_factory=dict)
    body: Schema | Callable[[], Schema] | None = None
    status: int = 200
    answer: Schema | None = None
    streams: bool = False
    refusals: tuple[int, ...] = ()
    may_create: bool = False

    @property
    def body_schema(self) -> Schema | None:
        """The schema of the body, or None: the request has no body."""
        return self.body() if callable(self.body) else self.body

    @property
    def body_required(self) -> bool:
        """Whether an empty body is rejected; it means ``{}`` if no member is required."""
        schema = self.body_schema
        return schema is not None and (schema.get("type") != "object" or bool(schema.get("required")))

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the path."""
        return tuple(self.path.split("/")[1:])

    def path_parameters(self) -> dict[str, Schema]:
        """Return the parameters of the path with their schemas."""
        names = [segment[1:-1] for segment in self.segments if segment.startswith("{")]
        return {name: PATH_PARAMETERS[name] for name in names}


PATH_PARAMETERS: dict[str, Schema] = {
    "tenant": NAME,
    "id": {"type": "integer", "minimum": 1, "maximum": 2**53, "description": "the id of an armed fault"},
    "sequence": {"type": "integer", "minimum": 1, "maximum": 2**53, "description": "the number of an exchange"},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535, "description": "the number of an open port"},
}


def list_of(name: str, items: Schema, **members: Schema) -> Schema:
    """Return the schema of an object with a list under `name`, and further members."""
    return {
        "type": "object",
        "properties": {name: {"type": "array", "items": items}, **members},
        "required": [name, *members],
        "additionalProperties": False,
    }


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[-20:]) if names else "none yet"
