"""Bugs in how the names and values of a form are encoded."""

import html
import re
import unicodedata
from typing import Any
from urllib.parse import quote_plus

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.bugs.broken import Broken


class MarkupEscaped(Broken):
    """Escapes values for HTML before it encodes them for the form."""

    seen_in = ("hybridauth/hybridauth#181", "googleapis/google-api-php-client#76", "constantcontact/php-sdk#74")

    class Requests(TokenRequestBuilder):
        def encoded(self, text: str) -> str:
            return super().encoded(html.escape(text))


class Entities(Broken):
    """Sends characters beyond ASCII as HTML character references, as old browsers did."""

    class Requests(TokenRequestBuilder):
        def encoded(self, text: str) -> str:
            return super().encoded(text.encode("ascii", "xmlcharrefreplace").decode())


class RawText(Broken):
    """Percent-encodes only %, &, = and +, and sends all other characters unencoded."""

    class Requests(TokenRequestBuilder):
        def body(self, pairs: Any) -> bytes:
            return "&".join(f"{name}={re.sub('[%&=+]', lambda m: quote_plus(m[0]), value)}" for name, value in pairs).encode()


class UrnEncodedTwice(Broken):
    """Percent-encodes the URN of the grant type twice."""

    seen_in = ("litl/rauth#98", "ShareKit/ShareKit#515")

    class Requests(TokenRequestBuilder):
        def grant_type(self, grant: GrantType) -> str:
            return quote_plus(super().grant_type(grant))


class Latin1(Broken):
    """Encodes text in Latin-1."""

    seen_in = ("owncloud/client#609", "gbif/portal16#1058")

    class Requests(TokenRequestBuilder):
        def encoded(self, text: str) -> str:
            return quote_plus(text, safe="", encoding="latin-1", errors="replace")


class PlusNotEncoded(Broken):
    """Does not encode a plus sign, which a server decodes as a space."""

    seen_in = ("jhipster/generator-jhipster#1834", "postmanlabs/postman-app-support#8849", "haiwen/seafile#1072")

    class Requests(TokenRequestBuilder):
        def encoded(self, text: str) -> str:
            return super().encoded(text).replace("%2B", "+")


class NonAsciiCrash(Broken):
    """Crashes on text beyond ASCII."""

    class Requests(TokenRequestBuilder):
        def encoded(self, text: str) -> str:
            return super().encoded(text.encode("ascii").decode())


class CredentialsAddedToOctets(Broken):
    """Crashes on text beyond ASCII if the client's credentials are in the body: they are added to octets, decoded as ASCII."""

    class Requests(TokenRequestBuilder):
        def body(self, pairs: Any) -> bytes:
            if any(name == "client_id" for name, _ in pairs):
                for _, value in pairs:
                    value.encode("ascii")
            return super().body(pairs)


class NamesNotEncoded(Broken):
    """Encodes the values of the form, and not the names."""

    class Requests(TokenRequestBuilder):
        def body(self, pairs: Any) -> bytes:
            return "&".join(f"{name}={self.encoded(value)}" for name, value in pairs).encode()


class Normalised(Broken):
    """Normalises text (NFKC), and strips white space at both ends."""

    class Requests(TokenRequestBuilder):
        def encoded(self, text: str) -> str:
            return super().encoded(unicodedata.normalize("NFKC", text).strip())
