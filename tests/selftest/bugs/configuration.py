"""Bugs in reading a configuration."""

from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.errors import configuration_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.bugs.broken import Broken


class ScopeDemanded(Broken):
    """Requires scope, which is optional."""

    seen_in = ("dmfs/oauth2-essentials#106",)

    class Configurations(ConfigurationReader):
        def mandatory(self, grant: Any, method: str) -> tuple[str, ...]:
            return (*super().mandatory(grant, method), "scope")


class DomainCut(Broken):
    """Removes a Windows domain in front of the user name."""

    seen_in = ("microsoft/omi#184",)

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            return super().read({**given, "username": (given.get("username") or "").rpartition("\\")[2]})


class QueryOrPayload(Broken):
    """Drops the query of the token URL if there is an additional payload."""

    seen_in = ("encode/httpx#3550", "dakrone/clj-http#152")

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            url = super().url(pairs)
            return url.partition("?")[0] if self.configuration.payload else url


class ScopeOrBasic(Broken):
    """Drops the scope if it authenticates in the header and there is an additional payload."""

    seen_in = ("NUWCDIVNPT/stigman-watcher#112",)

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return [] if self.in_header() and self.configuration.payload else super().scope_parameters()


class NamelessErrors(Broken):
    """Reports that the configuration is invalid without naming the parameter."""

    seen_in = ("spring-projects/spring-boot#42278",)

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            try:
                return super().read(given)
            except Exception:
                raise configuration_error("the configuration is not valid") from None


class DefaultGrantWrong(Broken):
    """Uses client_credentials if no grant is configured."""

    seen_in = ("langgenius/dify#37394",)

    class Configurations(ConfigurationReader):
        def grant(self, value: Any) -> Any:
            return super().grant(value or "client_credentials")


class TokenUrlUnchecked(Broken):
    """Uses a built-in token URL if none is configured."""

    seen_in = ("airbytehq/airbyte-api-python-sdk#106", "gopaljilab/Clinical-Insight-Engine#375")

    reached_by = ("no token_url",)

    known = "http://127.0.0.1:9/token"

    def configure(self, config: Any) -> None:
        given = (config.get("token_url") or "").strip()
        super().configure({**config, "token_url": given or self.known})


class RefreshTokenUnchecked(Broken):
    """Accepts a configuration without the mandatory refresh token."""

    seen_in = ("damienbod/angular-auth-oidc-client#909",)

    class Configurations(ConfigurationReader):
        def mandatory(self, grant: Any, method: str) -> tuple[str, ...]:
            return tuple(name for name in super().mandatory(grant, method) if name != "refresh_token")


# Which scenarios catch it depends on the scenario before, so the self-test runs them in a fixed order (forked_runs.py).
class TokenSurvivesConfigure(Broken):
    """Keeps its token when it is configured again."""

    seen_in = ("moltin/js-sdk#136", "typhonius/acquia-php-sdk-v2#426", "amadeus4dev/amadeus-node#120")

    outlives_a_scenario = True

    def close(self) -> None:
        held = self.held
        super().close()
        self.held = held


class TokenSurvivesOtherRights(Broken):
    """Keeps its token when it is configured again for the same client and user, whatever the scope, resource and audience."""

    seen_in = ("DuendeArchive/Support#1396", "Huachao/vscode-restclient#795")

    reached_by = ("get_token again",)

    identity = ""

    def configure(self, config: Any) -> None:
        rights = ("scope", "resource", "additional_payload")
        identity = repr({key: value for key, value in config.items() if key not in rights})
        held = self.held if identity == self.identity else None
        super().configure(config)
        self.held, self.identity = held, identity


class MandatoryUnchecked(Broken):
    """Requires only the token URL at configuration, and fails later if another mandatory parameter is missing."""

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


class AbsentBecomesNone(Broken):
    """Formats a credential that is not configured as the text None."""

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            credentials = {"client_id", "client_secret", "username", "password"}
            needed = credentials.intersection(self.mandatory(self.grant(given.get("grant_type")), "client_secret_basic"))
            return super().read({**dict.fromkeys(needed, "None"), **given})


class HostAssumed(Broken):
    """Takes a token URL without a host for one of this machine."""

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            url = given.get("token_url")
            return super().read({**given, "token_url": url.replace("//:", "//127.0.0.1:")} if url else given)


class GrantGuessed(Broken):
    """Treats an unknown grant as its default, refresh_token."""

    class Configurations(ConfigurationReader):
        def grant(self, value: Any) -> Any:
            return super().grant(value if not value or value in list(GrantType) else "refresh_token")


class UrlErrorsRaw(Broken):
    """Raises the errors of its URL parser unchanged."""

    class Configurations(ConfigurationReader):
        def check_url(self, url: str, *, allow_http: bool) -> None:
            try:
                super().check_url(url, allow_http=allow_http)
            except ClientFailure as failure:
                raise ValueError(failure.error.message) from None


class NulCrashes(Broken):
    """Passes its configuration to a C library, which rejects NUL."""

    class Configurations(ConfigurationReader):
        def check_text(self, key: str, value: Any) -> None:
            super().check_text(key, value)
            if "\0" in value:
                raise ValueError("embedded null character")
