"""Bugs in what is sent and how the answer is read, one a class. The class's name is the name of its spec."""

import base64
import html
import json
import logging
import os
import re
import socket
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus, urlsplit, urlunsplit

from broken import Broken
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference import assertion
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.errors import configuration_error, protocol_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport

# The connector document


class ScopeDemanded(Broken):
    """Takes scope for mandatory."""

    caught_by = ("connector.mandatory-suffice[password]",)

    class Configurations(ConfigurationReader):
        def mandatory(self, grant: Any, method: str) -> tuple[str, ...]:
            return (*super().mandatory(grant, method), "scope")


class TokenScheme(Broken):
    """Says Token where the resource wants Bearer, as an older API of some forge had it."""

    caught_by = ("connector.token-authenticates[password]", "resource.bearer-header[password]")

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        _, transport = self._ready()
        return transport.send(method, url, {**headers, "Authorization": f"Token {token.access_token}"}, None)


class AsksForMetadata(Broken):
    """Looks for the server's metadata though the token URL is configured."""

    caught_by = ("connector.token-url[password]",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            if url.endswith("/token"):
                super().send("GET", url.removesuffix("token") + ".well-known/oauth-authorization-server", {}, None)
            return super().send(method, url, headers, body)


class ClientIdLowered(Broken):
    """Takes the client id for something without case."""

    caught_by = ("connector.client-id[client_credentials]",)

    class Requests(TokenRequestBuilder):
        def basic(self) -> str:
            raw = f"{(self.configuration.client_id or '').lower()}:{self.configuration.client_secret}"
            return f"Basic {base64.b64encode(raw.encode()).decode()}"


class SecretCut(Broken):
    """Has room for 32 characters of a secret, like a column of a database."""

    caught_by = ("connector.client-secret[client_credentials]",)

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            return super().read({**given, "client_secret": (given.get("client_secret") or "")[:32]})


class RefreshTokenLowered(Broken):
    """Takes the refresh token for something without case."""

    caught_by = ("connector.refresh-token[refresh_token]",)

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            return super().read({**given, "refresh_token": (given.get("refresh_token") or "").lower()})


class RefreshReturnsHeld(Broken):
    """Answers a refresh with the token that it holds."""

    caught_by = ("connector.new-session[refresh_token]",)

    def refresh(self) -> Any:
        return self.get_token()


class UserSentAlong(Broken):
    """Sends the user along with client_credentials, where one is configured."""

    caught_by = ("connector.own-behalf[client_credentials]", "config.grant-selected[client_credentials]")

    class Requests(TokenRequestBuilder):
        def grant_parameters(self, grant: Any, refresh_token: Any, now: float) -> Any:
            user = [("username", self.configuration.username)] if self.configuration.username else []
            return super().grant_parameters(grant, refresh_token, now) + user


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


class Unsigned(Broken):
    """Leaves the signature empty."""

    caught_by = ("connector.jwt-structure[jwt-bearer]", "jwt.signature-valid[jwt-bearer]")

    class Requests(_Assertions):
        def assertion(self, now: float) -> str:
            return super().assertion(now).rpartition(".")[0] + "."


class SignatureOfOther(Broken):
    """Signs once, and puts the signature below whatever claims there are later."""

    caught_by = ("connector.jwt-unalterable[jwt-bearer]",)

    class Requests(_Assertions):
        def assertion(self, now: float) -> str:
            head, claims, _ = super().assertion(now).split(".")
            other = super().assertion(now - 10).rpartition(".")[2]
            return f"{head}.{claims}.{other}"


class DomainCut(Broken):
    """Leaves out a Windows domain before a user's name."""

    caught_by = ("connector.username[password]",)

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            return super().read({**given, "username": (given.get("username") or "").rpartition("\\")[2]})


class MarkupEscaped(Broken):
    """Escapes for HTML what goes into a form."""

    caught_by = ("connector.password[password]",)

    class Requests(TokenRequestBuilder):
        def encoded(self, text: str) -> str:
            return super().encoded(html.escape(text))


# The form


class Entities(Broken):
    """Sends what is beyond ASCII as character references, as old browsers did."""

    caught_by = ("encoding.appendix-b[password]", "encoding.non-ascii.beyond-bmp[password]")

    class Requests(TokenRequestBuilder):
        def encoded(self, text: str) -> str:
            return super().encoded(text.encode("ascii", "xmlcharrefreplace").decode())


class RawText(Broken):
    """Percent-encodes separators only, and leaves the rest raw."""

    caught_by = ("encoding.ascii-body[password]",)

    class Requests(TokenRequestBuilder):
        def body(self, pairs: Any) -> bytes:
            return "&".join(f"{name}={re.sub('[%&=+]', lambda m: quote_plus(m[0]), value)}" for name, value in pairs).encode()


class TrailingAmpersand(Broken):
    """Ends each pair with an ampersand, the last one too."""

    caught_by = ("encoding.body-alone[password]",)

    class Requests(TokenRequestBuilder):
        def body(self, pairs: Any) -> bytes:
            return super().body(pairs) + b"&"


class UrnEncodedTwice(Broken):
    """Percent-encodes the URN before the form does."""

    caught_by = ("encoding.grant-urn[jwt-bearer]", "jwt.grant-and-assertion[jwt-bearer]")

    class Requests(TokenRequestBuilder):
        def grant_type(self, grant: GrantType) -> str:
            return quote_plus(super().grant_type(grant))


class RedirectUriSent(Broken):
    """Sends redirect_uri with every grant."""

    caught_by = ("request.known-parameters[client_credentials]",)

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return [*super().scope_parameters(), ("redirect_uri", "https://client.example/callback")]


# Where it goes


class PathTidied(Broken):
    """Tidies the path: small letters, no slash at the end, nothing percent-encoded."""

    caught_by = tuple(
        f"http.exact-path.{name}[password]" for name in ("trailing-slash", "encoded-slash", "upper-case", "semicolon")
    )

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            parts = urlsplit(super().url(pairs))
            path = parts.path.lower().rstrip("/").replace("%2f", "/").partition(";")[0]
            return urlunsplit(parts._replace(path=path))


class ExtensionCut(Broken):
    """Leaves out what looks like the extension of a file."""

    caught_by = ("http.exact-path.extension[password]",)

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            return super().url(pairs).removesuffix(".php")


class HostWithoutPort(Broken):
    """Sends Host without the port."""

    caught_by = ("http.host[password]",)

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            return {**super().headers(), "Host": urlsplit(self.configuration.token_url).hostname or ""}


class BlanksEncoded(Broken):
    """Percent-encodes the white space around a URL in place of leaving it out."""

    caught_by = tuple(f"config.url-whitespace.{name}[password]" for name in ("space", "line-end"))

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            url = given.get("token_url")
            if isinstance(url, str):
                given = {**given, "token_url": url.lstrip().replace(" ", "%20").replace("\n", "%0A")}
            return super().read(given)


class BlankBefore(Broken):
    """Crashes on a URL that begins with white space."""

    caught_by = ("config.url-whitespace.tab[password]",)

    class Configurations(ConfigurationReader):
        def check_url(self, url: str, *, allow_http: bool) -> None:
            if not url[0].isalpha():
                raise IndexError(url)
            super().check_url(url, allow_http=allow_http)


class _Following(Transport):
    """Exchanges that follow a redirect, with whatever they carry."""

    def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
        response = super().send(method, url, headers, body)
        location = response.header("location")
        return super().send(method, location, self.onward(url, headers), body) if location else response

    def onward(self, url: str, headers: Any) -> Any:
        return headers


class FollowsDownwards(Broken):
    """Follows a redirect from https to http with all that it carries."""

    caught_by = tuple(f"http.downgrade.{status}[password]" for status in ("302", "307", "308"))
    Exchanges = _Following


class RedirectIsSuccess(Broken):
    """Takes everything below 400 for a success."""

    caught_by = tuple(f"http.redirect-with-token.{status}[password]" for status in ("300", "302", "307"))

    class Responses(TokenResponseReader):
        def is_success(self, status: int) -> bool:
            return status < 400


# What surrounds it


class NetrcRead(Broken):
    """Reads the netrc file, and prefers what it finds (requests does: psf/requests#3929)."""

    caught_by = ("http.netrc[client_credentials]", "http.netrc[password]")

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            if os.environ.get("NETRC"):
                credentials = base64.b64encode(b"gauntlet-netrc:gauntlet-netrc-password").decode()
                headers = {**headers, "Authorization": f"Basic {credentials}"}
            return super().send(method, url, headers, body)


class SecretInUserAgent(Broken):
    """Tells the server in User-Agent whose secret this is."""

    caught_by = ("secrecy.user-agent[client_credentials]",)

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            return {**super().headers(), "User-Agent": f"client/1 ({self.configuration.client_secret})"}


class RefererSent(Broken):
    """Sends the whole URL as Referer after a redirect."""

    caught_by = ("secrecy.referer[password]",)

    class Exchanges(_Following):
        def onward(self, url: str, headers: Any) -> Any:
            return {**headers, "Referer": url}


class RequestLogged(Broken):
    """Logs the request that went wrong, with its body."""

    caught_by = ("secrecy.log[client_credentials]", "secrecy.log[password]", "secrecy.log[jwt-bearer]")

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            if response.status != 200:
                logging.getLogger("client").warning("failed: %s %s %s", url, headers, body)
            return response


class WaitsForChallenge(Broken):
    """Sends its credentials when asked for them, as browsers do."""

    caught_by = ("auth.preemptive[client_credentials]", "request.one-per-token[client_credentials]")

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            bare = {name: value for name, value in headers.items() if name != "Authorization"}
            response = super().send(method, url, bare, body)
            return super().send(method, url, headers, body) if response.status >= 400 else response


# Errors


class Only400(Broken):
    """Reads the error document of a 400, and of nothing else."""

    caught_by = tuple(f"error.other-status.{status}[password]" for status in ("403", "404", "422", "429"))

    class Responses(TokenResponseReader):
        def failure(self, response: Response, document: Any) -> Exception:
            return super().failure(response, document if response.status == 400 else None)


class ChallengesRead(Broken):
    """Reads WWW-Authenticate before the error document, and trips over what it does not know."""

    caught_by = tuple(f"error.challenges.{name}[password]" for name in ("two-fields", "one-field", "broken", "empty"))

    class Responses(TokenResponseReader):
        def failure(self, response: Response, document: Any) -> Exception:
            fields = [value for name, value in response.headers if name.lower() == "www-authenticate"]
            for value in fields:
                match = re.fullmatch(r'\w+ \w+="[^",]*"', value)
                if match is None or len(fields) > 1:
                    raise KeyError("realm")
            return super().failure(response, document)


class DescriptionFormatted(Broken):
    """Formats the server's text as if it were a template, and prints it in ASCII."""

    caught_by = tuple(f"error.description-odd.{name}[password]" for name in ("non-ascii", "percent"))

    class Responses(TokenResponseReader):
        def failure(self, response: Response, document: Any) -> Exception:
            text = (document or {}).get("error_description", "")
            text.encode("ascii")
            text.format()
            return super().failure(response, document)


class DescriptionChecked(Broken):
    """Gives up on an error whose description is not as the grammar has it, or long."""

    caught_by = tuple(f"error.description-odd.{name}[password]" for name in ("line-breaks", "quotes", "long"))

    class Responses(TokenResponseReader):
        def failure(self, response: Response, document: Any) -> Exception:
            text = (document or {}).get("error_description", "")
            if len(text) > 1000 or not re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]*", text):
                return protocol_error("that is no error response", response.status)
            return super().failure(response, document)


class OddErrorsCrash(Broken):
    """Takes the error for text."""

    caught_by = ("error.property-odd[password]", "error.non-string.number[password]")

    class Responses(TokenResponseReader):
        def error_code(self, document: Any) -> str | None:
            return None if document is None or "error" not in document else document["error"].lower()


# Members


class MembersTakenForText(Broken):
    """Calls the methods of a text on scope, error and refresh token, whatever they are."""

    caught_by = (
        *(f"parse.scope-odd.{name}[password]" for name in ("array", "null", "number", "object")),
        *(f"parse.error-null.{name}[password]" for name in ("null", "object")),
        *(f"parse.refresh-token-odd.{name}[password]" for name in ("number", "true", "array", "object")),
        "parse.property-near[password]",
    )

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            document = super().document(body)
            for name in ("scope", "error", "refresh_token"):
                if document is not None and name in document:
                    document[name].strip()
            return document


class EmptyScopeCrashes(Broken):
    """Looks at the first scope and the first letter of the error, which need not be there."""

    caught_by = ("parse.scope-odd.empty[password]", "parse.error-null.empty[password]")

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            document = super().document(body)
            for name in ("scope", "error"):
                if document is not None and document.get(name) == "":
                    raise IndexError(name)
            return document


class OddRefreshTokenKept(Broken):
    """Keeps a refresh token of any type, in the spelling of the language."""

    caught_by = tuple(f"refresh.odd-not-sent.{name}[refresh_token]" for name in ("true", "array", "object"))

    class Responses(TokenResponseReader):
        def refresh_token(self, document: Any) -> str | None:
            value = document.get("refresh_token")
            return str(value) if value else None


class TokenSmuggles(Broken):
    """Writes header fields by hand, without a look at what they hold."""

    caught_by = tuple(f"resource.header-injection.{name}[password]" for name in ("crlf", "lf"))

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10) as connection:
            head = f"{method} {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n"
            connection.sendall(f"{head}Authorization: Bearer {token.access_token}\r\n\r\n".encode())
            answer = connection.makefile("rb").read()
        return Response(status=int(answer.split()[1]), headers=(), body=b"")


class BareReturnSmuggles(Broken):
    """Takes a bare CR for the end of a line."""

    caught_by = ("resource.header-injection.cr[password]",)

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        first, _, rest = token.access_token.partition("\r")
        name, _, value = rest.strip().partition(": ")
        extra = {name: value} if name else {}
        return super().send_with(replace(token, access_token=first), method, url, {**headers, **extra}, body)


class ScopeCompared(Broken):
    """Refuses a token whose scope is not, letter for letter, what was asked for."""

    caught_by = ("scope.reordered-in-response[password]", "scope.widened-in-response[password]")

    def ask(self, grant: Any) -> Any:
        granted = super().ask(grant)
        configuration, _ = self._ready()
        if granted.scope and configuration.scope and granted.scope != configuration.scope:
            raise protocol_error("another scope was granted")
        return granted


class ScopeCleaned(Broken):
    """Leaves out the characters that no scope may have."""

    caught_by = tuple(f"scope.illegal-characters.{name}[password]" for name in ("quote", "backslash", "non-ascii"))

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return [(name, re.sub(r"[^!#-\[\]-~ ]", "", value)) for name, value in super().scope_parameters()]


# Assertions


class IssuerLost(Broken):
    """Names the client as issuer."""

    caught_by = ("jwt.issuer[jwt-bearer]",)

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "iss": "gauntlet-client"}


class SubjectLost(Broken):
    """Takes the issuer for the subject."""

    caught_by = ("jwt.subject[jwt-bearer]",)

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "sub": claims["iss"]}


class AudienceAdded(Broken):
    """Adds the token URL to the audience."""

    caught_by = ("jwt.audience[jwt-bearer]",)

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "aud": [claims["aud"], self.configuration.token_url]}


class ClaimsInAscii(Broken):
    """Has a question mark for every letter beyond ASCII."""

    caught_by = ("jwt.non-ascii-claims[jwt-bearer]",)

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "sub": claims["sub"].encode("ascii", "replace").decode()}


class IssuedAtAsText(Broken):
    """Writes iat as text."""

    caught_by = ("jwt.numeric-dates[jwt-bearer]", "jwt.iat-sane[jwt-bearer]")

    class Requests(_Assertions):
        def assertion(self, now: float) -> str:
            head, claims, _ = super().assertion(now).split(".")
            document = json.loads(base64.urlsafe_b64decode(claims + "=="))
            document["iat"] = str(document["iat"])
            part = base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()
            return f"{head}.{part}.c2lnbmF0dXJl"


class SecretInClaims(Broken):
    """Puts the client's secret among the claims."""

    caught_by = ("jwt.no-secrets[jwt-bearer]",)

    class Requests(_Assertions):
        def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
            return {**claims, "client_secret": self.configuration.client_secret}


class TypFixed(Broken):
    """Has a typ of its own."""

    caught_by = ("jwt.header-typ.lower[jwt-bearer]", "jwt.header-typ.explicit[jwt-bearer]")

    class Requests(_Assertions):
        def header(self) -> dict[str, Any]:
            return {**super().header(), "typ": "JWT"}


class TypLeftOut(Broken):
    """Leaves typ out, as it is optional."""

    caught_by = ("jwt.header-typ.jwt[jwt-bearer]",)

    class Requests(_Assertions):
        def header(self) -> dict[str, Any]:
            return {**super().header(), "typ": None}


class HeaderOfTexts(Broken):
    """Turns every member of the header into text, and leaves out thumbprints."""

    caught_by = tuple(f"jwt.header-extra.{name}[jwt-bearer]" for name in ("x5t", "number", "array", "object"))

    class Requests(_Assertions):
        def header(self) -> dict[str, Any]:
            return {name: str(value) for name, value in super().header().items() if name != "x5t"}


class PaddingTold(Broken):
    """Says PS256 in the header, and pads as RS256 does."""

    caught_by = ("key.property[jwt-bearer]", "jwt.header-alg.ps256[jwt-bearer]")

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


class PayloadAsText(Broken):
    """Has str() of every member of the payload."""

    caught_by = ("payload.property[password]", "payload.non-string.true[password]")

    class Configurations(ConfigurationReader):
        def payload_text(self, member: Any) -> str:
            return str(member)


# Options together, and what is said of one


class QueryOrPayload(Broken):
    """Forgets the query of the URL when there is a payload."""

    caught_by = ("config.combinations[client_credentials]",)

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            url = super().url(pairs)
            return url.partition("?")[0] if self.configuration.payload else url


class ScopeOrBasic(Broken):
    """Forgets the scope when it authenticates in the header."""

    caught_by = ("config.combinations[password]",)

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return [] if self.in_header() and self.configuration.payload else super().scope_parameters()


class NamelessErrors(Broken):
    """Says that the configuration is wrong, and not where."""

    caught_by = tuple(
        f"config.error-names-parameter[{grant}]" for grant in ("refresh_token", "client_credentials", "jwt-bearer", "password")
    )

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            try:
                return super().read(given)
            except Exception:
                raise configuration_error("the configuration is not valid") from None
