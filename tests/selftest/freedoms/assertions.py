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
