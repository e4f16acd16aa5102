"""Operations on tenants and their settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from oauth_gauntlet_server.control.documents import tenant_document
from oauth_gauntlet_server.control.operation import Call, Created, Operation, list_of
from oauth_gauntlet_server.control.problem import Problem, problem_of
from oauth_gauntlet_server.control.tenant_schemas import CHANGED_SETTINGS, NEW_TENANT, REPLACEMENT, TENANT
from oauth_gauntlet_server.http.json_schema import Refused, Schema
from oauth_gauntlet_server.tenancy.setting_checks import SettingRefused
from oauth_gauntlet_server.tenancy.settings_json import settings_from
from oauth_gauntlet_server.tenancy.tenants import TenantExists


def _list(call: Call) -> dict[str, Any]:
    return {"tenants": [tenant_document(tenant, call.base_url) for tenant in call.tenants.all()]}


def _create(call: Call) -> dict[str, Any]:
    settings = settings_from(call.body)
    name = settings.pop("name", None)
    try:
        with _refusals():
            return tenant_document(call.tenants.create(name, **settings), call.base_url)
    except TenantExists as exists:
        detail = f"there is a tenant {name!r} already; PUT /_control/tenants/{name} replaces it, PATCH changes its settings"
        raise Problem(409, detail) from exists


def _replace(call: Call) -> dict[str, Any] | Created:
    name, settings = call.path["tenant"], settings_from(call.body)
    is_new = call.tenants.existing(name) is None
    with _refusals():
        document = tenant_document(call.tenants.create(name, replace=True, **settings), call.base_url)
    return Created(document=document) if is_new else document


def _memory(call: Call) -> dict[str, Any]:
    return {
        **call.tenants.memory_use().to_json(),
        "number_of_tenants": len(call.tenants.all()),
        "most_tenants": call.tenants.capacity,
        "dropped_tenants": call.tenants.dropped,
    }


def _read(call: Call) -> dict[str, Any]:
    return tenant_document(call.tenant, call.base_url)


def _configure(call: Call) -> dict[str, Any]:
    tenant = call.tenant
    with _refusals():
        tenant.configure(**settings_from(call.body))
    return tenant_document(tenant, call.base_url)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn a refused setting into a problem: 409, because the same value is accepted beside other settings."""
    try:
        yield
    except SettingRefused as error:
        refused = Refused((error.name,), error.problem, expected=error.expected)
        raise problem_of(refused, status=409) from error


def _delete(call: Call) -> None:
    if not call.tenants.delete(call.path["tenant"]):
        raise Problem(404, f"there is no tenant {call.path['tenant']!r}")


_TENANT = "/tenants/{tenant}"

_OCTETS: Schema = {"type": "integer", "minimum": 0, "description": "octets, by a careful estimate"}
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_DROPPED: Schema = {**_NUMBER, "description": "how many were dropped since the start, because the memory was full"}

_MEMORY_MEMBERS: dict[str, Schema] = {
    "limit": {**_OCTETS, "description": "the octets that all tenants together may keep"},
    "used": _OCTETS,
    "journals": _OCTETS,
    "access_tokens": _OCTETS,
    "refresh_tokens": _OCTETS,
    "tenants": _OCTETS,
    "dropped_exchanges": _DROPPED,
    "dropped_access_tokens": _DROPPED,
    "dropped_refresh_tokens": _DROPPED,
    "number_of_tenants": _NUMBER,
    "most_tenants": _NUMBER,
    "dropped_tenants": {**_NUMBER, "description": "how many were dropped since the start, because there were too many"},
}

MEMORY: Schema = {
    "title": "Memory",
    "type": "object",
    "properties": _MEMORY_MEMBERS,
    "required": list(_MEMORY_MEMBERS),
    "additionalProperties": False,
}

OPERATIONS = (
    Operation(
        id="list_tenants",
        method="GET",
        path="/tenants",
        summary="List the tenants, oldest first.",
        tag="tenants",
        handle=_list,
        answer=list_of("tenants", TENANT),
    ),
    Operation(
        id="create_tenant",
        method="POST",
        path="/tenants",
        summary="Create a tenant. Without a name, it gets a random one; 409 if there is a tenant of that name.",
        tag="tenants",
        handle=_create,
        body=NEW_TENANT,
        status=201,
        answer=TENANT,
        refusals=(409, 507),
    ),
    Operation(
        id="replace_tenant",
        method="PUT",
        path=_TENANT,
        summary="Create a tenant (201), or replace the one of that name with all its data (200).",
        tag="tenants",
        handle=_replace,
        body=REPLACEMENT,
        answer=TENANT,
        may_create=True,
        refusals=(404, 409, 507),
    ),
    Operation(
        id="read_tenant",
        method="GET",
        path=_TENANT,
        summary="Read a tenant's URLs and settings.",
        tag="tenants",
        handle=_read,
        answer=TENANT,
        refusals=(404,),
    ),
    Operation(
        id="configure_tenant",
        method="PATCH",
        path=_TENANT,
        summary="Change settings, for requests from now on. Settings that are left out stay the same.",
        tag="tenants",
        handle=_configure,
        body=CHANGED_SETTINGS,
        answer=TENANT,
        refusals=(404, 409, 507),
    ),
    Operation(
        id="delete_tenant",
        method="DELETE",
        path=_TENANT,
        summary="Delete a tenant with all its data.",
        tag="tenants",
        handle=_delete,
        status=204,
        refusals=(404,),
    ),
    Operation(
        id="read_memory",
        method="GET",
        path="/memory",
        summary="Read how much memory the tenants use, and how much was dropped to make room.",
        tag="memory",
        handle=_memory,
        answer=MEMORY,
    ),
)
