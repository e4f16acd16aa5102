"""Bugs in client authentication by a JWT."""

import secrets
from typing import Any

from oauth_gauntlet.key_material import private_key
from oauth_gauntlet.reference import assertion
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.bugs.broken import Broken


class ClientAssertionTypeOfSaml(Broken):
    """Sends the client_assertion_type of SAML assertions."""

    class Requests(TokenRequestBuilder):
        def client_assertion_parameters(self, now: float) -> list[tuple[str, str]]:
            return [
                (name, value.replace(":jwt-bearer", ":saml2-bearer") if name == "client_assertion_type" else value)
                for name, value in super().client_assertion_parameters(now)
            ]


class TwoClientAssertions(Broken):
    """Sends two JWTs as client_assertion."""

    class Requests(TokenRequestBuilder):
        def client_assertion(self, now: float) -> str:
            return f"{super().client_assertion(now)} {super().client_assertion(now)}"


class SecretBesideClientAssertion(Broken):
    """Sends the client secret beside a client assertion; without one it sends an empty Basic password."""

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            signed = self.configuration.auth_method.endswith("_jwt")
            return super().headers() | ({"Authorization": self.basic()} if signed else {})


class ClientIdOfAnother(Broken):
    """Sends a client_id beside the client assertion that is not the client of the assertion."""

    class Requests(TokenRequestBuilder):
        def client_parameters(self) -> list[tuple[str, str]]:
            signed = self.configuration.auth_method.endswith("_jwt")
            return [("client_id", "gauntlet-other")] if signed else super().client_parameters()


class ClientAssertionIssuerLost(Broken):
    """Writes the URL of the server as issuer of the client assertion."""

    class Requests(TokenRequestBuilder):
        def client_claims(self, now: float) -> dict[str, Any]:
            claims = super().client_claims(now)
            return {**claims, "iss": claims["aud"]}


class ClientAssertionSubjectLeftOut(Broken):
    """Omits the subject of the client assertion."""

    class Requests(TokenRequestBuilder):
        def client_claims(self, now: float) -> dict[str, Any]:
            return {name: value for name, value in super().client_claims(now).items() if name != "sub"}


class ClientAssertionAudienceLost(Broken):
    """Writes only the origin of the token URL as audience of the client assertion."""

    class Requests(TokenRequestBuilder):
        def client_claims(self, now: float) -> dict[str, Any]:
            return {**super().client_claims(now), "aud": "/".join(self.configuration.token_url.split("/")[:3])}


class ClientAssertionWithoutExp(Broken):
    """Omits exp in the client assertion."""

    class Requests(TokenRequestBuilder):
        def client_claims(self, now: float) -> dict[str, Any]:
            return {name: value for name, value in super().client_claims(now).items() if name != "exp"}


class ClientAssertionInMilliseconds(Broken):
    """Writes exp and iat of the client assertion in milliseconds."""

    class Requests(TokenRequestBuilder):
        def client_claims(self, now: float) -> dict[str, Any]:
            claims = super().client_claims(now)
            return {**claims, "exp": claims["exp"] * 1000, "iat": claims["iat"] * 1000}


class ClientAssertionWithoutJti(Broken):
    """Omits jti in the client assertion, which OpenID Connect requires."""

    class Requests(TokenRequestBuilder):
        def client_claims(self, now: float) -> dict[str, Any]:
            return {name: value for name, value in super().client_claims(now).items() if name != "jti"}


class ClientAssertionJtiFixed(Broken):
    """Writes the same jti into every client assertion."""

    class Requests(TokenRequestBuilder):
        def client_claims(self, now: float) -> dict[str, Any]:
            return {**super().client_claims(now), "jti": "1", "n": secrets.token_hex(4)}  # so that no two are the same


class ClientAssertionJtiOfTheClient(Broken):
    """Computes jti from client id and audience: it is the same in each assertion of one client."""

    class Requests(TokenRequestBuilder):
        def client_claims(self, now: float) -> dict[str, Any]:
            claims = super().client_claims(now)
            jti = f"{claims['iss']} for {claims['aud']}"
            return {**claims, "jti": jti, "n": secrets.token_hex(4)}  # so that no two are the same


class ClientAssertionOfOtherKey(Broken):
    """Signs the client assertion with another key than the configured one, and its MAC with the client id."""

    class Requests(TokenRequestBuilder):
        def signed_for_client(self, claims: dict[str, Any]) -> str:
            if self.configuration.auth_method == "client_secret_jwt":
                return assertion.mac(claims, f"{self.configuration.client_id}-is-not-the-secret-of-the-client")
            return assertion.sign(claims, {}, private_key("rsa-other"))  # type: ignore[arg-type]


class ShortSecretTaken(Broken):
    """Makes a MAC with a client secret that is too short."""

    class Configurations(ConfigurationReader):
        def check_secret(self, secret: str) -> None:
            pass


class OneClientAssertion(Broken):
    """Creates one client assertion, and sends it until the next configuration."""

    reached_by = ("a client assertion",)

    made = ""

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        builder = super().request_builder(configuration)
        client_assertion = builder.client_assertion

        def once(now: float) -> str:
            self.made = self.made or client_assertion(now)
            return self.made

        builder.client_assertion = once  # type: ignore[method-assign]
        return builder
