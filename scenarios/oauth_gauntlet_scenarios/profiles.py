"""The profiles of this catalogue: documents that a client may claim to follow."""

from __future__ import annotations

from oauth_gauntlet.model import Basis, Profile
from oauth_gauntlet.model.basis import page

SCIM_CONNECTOR = Profile(
    name="scim-connector",
    title="The OAuth 2.0 configuration page of a SCIM connector",
    document="the connector's configuration page",
)


def profiles() -> tuple[Profile, ...]:
    """Return every profile."""
    return (SCIM_CONNECTOR,)


def connector_page(sentence: str) -> Basis:
    """Return the basis that quotes a sentence of the connector's page; docs/connector.md lists all of them."""
    return page(SCIM_CONNECTOR.document, sentence)
