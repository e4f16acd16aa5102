"""Operations on clients, users and issuers of assertions. All three are registered in the same way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oauth_gauntlet_server.control.documents import client_from, issuer_from, user_from
from oauth_gauntlet_server.control.operation import Call, Operation, Parameter, list_of
from oauth_gauntlet_server.control.problem import Problem, problem_of
from oauth_gauntlet_server.control.tenant_schemas import CLIENT, IDENTIFIER, ISSUER, USER
from oauth_gauntlet_server.http.json_schema import Refused, Schema
from oauth_gauntlet_server.http.json_values import fields_as_json
from oauth_gauntlet_server.tenancy.store import Store
from oauth_gauntlet_server.tenancy.tenant import Tenant


def _party_operations(
    *,
    plural: str,
    name: str,
    key: str,
    schema: Schema,
    parse: Callable[[Any], Any],
    register: Callable[[Tenant, Any], None],
    store: Callable[[Tenant], Store[Any]],
) -> tuple[Operation, ...]:
    def list_all(call: Call) -> dict[str, Any]:
        wanted = call.query.get(key)
        values = store(call.tenant).values()
        return {plural: [fields_as_json(each) for each in values if wanted is None or getattr(each, key) == wanted]}

    def put(call: Call) -> dict[str, Any]:
        tenant = call.tenant
        try:
            value = parse(call.body)
        except Refused as refused:
            raise problem_of(refused, status=422) from refused
        register(tenant, value)
        return fields_as_json(value)

    def delete(call: Call) -> None:
        # The identifier is in the query: it may be a URL, and proxies change URLs inside a path.
        if store(call.tenant).delete(call.query[key]) is None:
            raise Problem(404, f"no {name} with {key} {call.query[key]!r} is registered")

    path = f"/tenants/{{tenant}}/{plural}"
    # Values that were registered from Python are unchecked, so the response's schema allows anything.
    answer = {part: value for part, value in schema.items() if part not in {"properties", "title"}} | {
        "title": f"Registered{schema['title']}",
        "properties": {member: {} for member in schema["properties"]} | {key: {"type": "string"}},
    }
    return (
        Operation(
            id=f"list_{plural}",
            method="GET",
            path=path,
            summary=f"List the registered {plural}, or only the one with this {key}.",
            tag=plural,
            handle=list_all,
            query={key: Parameter(schema={"type": "string"})},
            answer=list_of(plural, answer),
            refusals=(404,),
        ),
        Operation(
            id=f"register_{name}",
            method="POST",
            path=path,
            summary=f"Register {'an' if name == 'issuer' else 'a'} {name}, or replace the one with the same {key}.",
            tag=plural,
            handle=put,
            body=schema,
            status=201,
            answer=answer,
            refusals=(404, 422, 507) if "public_keys" in schema["properties"] else (404, 507),
        ),
        Operation(
            id=f"delete_{name}",
            method="DELETE",
            path=path,
            summary=f"Delete the {name} with this {key}.",
            tag=plural,
            handle=delete,
            query={key: Parameter(schema=IDENTIFIER, required=True)},
            status=204,
            refusals=(404,),
        ),
    )


OPERATIONS = (
    *_party_operations(
        plural="clients",
        name="client",
        key="client_id",
        schema=CLIENT,
        parse=client_from,
        register=Tenant.register_client,
        store=lambda tenant: tenant.clients,
    ),
    *_party_operations(
        plural="users",
        name="user",
        key="username",
        schema=USER,
        parse=user_from,
        register=Tenant.register_user,
        store=lambda tenant: tenant.users,
    ),
    *_party_operations(
        plural="issuers",
        name="issuer",
        key="issuer",
        schema=ISSUER,
        parse=issuer_from,
        register=Tenant.register_issuer,
        store=lambda tenant: tenant.issuers,
    ),
)
