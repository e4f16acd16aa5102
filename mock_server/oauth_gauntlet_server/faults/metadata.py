"""Family: the server's lies about itself: metadata (RFC 8414) and keys (RFC 7517)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.http.answer import Answer


@register
@dataclass(frozen=True, kw_only=True)
class MetadataMember(Fault):
    """Set a member of the authorization server metadata, or remove it (null).

    RFC 8414 §3.3: a client must not use metadata whose issuer is not the one that it asked. ``{other_origin}`` in a string
    stands for the base URL of a second origin. Seen: an issuer without the tenant (Azure AD's common endpoint), http in
    place of https behind a proxy, an endpoint on another host.
    """

    name: ClassVar[str] = "metadata_member"
    endpoint: ClassVar[str | None] = "metadata"

    member: str
    value: Any = None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:
        """Change the member where the answer is a document."""
        value = self.value
        if isinstance(value, str) and "{other_origin}" in value:
            value = value.replace("{other_origin}", context.other_origin())

        def changed(document: dict[str, Any]) -> dict[str, Any]:
            others = {name: kept for name, kept in document.items() if name != self.member}
            return others if value is None else others | {self.member: value}

        return _redocumented(answer, changed)


@register
@dataclass(frozen=True, kw_only=True)
class KeySet(Fault):
    """Send another JWK Set than the one that tokens are signed with.

    `change`: ``rotated`` (other keys under other names), ``foreign`` (other keys under the same names), ``empty``,
    ``without-kid``. Seen: keys rotated before the old ones were out of use, caches that serve last week's set.
    """

    name: ClassVar[str] = "key_set"
    endpoint: ClassVar[str | None] = "jwks"

    change: Literal["rotated", "foreign", "empty", "without-kid"] = "rotated"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Change the set where the answer is one."""
        return _redocumented(answer, lambda document: {**document, "keys": self._keys(document.get("keys", []))})

    def _keys(self, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
        from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS, foreign_key

        match self.change:
            case "empty":
                return []
            case "without-kid":
                return [{name: value for name, value in key.items() if name != "kid"} for key in keys]
        foreign: list[dict[str, Any]] = [dict(foreign_key(name).as_dict(private=False)) for name in SIGNING_ALGORITHMS]
        if self.change == "rotated":
            return [key | {"kid": f"{key['kid']}-rotated"} for key in foreign]
        return foreign


def _redocumented(answer: Answer, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
    document = answer.document() if answer.status == 200 else None
    return answer if document is None else answer.with_body(json.dumps(change(document)).encode())
