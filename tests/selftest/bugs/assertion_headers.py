"""Bugs in the header, the signature and the encoding of assertions."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.errors import configuration_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.bugs.assertions import Assertions
from tests.selftest.bugs.broken import Broken


class AnyHeader(ConfigurationReader):
    """Accepts any header."""

    def check_header(self, header: Any, key: Any) -> None:
        pass


class Unsigned(Broken):
    """Leaves the signature empty."""

    seen_in = ("auth0/node-jws#1",)

    class Requests(Assertions):
        def assertion(self, now: float) -> str:
            return super().assertion(now).rpartition(".")[0] + "."


class SignatureOfOther(Broken):
    """Sends a signature that was made for other claims."""

    class Requests(Assertions):
        def assertion(self, now: float) -> str:
            head, claims, _ = super().assertion(now).split(".")
            other = super().assertion(now - 10).rpartition(".")[2]
            return f"{head}.{claims}.{other}"


class TypFixed(Broken):
    """Always writes typ JWT, even if another typ is configured."""

    seen_in = ("auth0/java-jwt#298", "authlib/joserfc#6", "joken-elixir/joken#379")

    class Requests(Assertions):
        def header(self) -> dict[str, Any]:
            return {**super().header(), "typ": "JWT"}


class TypLeftOut(Broken):
    """Omits typ because it is optional, even if it is configured."""

    seen_in = ("spring-projects/spring-security#9852", "tsndr/cloudflare-worker-jwt#9")

    class Requests(Assertions):
        def header(self) -> dict[str, Any]:
            return {**super().header(), "typ": None}


class HeaderOfTexts(Broken):
    """Writes every member of the header as a string, and omits the thumbprint x5t."""

    seen_in = ("spring-projects/spring-security#9852",)

    class Requests(Assertions):
        def header(self) -> dict[str, Any]:
            return {name: str(value) for name, value in super().header().items() if name != "x5t"}


class PaddingTold(Broken):
    """Writes PS256 into the header, but signs with the padding of RS256."""

    class Requests(Assertions):
        def assertion(self, now: float) -> str:
            named = self.header().get("alg", "")
            if not named.startswith("PS"):
                return super().assertion(now)
            c = self.configuration
            head, claims, _ = super().assertion(now).split(".")
            assert isinstance(c.private_key, RSAPrivateKey)
            signature = c.private_key.sign(f"{head}.{claims}".encode(), PKCS1v15(), SHA256())
            return f"{head}.{claims}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


class HeaderIgnored(Broken):
    """Ignores the configured header."""

    seen_in = ("authlib/authlib#391", "JakubOnderka/OpenID-Connect-PHP#33", "joolfe/postman-util-lib#25")

    class Requests(Assertions):
        def header(self) -> dict[str, Any]:
            return {}


class AlgorithmLowerCased(Broken):
    """Writes the algorithm of a configured header in lower case."""

    class Requests(Assertions):
        def assertion(self, now: float) -> str:
            header, _, rest = super().assertion(now).partition(".")
            if "alg" not in self.configuration.jwt_header:
                return f"{header}.{rest}"
            named = {**self.header(), "alg": str(self.header()["alg"]).lower()}
            return base64.urlsafe_b64encode(json.dumps(named).encode()).rstrip(b"=").decode() + f".{rest}"


class AlgorithmUnchecked(Broken):
    """Writes the configured alg into the header, but signs with an algorithm that fits the key."""

    seen_in = ("jpadilla/pyjwt#1023", "auth0/node-jsonwebtoken#732", "jwt-dotnet/jwt#538")

    class Configurations(AnyHeader): ...

    class Requests(Assertions):
        def assertion(self, now: float) -> str:
            return self.by_hand(now, sign=True)


class NoneTaken(Broken):
    """Omits the signature if the configured alg is none."""

    seen_in = ("auth0/node-jsonwebtoken#711",)

    class Configurations(AnyHeader): ...

    class Requests(Assertions):
        def assertion(self, now: float) -> str:
            unsigned = str(self.header().get("alg", "")).lower() == "none"
            return self.by_hand(now, sign=False) if unsigned else super().assertion(now)


class Padded(Broken):
    """Writes base64url with padding."""

    seen_in = ("ballerina-platform/ballerina-lang#20566",)

    class Requests(Assertions):
        def assertion(self, now: float) -> str:
            return ".".join(part + "=" * (-len(part) % 4) for part in super().assertion(now).split("."))


class HeaderInAscii(Broken):
    """Replaces every character of the header beyond ASCII by a question mark."""

    class Requests(Assertions):
        def header(self) -> dict[str, Any]:
            return {
                name: value.encode("ascii", "replace").decode() if isinstance(value, str) else value
                for name, value in super().header().items()
            }


class OneAssertion(Broken):
    """Creates one assertion, and sends it until the next configuration."""

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


class PssOnly(Broken):
    """Signs with PS256 only, and refuses RS256."""

    class Configurations(ConfigurationReader):
        def check_header(self, header: Any, key: Any) -> None:
            if header.get("alg", "PS256") == "RS256":
                raise configuration_error("jwt_header: RS256 is not supported")
            super().check_header(header, key)

    class Requests(Assertions):
        def header(self) -> dict[str, Any]:
            return {"alg": "PS256", **super().header()}
