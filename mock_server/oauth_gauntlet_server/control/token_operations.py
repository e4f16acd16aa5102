"""Operations on tokens and on the keys that sign them."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet_server.control.documents import private_key_from, token_document
from oauth_gauntlet_server.control.exchange_operations import PART
from oauth_gauntlet_server.control.operation import Call, Operation, list_of
from oauth_gauntlet_server.control.problem import Problem, problem_of
from oauth_gauntlet_server.control.tenant_schemas import CLAIMS, IDENTIFIER, MOST_SECONDS, PRIVATE_KEY, SCOPE
from oauth_gauntlet_server.decoding.jwts import jwt_part
from oauth_gauntlet_server.decoding.tokens_known import token_part
from oauth_gauntlet_server.http.json_schema import Refused, Schema
from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS
from oauth_gauntlet_server.tenancy.model import ACCESS_TOKEN, REFRESH_TOKEN


def _mint_access_token(call: Call) -> dict[str, Any]:
    return {"token": call.tenant.mint_access_token(**call.body)}


def _mint_refresh_token(call: Call) -> dict[str, Any]:
    return {"token": call.tenant.mint_refresh_token(**call.body)}


def _mint_jwt_access_token(call: Call) -> dict[str, Any]:
    return {"token": call.tenant.mint_jwt_access_token(**call.body, urls=call.tenant.urls_at(call.base_url))}


def _inspect(call: Call) -> dict[str, Any]:
    tenant = call.tenant
    record = tenant.tokens.get(call.body["token"])
    if record is None:
        raise Problem(404, "the token is unknown: the tenant did not issue it, or no longer stores it")
    return token_document(tenant, record)


def _decode(call: Call) -> dict[str, Any]:
    tenant, token = call.tenant, call.body["token"]
    jwt = jwt_part(token, "JWT", tenant, tenant.clock.now())
    return {"parts": [part.to_json() for part in (token_part(tenant, token), jwt) if part is not None]}


def _revoke(call: Call) -> None:
    call.tenant.revoke(call.body["token"])


def _keys(call: Call) -> dict[str, Any]:
    keys = call.tenant.keys
    return {
        "keys": [
            {
                "kid": str(key.kid),
                "algorithm": str(key.alg),
                "in_use": key is keys.current(str(key.alg)),
                "jwk": dict(key.as_dict(private=False)),
            }
            for key in keys.all(call.tenant.settings.signing_algorithm)
        ]
    }


def _use(call: Call) -> dict[str, Any]:
    try:
        call.tenant.use_key(private_key_from(call.body["key"], ("key",)))
    except Refused as refused:
        raise problem_of(refused, status=422) from refused
    return _keys(call)


def _rotate(call: Call) -> dict[str, Any]:
    tenant = call.tenant
    tenant.rotate_key(call.body.get("algorithm"), keep_old=call.body.get("keep_old", True))
    return _keys(call)


_EXPIRES_IN: Schema = {
    "type": "number",
    "minimum": -MOST_SECONDS,
    "maximum": MOST_SECONDS,
    "description": "seconds; negative: already expired",
}
_COMMON: dict[str, Schema] = {
    "client_id": IDENTIFIER,
    "username": {"type": ["string", "null"]},
    "scope": {**SCOPE, "default": ""},
    "subject": {
        "type": ["string", "null"],
        "minLength": 1,
        "description": "the claim sub; default: that of the user, or the client_id",
    },
    "family": {"type": ["string", "null"], "minLength": 1, "description": "the session; tokens of one session share it"},
}
_CLAIMS: Schema = {**CLAIMS, "description": "replace configured claims of the same name"}
_TOKEN_VALUE: Schema = {"type": ["string", "null"], "minLength": 1, "description": "the token itself; default: a new one"}


def _minting(title: str, **members: Schema) -> Schema:
    return {
        "title": title,
        "type": "object",
        "properties": {**_COMMON, **members},
        "required": ["client_id"],
        "additionalProperties": False,
    }


_TOKEN: Schema = {
    "title": "Token",
    "type": "object",
    "properties": {"token": {"type": "string", "minLength": 1}},
    "required": ["token"],
    "additionalProperties": False,
}

_RECORD: Schema = {
    "title": "TokenRecord",
    "type": "object",
    "properties": {
        "token": {"type": "string"},
        "kind": {"enum": [ACCESS_TOKEN, REFRESH_TOKEN]},
        "client_id": {"type": "string"},
        "subject": {"type": "string"},
        "family": {"type": "string"},
        "issued_at": {"type": "number"},
        "expires_at": {"type": ["number", "null"]},
        "username": {"type": ["string", "null"]},
        "scope": {"type": "string"},
        "revoked": {"type": "boolean"},
        "spent_at": {"type": ["number", "null"], "description": "when a refresh token was used and replaced"},
        "superseded": {"type": "boolean", "description": "the refresh token that replaced this one was used"},
        "replaces": {"type": ["string", "null"], "description": "the refresh token that was spent for this one"},
        "uses": {"type": "integer", "description": "the refreshes that a refresh token was good for"},
        "last_used_at": {"type": ["number", "null"], "description": "when a refresh token was last used"},
        "claims": {"type": "object"},
        "issuer": {"type": ["string", "null"], "description": "the name under which it was issued; null: without a request"},
        "active": {"type": "boolean", "description": "now: not expired, revoked or spent, and its session has not ended"},
    },
    "required": ["token", "kind", "client_id", "subject", "family", "issued_at", "revoked", "active"],
    "additionalProperties": False,
}

_KEY: Schema = {
    "title": "Key",
    "type": "object",
    "properties": {
        "kid": {"type": "string"},
        "algorithm": {"type": "string"},
        "in_use": {"type": "boolean", "description": "signs new tokens; if false, published for older tokens only"},
        "jwk": {"type": "object", "description": "the public key"},
    },
    "required": ["kid", "algorithm", "in_use", "jwk"],
    "additionalProperties": False,
}

_NULLABLE_EXPIRY: Schema = {**_EXPIRES_IN, "type": ["number", "null"]}


def _minter(kind: str, summary: str, handle: Any, body: Schema) -> Operation:
    return Operation(
        id=f"mint_{kind}",
        method="POST",
        path=f"/tenants/{{tenant}}/tokens/mint_{kind}",
        summary=summary,
        tag="tokens",
        handle=handle,
        body=body,
        status=201,
        answer=_TOKEN,
        refusals=(404, 507),
    )


OPERATIONS = (
    _minter(
        "access_token",
        "Mint an access token without a token request.",
        _mint_access_token,
        _minting("NewAccessToken", expires_in={**_NULLABLE_EXPIRY, "default": 3600}, token=_TOKEN_VALUE, claims=_CLAIMS),
    ),
    _minter(
        "refresh_token",
        "Mint a refresh token without a token request.",
        _mint_refresh_token,
        _minting(
            "NewRefreshToken",
            expires_in={**_NULLABLE_EXPIRY, "default": None},
            token=_TOKEN_VALUE,
            claims={**CLAIMS, "description": "claims of the access tokens that it is exchanged for"},
        ),
    ),
    _minter(
        "jwt_access_token",
        "Mint a JWT access token. With another issuer or a wrong signature, the tenant does not accept it.",
        _mint_jwt_access_token,
        _minting(
            "NewJwtAccessToken",
            expires_in={**_EXPIRES_IN, "default": 3600},
            claims={**CLAIMS, "description": "replace standard and configured claims of the same name"},
            issuer={"type": ["string", "null"], "minLength": 1, "description": "default: the tenant's issuer"},
            wrong_signature={"type": "boolean", "default": False},
        ),
    ),
    Operation(
        id="inspect_token",
        method="POST",
        path="/tenants/{tenant}/tokens/inspect",
        summary="Read the tenant's record of a token.",
        tag="tokens",
        handle=_inspect,
        body=_TOKEN,
        answer=_RECORD,
        refusals=(404,),
    ),
    Operation(
        id="decode_token",
        method="POST",
        path="/tenants/{tenant}/tokens/decode",
        summary="Describe any token: what the tenant knows about it and, for a JWT, its claims and whose key verifies it.",
        tag="tokens",
        handle=_decode,
        body=_TOKEN,
        answer=list_of("parts", PART),
        refusals=(404,),
    ),
    Operation(
        id="revoke_token",
        method="POST",
        path="/tenants/{tenant}/tokens/revoke",
        summary="Revoke a token; with a refresh token its whole session ends. Unknown tokens are ignored.",
        tag="tokens",
        handle=_revoke,
        body=_TOKEN,
        status=204,
        refusals=(404,),
    ),
    Operation(
        id="list_keys",
        method="GET",
        path="/tenants/{tenant}/keys",
        summary="List the signing keys in the JWK Set.",
        tag="keys",
        handle=_keys,
        answer=list_of("keys", _KEY),
        refusals=(404,),
    ),
    Operation(
        id="use_key",
        method="POST",
        path="/tenants/{tenant}/keys",
        summary="Sign with a key of your own from now on; the signing algorithm becomes that of the key.",
        tag="keys",
        handle=_use,
        body={
            "title": "OwnKey",
            "type": "object",
            "properties": {"key": PRIVATE_KEY},
            "required": ["key"],
            "additionalProperties": False,
        },
        status=201,
        answer=list_of("keys", _KEY),
        refusals=(404, 422),
    ),
    Operation(
        id="rotate_key",
        method="POST",
        path="/tenants/{tenant}/keys/rotate",
        summary="Replace the signing key by a new one.",
        tag="keys",
        handle=_rotate,
        body={
            "type": "object",
            "properties": {
                "algorithm": {"enum": list(SIGNING_ALGORITHMS), "description": "default: the tenant's signing algorithm"},
                "keep_old": {"type": "boolean", "default": True, "description": "true: older keys stay in the JWK Set"},
            },
            "additionalProperties": False,
        },
        answer=list_of("keys", _KEY),
        refusals=(404,),
    ),
)
