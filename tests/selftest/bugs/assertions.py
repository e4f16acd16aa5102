"""Bugs in the claims of assertions, and the base class of request builders with faulty assertions."""

import base64
import json
import secrets
from typing import Any

import jwt

from oauth_gauntlet.reference import assertion
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.keys import algorithms_for
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.bugs.broken import Broken


class Assertions(TokenRequestBuilder):
    """A request builder whose subclasses change the claims, the header or the signature of assertions."""

    def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
        return claims

    def header(self) -> dict[str, Any]:
        return dict(self.configuration.jwt_header)

    def assertion(self, now: float) -> str:
        c = self.configuration
        assert c.private_key is not None
        named = {"issuer": c.jwt_issuer or "", "subject": c.jwt_subject or "", "audience": c.jwt_audience or ""}
        return assertion.sign(self.claims(assertion.claims(**named, now=now)), self.header(), c.private_key)

    def by_hand(self, now: float, *, sign: bool) -> str:
        """Return an assertion with the configured header, even if its alg does not fit the key."""
        c = self.configuration
        assert c.private_key is not None
        named = {"issuer": c.jwt_issuer or "", "subject": c.jwt_subject or "", "audience": c.jwt_audience or ""}
        able = algorithms_for(c.private_key)[0]
        header = {"typ": "JWT", "alg": able, **self.header()}
        texts = [json.dumps(part).encode() for part in (header, self.claims(assertion.claims(**named, now=now)))]
        signed = b".".join(base64.urlsafe_b64encode(text).rstrip(b"=") for text in texts)
        signature = jwt.get_algorithm_by_name(able).sign(signed, c.private_key) if sign else b""
        return f"{signed.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


class IssuerLost(Broken):
    """Uses the client id as issuer."""

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "iss": "gauntlet-client"}


class SubjectLost(Broken):
    """Uses the issuer as subject."""

    seen_in = ("googleapis/google-auth-library-php#505",)

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "sub": claims["iss"]}


class AudienceForeign(Broken):
    """Adds another server to the audience."""

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "aud": [claims["aud"], "https://elsewhere.example"]}


class ClaimsInAscii(Broken):
    """Replaces every character of the subject beyond ASCII by a question mark."""

    seen_in = ("auth0/node-jws#17",)

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "sub": claims["sub"].encode("ascii", "replace").decode()}


class IssuedAtAsText(Broken):
    """Writes iat as a string."""

    seen_in = (
        "AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet#838",
        "lexik/LexikJWTAuthenticationBundle#241",
    )

    class Requests(Assertions):
        def assertion(self, now: float) -> str:
            head, claims, _ = super().assertion(now).split(".")
            document = json.loads(base64.urlsafe_b64decode(claims + "=="))
            document["iat"] = str(document["iat"])
            part = base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()
            return f"{head}.{part}.c2lnbmF0dXJl"


class SecretInClaims(Broken):
    """Adds the client secret to the claims."""

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "client_secret": self.configuration.client_secret}


class ExpInMilliseconds(Broken):
    """Writes exp in milliseconds."""

    seen_in = ("Vonage/vonage-video-react-app#637", "dwyl/learn-json-web-tokens#28")

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "exp": claims["exp"] * 1000}


class AudienceLost(Broken):
    """Ignores the configured audience and uses a fixed one."""

    seen_in = ("r-lib/httr#273", "facile-it/php-openid-client#25")

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "aud": "https://elsewhere.example"}


class NotBeforeAhead(Broken):
    """Writes an nbf ten minutes in the future."""

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "nbf": claims["iat"] + 600}


class ExpMissing(Broken):
    """Omits exp."""

    seen_in = ("bluesky-social/indigo#1147", "bluesky-social/cookbook#33")

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in claims.items() if name != "exp"}


class ExpPassed(Broken):
    """Writes an exp one second in the past, which a server with tolerance accepts."""

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "exp": claims["iat"] - 1}


class JtiFixed(Broken):
    """Writes the same jti into every assertion."""

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "jti": "1", "n": secrets.token_hex(4)}  # so that no two are the same


class JtiOfTheSubject(Broken):
    """Computes jti from issuer, subject and audience: it is the same in each assertion of one configuration."""

    seen_in = ("box/box-java-sdk#519",)

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            subject = f"{claims['iss']} {claims['sub']} {claims['aud']}"
            return {**claims, "jti": subject, "n": secrets.token_hex(4)}  # so that no two are the same


class AssertionSentAgain(Broken):
    """Sends the assertion of a failed request again."""

    seen_in = ("govuk-one-login/authentication-api#8427", "box/box-java-sdk#519")

    reached_by = ("a token request that failed",)

    kept = ""

    def request_builder(self, configuration: Any) -> Any:
        builder = super().request_builder(configuration)
        made = builder.assertion

        def again(now: float) -> str:
            self.kept = self.kept or made(now)
            return self.kept

        builder.assertion = again  # type: ignore[method-assign]
        return builder

    def ask(self, grant: Any) -> Any:
        granted = super().ask(grant)
        self.kept = ""
        return granted


class ClaimsLeftOut(Broken):
    """Accepts a configuration without issuer, subject and audience, and sends an assertion without these claims."""

    class Configurations(ConfigurationReader):
        def is_missing(self, key: str, value: Any) -> bool:
            return not key.startswith("jwt_") and super().is_missing(key, value)

    class Requests(Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in claims.items() if value != ""}
