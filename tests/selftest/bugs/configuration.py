"""Bugs in reading a configuration."""

from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.errors import configuration_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.bugs.broken import Broken


class ScopeDemanded(Broken):
    """Takes scope for mandatory."""

    seen_in = ("dmfs/oauth2-essentials#106",)

    class Configurations(ConfigurationReader):
        def mandatory(self, grant: Any, method: str) -> tuple[str, ...]:
            return (*super().mandatory(grant, method), "scope")


class DomainCut(Broken):
    """Leaves out a Windows domain before a user's name."""

    seen_in = ("microsoft/omi#184",)

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            return super().read({**given, "username": (given.get("username") or "").rpartition("\\")[2]})


class QueryOrPayload(Broken):
    """Forgets the query of the URL when there is a payload."""

    seen_in = ("encode/httpx#3550", "dakrone/clj-http#152")

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            url = super().url(pairs)
            return url.partition("?")[0] if self.configuration.payload else url


class ScopeOrBasic(Broken):
    """Forgets the scope when it authenticates in the header."""

    seen_in = ("NUWCDIVNPT/stigman-watcher#112",)

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return [] if self.in_header() and self.configuration.payload else super().scope_parameters()


class NamelessErrors(Broken):
    """Says that the configuration is wrong, and not where."""

    seen_in = ("spring-projects/spring-boot#42278",)

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            try:
                return super().read(given)
            except Exception:
                raise configuration_error("the configuration is not valid") from None


class DefaultGrantWrong(Broken):
    """Has client_credentials for its default."""

    seen_in = ("langgenius/dify#37394",)

    class Configurations(ConfigurationReader):
        def grant(self, value: Any) -> Any:
            return super().grant(value or "client_credentials")


class TokenUrlUnchecked(Broken):
    """Falls back to a token URL that it happens to know."""

    seen_in = ("airbytehq/airbyte-api-python-sdk#106", "gopaljilab/Clinical-Insight-Engine#375")

    reached_by = ("no token_url",)

    known = "http://127.0.0.1:9/token"

    def configure(self, config: Any) -> None:
        given = (config.get("token_url") or "").strip()
        super().configure({**config, "token_url": given or self.known})


class RefreshTokenUnchecked(Broken):
    """Does without the refresh token until it is needed."""

    seen_in = ("damienbod/angular-auth-oidc-client#909",)

    class Configurations(ConfigurationReader):
        def mandatory(self, grant: Any, method: str) -> tuple[str, ...]:
            return tuple(name for name in super().mandatory(grant, method) if name != "refresh_token")


class TokenSurvivesConfigure(Broken):
    """Keeps its token when it is configured anew."""

    seen_in = ("moltin/js-sdk#136", "typhonius/acquia-php-sdk-v2#426", "amadeus4dev/amadeus-node#120")

    def close(self) -> None:
        held = self.held
        super().close()
        self.held = held


class MandatoryUnchecked(Broken):
    """Demands the token URL only, and finds out later what else it would have needed."""

    seen_in = ("micronaut-projects/micronaut-security#2337", "abofs/stonyx-oauth#39", "omniauth/omniauth-oauth2#65")

    class Configurations(ConfigurationReader):
        def mandatory(self, grant: Any, method: str) -> tuple[str, ...]:
            return ("token_url",)

        def private_key(self, pem: str, password: str | None) -> Any:
            return super().private_key(pem, password) if pem.strip() else None

        def check_header(self, header: Any, key: Any) -> None:
            if key is not None:
                super().check_header(header, key)

        def read(self, given: Any) -> Any:
            return super().read({"private_key": "", **given})


class GrantGuessed(Broken):
    """Takes a grant that it does not know for client_credentials."""

    class Configurations(ConfigurationReader):
        def grant(self, value: Any) -> Any:
            return super().grant(value if not value or value in list(GrantType) else "client_credentials")


class UrlErrorsRaw(Broken):
    """Lets the errors out that it meets when it takes the token URL apart."""

    class Configurations(ConfigurationReader):
        def check_url(self, url: str, *, allow_http: bool) -> None:
            try:
                super().check_url(url, allow_http=allow_http)
            except ClientFailure as failure:
                raise ValueError(failure.error.message) from None


class NulCrashes(Broken):
    """Hands its configuration to a library in C, which takes no NUL."""

    class Configurations(ConfigurationReader):
        def check_text(self, key: str, value: Any) -> None:
            super().check_text(key, value)
            if "\0" in value:
                raise ValueError("embedded null character")
