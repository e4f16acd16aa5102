"""Operations on tenants and their settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from oauth_gauntlet_server.control.documents import settings_from, tenant_document
from oauth_gauntlet_server.control.operation import Call, Operation, list_of
from oauth_gauntlet_server.control.problem import Problem, problem_of
from oauth_gauntlet_server.control.tenant_schemas import CHANGED_SETTINGS, NEW_TENANT, TENANT
from oauth_gauntlet_server.http.json_schema import Refused
from oauth_gauntlet_server.tenancy.setting_checks import SettingRefused


def _list(call: Call) -> dict[str, Any]:
    found = (call.tenants.find(name) for name in call.tenants.names())
    return {"tenants": [tenant_document(tenant) for tenant in found if tenant is not None]}


def _create(call: Call) -> dict[str, Any]:
    settings = settings_from(call.body)
    with _refusals():
        return tenant_document(call.tenants.create(settings.pop("name", None), **settings))


def _read(call: Call) -> dict[str, Any]:
    return tenant_document(call.tenant)


def _configure(call: Call) -> dict[str, Any]:
    tenant = call.tenant
    with _refusals():
        tenant.configure(**settings_from(call.body))
    return tenant_document(tenant)


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
        summary="Create a tenant. Without a name, it gets a random one; a tenant with the same name is replaced.",
        tag="tenants",
        handle=_create,
        body=NEW_TENANT,
        status=201,
        answer=TENANT,
        refusals=(409,),
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
        refusals=(404, 409),
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
)
