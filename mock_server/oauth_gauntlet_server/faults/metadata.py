"""Family: wrong authorization server metadata (RFC 8414) and wrong keys (RFC 7517)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register, with_changed_document
from oauth_gauntlet_server.http.answer import Answer


@register
@dataclass(frozen=True, kw_only=True)
class MetadataMember(Fault):
    """Set a member of the authorization server metadata, or remove it (null).

    RFC 8414 §3.3: a client must not use metadata with an issuer other than the one that it requested.
    ``{other_origin}`` in a string is replaced by the base URL of a second origin. Seen: an issuer without the
    tenant (Azure AD's common endpoint), http in place of https behind a proxy, an endpoint on another host.
    """

    name: ClassVar[str] = "metadata_member"
    endpoint: ClassVar[str | None] = "metadata"

    member: str
    value: Any = None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:
        """Return the answer with the member changed, or itself if it is not a metadata document."""
        value = self.value
        if isinstance(value, str) and "{other_origin}" in value:
            value = value.replace("{other_origin}", context.other_origin())

        def changed(document: dict[str, Any]) -> dict[str, Any]:
            others = {name: kept for name, kept in document.items() if name != self.member}
            return others if value is None else others | {self.member: value}

        return with_changed_document(answer, changed)


@register
@dataclass(frozen=True, kw_only=True)
class KeySet(Fault):
    """Send a JWK Set that does not match the keys that sign tokens.

    `change`: ``rotated`` (other keys with another kid), ``foreign`` (other keys with the same kid), ``empty``
    (no keys), ``without-kid`` (the same keys without kid). Seen: keys removed while tokens signed with them
    are still valid, caches that serve last week's set.
    """

    name: ClassVar[str] = "key_set"
    endpoint: ClassVar[str | None] = "jwks"

    change: Literal["rotated", "foreign", "empty", "without-kid"] = "rotated"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the changed set, or itself if it is not a JWK Set."""
        return with_changed_document(answer, lambda document: {**document, "keys": self._keys(document.get("keys", []))})

    def _keys(self, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
        from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS, foreign_key

        match self.change:
            case "empty":
                return []
            case "without-kid":
                return [{name: value for name, value in key.items() if name != "kid"} for key in keys]
        pairs = [
            (key, dict(foreign_key(key["alg"]).as_dict(private=False))) for key in keys if key["alg"] in SIGNING_ALGORITHMS
        ]
        return [other if self.change == "rotated" else other | {"kid": key["kid"]} for key, other in pairs]
