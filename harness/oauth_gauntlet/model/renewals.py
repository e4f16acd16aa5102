"""Kinds of renewal: how a client that has a token comes to send its second token request."""

from __future__ import annotations

from enum import StrEnum

from oauth_gauntlet.protocol import Capability, GrantType


class RenewalKind(StrEnum):
    """What makes a client renew its token. The value is a part of scenario ids, such as ``[client_credentials+expiry]``."""

    EXPIRY = "expiry"
    """The lifetime of the token has passed, by the clocks of client and server."""
    REFRESH = "refresh"
    """The application asks for a refresh (operation ``refresh`` of the adapter protocol)."""
    AFTER_401 = "after-401"
    """A resource refuses the token as invalid."""

    @property
    def occasion(self) -> str:
        """When the renewal is sent, in the words of a finding: ``after the token had expired``."""
        return _OCCASIONS[self]

    @property
    def capabilities(self) -> frozenset[str]:
        """The capabilities that an adapter must declare."""
        return _CAPABILITIES[self]

    @property
    def grants(self) -> tuple[GrantType, ...]:
        """The grants that a renewal of this kind is judged with, where a requirement names no others.

        They differ in mechanism: the client sends its grant again, or the refresh token that it got with the password. The
        first request of the grant ``refresh_token`` is a refresh request already.
        """
        return _GRANTS[self]

    @property
    def shown_by(self) -> tuple[str, ...]:
        """The requirements that a client does not meet if it sends no renewal of this kind."""
        return _SHOWN_BY[self]


def judges_renewal(scenario: str) -> bool:
    """Return whether the scenario with this id judges a renewal, and not a first request."""
    return "+" in scenario.partition("[")[2]


_OCCASIONS = {
    RenewalKind.EXPIRY: "after the token had expired",
    RenewalKind.REFRESH: "with the refresh token",
    RenewalKind.AFTER_401: "after a resource had refused the token",
}
_CAPABILITIES = {
    RenewalKind.EXPIRY: frozenset({Capability.CACHE, Capability.AUTO_REFRESH, Capability.CLOCK}),
    RenewalKind.REFRESH: frozenset({Capability.REFRESH}),
    # The cache: get_token then returns the token of the renewal, and sends no third request.
    RenewalKind.AFTER_401: frozenset({Capability.CACHE, Capability.RESOURCE, Capability.RETRY_401}),
}
_GRANTS = {
    RenewalKind.EXPIRY: (GrantType.CLIENT_CREDENTIALS, GrantType.JWT_BEARER),
    RenewalKind.REFRESH: (GrantType.PASSWORD,),
    RenewalKind.AFTER_401: (GrantType.CLIENT_CREDENTIALS,),
}
_SHOWN_BY = {
    RenewalKind.EXPIRY: ("expiry.renewed-after",),
    RenewalKind.REFRESH: ("refresh.request", "refresh.rotation-replaces"),
    RenewalKind.AFTER_401: ("resource.401-renews-once",),
}
