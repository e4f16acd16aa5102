"""Freedoms in assertions (RFC 7523 §3)."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet.reference import assertion
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.freedoms.free import Free


class _Assertions(TokenRequestBuilder):
    """A request builder whose subclasses change the claims of assertions."""

    def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
        return claims

    def assertion(self, now: float) -> str:
        c = self.configuration
        assert c.private_key is not None
        named = {"issuer": c.jwt_issuer or "", "subject": c.jwt_subject or "", "audience": c.jwt_audience or ""}
        return assertion.sign(self.claims(assertion.claims(**named, now=now)), c.jwt_header, c.private_key)


class AudienceAsList(Free):
    """Writes aud as a list of one audience (RFC 7519 §4.1.3)."""

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "aud": [claims["aud"]]}


class NoJti(Free):
    """Omits jti, which is optional."""

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in claims.items() if name != "jti"}


class NotBeforeSaid(Free):
    """Writes nbf, which is optional."""

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "nbf": claims["iat"]}


class AssertionOfAnHour(Free):
    """Makes assertions that are valid for an hour."""

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "exp": claims["iat"] + 3600}


class TwoAudiences(Free):
    """Writes aud as a list of the configured audience and the token URL (RFC 7523 §3 (3), RFC 7519 §4.1.3)."""

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "aud": [claims["aud"], self.configuration.token_url]}


class AssertionOfTwoYears(Free):
    """Makes assertions that are valid for two years, which a server may reject (RFC 7523 §3 (4))."""

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "exp": claims["iat"] + 2 * 366 * 86400}


class NotBeforeSoon(Free):
    """Writes an nbf three seconds in the future: clocks differ (RFC 7519 §4.1.5)."""

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "nbf": claims["iat"] + 3}


class ClientAssertionForTokenUrl(Free):
    """Writes the token URL as audience of client assertions (RFC 7523 §3 (3))."""

    class Requests(TokenRequestBuilder):
        def client_claims(self, now: float) -> dict[str, Any]:
            return {**super().client_claims(now), "aud": self.configuration.token_url}


class ClientAssertionForTwo(Free):
    """Writes issuer identifier and token URL as audience of client assertions (RFC 7519 §4.1.3)."""

    class Requests(TokenRequestBuilder):
        def client_claims(self, now: float) -> dict[str, Any]:
            claims = super().client_claims(now)
            return {**claims, "aud": [claims["aud"], self.configuration.token_url]}


class ClientAssertionAlone(Free):
    """Sends no client_id beside a client assertion (RFC 7521 §4.2)."""

    class Requests(TokenRequestBuilder):
        def client_parameters(self) -> list[tuple[str, str]]:
            return [] if self.configuration.auth_method.endswith("_jwt") else super().client_parameters()


class AssertionReused(Free):
    """Sends an assertion again while it is valid: replay protection is optional (RFC 7523 §6). Some servers have it."""

    warned = frozenset({"jwt.fresh-after-failure"})

    reached_by = ("an assertion",)

    kept: tuple[Any, float, str] | None = None

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        builder = super().request_builder(configuration)
        new = builder.assertion

        def valid(now: float) -> str:
            kept = self.kept
            if kept is None or kept[0] is not configuration or not kept[1] <= now < kept[1] + assertion.LIFETIME_S / 2:
                kept = self.kept = (configuration, now, new(now))
            return kept[2]

        builder.assertion = valid  # type: ignore[method-assign]
        return builder
