"""Bugs in the URL and the Host of a request."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.bugs.broken import Broken


class AsksForMetadata(Broken):
    """Requests the server's metadata although the token URL is configured."""

    seen_in = ("modelcontextprotocol/rust-sdk#460", "DuendeArchive/IdentityModel.OidcClient#66")

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            if url.endswith("/token"):
                super().send("GET", url.removesuffix("token") + ".well-known/oauth-authorization-server", {}, None)
            return super().send(method, url, headers, body)


class PathTidied(Broken):
    """Changes the path of the token URL: lower case, no final slash, no parameters, %2F decoded."""

    seen_in = ("pilcrowonpaper/arctic#244", "encode/httpx#1405", "line/armeria#1416")

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            parts = urlsplit(super().url(pairs))
            path = parts.path.lower().rstrip("/").replace("%2f", "/").partition(";")[0]
            return urlunsplit(parts._replace(path=path))


class ExtensionCut(Broken):
    """Removes the file extension .php from the token URL."""

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            return super().url(pairs).removesuffix(".php")


class HostWithoutPort(Broken):
    """Sends Host without the port."""

    seen_in = ("esp8266/Arduino#2006", "danwrong/restler#24", "clj-commons/aleph#232")

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            return {**super().headers(), "Host": urlsplit(self.configuration.token_url).hostname or ""}


class BlanksEncoded(Broken):
    """Percent-encodes white space at the end of the token URL instead of removing it."""

    seen_in = ("hoppscotch/hoppscotch#2046",)

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            url = given.get("token_url")
            if isinstance(url, str):
                given = {**given, "token_url": url.lstrip().replace(" ", "%20").replace("\n", "%0A")}
            return super().read(given)


class BlankBefore(Broken):
    """Crashes on a token URL that starts with white space."""

    seen_in = ("psf/requests#3696",)

    class Configurations(ConfigurationReader):
        def check_url(self, url: str, *, allow_http: bool) -> None:
            if not url[0].isalpha():
                raise IndexError(url)
            super().check_url(url, allow_http=allow_http)


class QueryDropped(Broken):
    """Drops the query of the token URL."""

    seen_in = ("p2/OAuth2#105", "AzureAD/microsoft-authentication-library-for-dotnet#339")

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            return super().url(pairs).partition("?")[0]


class FragmentEncoded(Broken):
    """Percent-encodes the number sign of a fragment in the token URL."""

    seen_in = ("http-rs/async-h1#128",)

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            url = given.get("token_url")
            return super().read({**given, "token_url": url.replace("#", "%23")} if isinstance(url, str) else given)
