"""Bugs in assertions: claims, header, signature, key."""

import base64
import json
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from bugs.broken import Broken
from oauth_gauntlet.reference import assertion
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.keys import algorithms_for
from oauth_gauntlet.reference.token_request import TokenRequestBuilder


class _Assertions(TokenRequestBuilder):
    """Requests whose assertions have other claims, another header or another signature."""

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
        """Return an assertion with the header as it is configured, whatever can be signed."""
        c = self.configuration
        assert c.private_key is not None
        named = {"issuer": c.jwt_issuer or "", "subject": c.jwt_subject or "", "audience": c.jwt_audience or ""}
        able = algorithms_for(c.private_key)[0]
        header = {"typ": "JWT", "alg": able, **self.header()}
        texts = [json.dumps(part).encode() for part in (header, self.claims(assertion.claims(**named, now=now)))]
        signed = b".".join(base64.urlsafe_b64encode(text).rstrip(b"=") for text in texts)
        signature = jwt.get_algorithm_by_name(able).sign(signed, c.private_key) if sign else b""
        return f"{signed.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


class _AnyHeader(ConfigurationReader):
    """Takes any header."""

    def check_header(self, header: Any, key: Any) -> None:
        pass


class Unsigned(Broken):
    """Leaves the signature empty."""

    seen_in = ("auth0/node-jws#1",)

    class Requests(_Assertions):
        def assertion(self, now: float) -> str:
            return super().assertion(now).rpartition(".")[0] + "."


class SignatureOfOther(Broken):
    """Signs once, and puts the signature below whatever claims there are later."""

    class Requests(_Assertions):
        def assertion(self, now: float) -> str:
            head, claims, _ = super().assertion(now).split(".")
            other = super().assertion(now - 10).rpartition(".")[2]
            return f"{head}.{claims}.{other}"


class IssuerLost(Broken):
    """Names the client as issuer."""

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "iss": "gauntlet-client"}


class SubjectLost(Broken):
    """Takes the issuer for the subject."""

    seen_in = ("googleapis/google-auth-library-php#505",)

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "sub": claims["iss"]}


class AudienceAdded(Broken):
    """Adds the token URL to the audience."""

    seen_in = ("panva/openid-client#348", "auth0/express-openid-connect#641")

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "aud": [claims["aud"], self.configuration.token_url]}


class ClaimsInAscii(Broken):
    """Has a question mark for every letter beyond ASCII."""

    seen_in = ("auth0/node-jws#17",)

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "sub": claims["sub"].encode("ascii", "replace").decode()}


class IssuedAtAsText(Broken):
    """Writes iat as text."""

    seen_in = (
        "AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet#838",
        "lexik/LexikJWTAuthenticationBundle#241",
    )

    class Requests(_Assertions):
        def assertion(self, now: float) -> str:
            head, claims, _ = super().assertion(now).split(".")
            document = json.loads(base64.urlsafe_b64decode(claims + "=="))
            document["iat"] = str(document["iat"])
            part = base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()
            return f"{head}.{part}.c2lnbmF0dXJl"


class SecretInClaims(Broken):
    """Puts the client's secret among the claims."""

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "client_secret": self.configuration.client_secret}


class TypFixed(Broken):
    """Has a typ of its own."""

    seen_in = ("auth0/java-jwt#298", "authlib/joserfc#6", "joken-elixir/joken#379")

    class Requests(_Assertions):
        def header(self) -> dict[str, Any]:
            return {**super().header(), "typ": "JWT"}


class TypLeftOut(Broken):
    """Leaves typ out, as it is optional."""

    seen_in = ("spring-projects/spring-security#9852", "tsndr/cloudflare-worker-jwt#9")

    class Requests(_Assertions):
        def header(self) -> dict[str, Any]:
            return {**super().header(), "typ": None}


class HeaderOfTexts(Broken):
    """Turns every member of the header into text, and leaves out thumbprints."""

    seen_in = ("spring-projects/spring-security#9852",)

    class Requests(_Assertions):
        def header(self) -> dict[str, Any]:
            return {name: str(value) for name, value in super().header().items() if name != "x5t"}


class PaddingTold(Broken):
    """Says PS256 in the header, and pads as RS256 does."""

    class Requests(_Assertions):
        def assertion(self, now: float) -> str:
            told = self.header().get("alg", "")
            if not told.startswith("PS"):
                return super().assertion(now)
            c = self.configuration
            head, claims, _ = super().assertion(now).split(".")
            assert isinstance(c.private_key, RSAPrivateKey)
            signature = c.private_key.sign(f"{head}.{claims}".encode(), PKCS1v15(), SHA256())
            return f"{head}.{claims}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


class ExpInMilliseconds(Broken):
    """Writes exp in milliseconds."""

    seen_in = ("Vonage/vonage-video-react-app#637", "dwyl/learn-json-web-tokens#28")

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "exp": claims["exp"] * 1000}


class AudienceLost(Broken):
    """Has an audience of its own."""

    seen_in = ("r-lib/httr#273", "facile-it/php-openid-client#25")

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "aud": "https://elsewhere.example"}


class HeaderIgnored(Broken):
    """Ignores the configured header."""

    seen_in = ("authlib/authlib#391", "JakubOnderka/OpenID-Connect-PHP#33", "joolfe/postman-util-lib#25")

    class Requests(_Assertions):
        def header(self) -> dict[str, Any]:
            return {}


class AlgorithmUnchecked(Broken):
    """Writes the configured alg into the header, and signs as its key can."""

    seen_in = ("jpadilla/pyjwt#1023", "auth0/node-jsonwebtoken#732", "jwt-dotnet/jwt#538")

    class Configurations(_AnyHeader): ...

    class Requests(_Assertions):
        def assertion(self, now: float) -> str:
            return self.by_hand(now, sign=True)


class NoneTaken(Broken):
    """Leaves the signature out where the header says none."""

    seen_in = ("auth0/node-jsonwebtoken#711",)

    class Configurations(_AnyHeader): ...

    class Requests(_Assertions):
        def assertion(self, now: float) -> str:
            unsigned = str(self.header().get("alg", "")).lower() == "none"
            return self.by_hand(now, sign=False) if unsigned else super().assertion(now)


class Padded(Broken):
    """Pads base64url."""

    seen_in = ("ballerina-platform/ballerina-lang#20566",)

    class Requests(_Assertions):
        def assertion(self, now: float) -> str:
            return ".".join(part + "=" * (-len(part) % 4) for part in super().assertion(now).split("."))


class NotBeforeAhead(Broken):
    """Says that its assertion is good in a minute."""

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "nbf": claims["iat"] + 60}


class ExpMissing(Broken):
    """Has assertions that never expire."""

    seen_in = ("bluesky-social/indigo#1147", "bluesky-social/cookbook#33")

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in claims.items() if name != "exp"}


class HeaderInAscii(Broken):
    """Has a question mark for every letter beyond ASCII in the header."""

    class Requests(_Assertions):
        def header(self) -> dict[str, Any]:
            return {
                name: value.encode("ascii", "replace").decode() if isinstance(value, str) else value
                for name, value in super().header().items()
            }


class OneAssertion(Broken):
    """Makes one assertion, and sends it for as long as it is configured."""

    seen_in = ("AzureAD/microsoft-authentication-library-for-java#221",)

    reached_by = ("an assertion",)

    made = ""

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        builder = super().request_builder(configuration)
        assertion = builder.assertion

        def once(now: float) -> str:
            self.made = self.made or assertion(now)
            return self.made

        builder.assertion = once  # type: ignore[method-assign]
        return builder
