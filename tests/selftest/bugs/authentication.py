"""Bugs in how the client authenticates."""

import base64
import os
from typing import Any
from urllib.parse import urlencode

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.bugs.broken import Broken


class ClientIdLowered(Broken):
    """Sends the client id in lower case in Basic credentials."""

    class Requests(TokenRequestBuilder):
        def basic(self) -> str:
            raw = f"{(self.configuration.client_id or '').lower()}:{self.configuration.client_secret}"
            return f"Basic {base64.b64encode(raw.encode()).decode()}"


class SecretCut(Broken):
    """Keeps only 32 characters of the client secret, as a database column would."""

    seen_in = ("pelican/plugins#81",)

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            return super().read({**given, "client_secret": (given.get("client_secret") or "")[:32]})


class NetrcRead(Broken):
    """Reads the netrc file, and prefers its credentials to the configured ones."""

    seen_in = ("psf/requests#3929", "encode/httpx#568", "rest-client/rest-client#374")

    reached_by = ("a netrc file",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            if os.environ.get("NETRC"):
                credentials = base64.b64encode(b"gauntlet-netrc:gauntlet-netrc-password").decode()
                headers = {**headers, "Authorization": f"Basic {credentials}"}
            return super().send(method, url, headers, body)


class WaitsForChallenge(Broken):
    """Sends its credentials only after an error response, as browsers do after a challenge."""

    seen_in = ("mattbdean/JRAW#128", "OpenAS2/OpenAs2App#562")

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            bare = {name: value for name, value in headers.items() if name != "Authorization"}
            response = super().send(method, url, bare, body)
            return super().send(method, url, headers, body) if response.status >= 400 else response


class CredentialsForgotten(Broken):
    """Sends neither client id nor secret with client_credentials and password."""

    class Requests(TokenRequestBuilder):
        def in_header(self) -> bool:
            return super().in_header() and self.configuration.grant is GrantType.REFRESH_TOKEN

        def client_parameters(self) -> Any:
            return super().client_parameters() if self.configuration.grant is GrantType.REFRESH_TOKEN else []


class ClientIdMisnamed(Broken):
    """As a public client, sends its client id as clientId."""

    class Requests(TokenRequestBuilder):
        def client_parameters(self) -> Any:
            pairs = super().client_parameters()
            return [("clientId", pairs[0][1])] if self.configuration.auth_method == "none" and pairs else pairs


class EmptySecretSent(Broken):
    """As a public client, uses Basic with an empty password."""

    class Requests(TokenRequestBuilder):
        def in_header(self) -> bool:
            return super().in_header() or self.configuration.auth_method == "none"


class SecretAndAssertion(Broken):
    """Sends a client_assertion beside the client secret."""

    class Requests(TokenRequestBuilder):
        def client_parameters(self) -> Any:
            pairs = super().client_parameters()
            return [*pairs, ("client_assertion", "e30.e30.")] if self.configuration.client_secret else pairs


class BasicNotEncoded(Broken):
    """Makes Basic credentials from client id and secret without form-urlencoding them."""

    seen_in = ("coreos/go-oidc#54", "requests/requests-oauthlib#568", "SalesforceCommerceCloud/b2c-developer-tooling#551")

    class Requests(TokenRequestBuilder):
        def basic(self) -> str:
            raw = f"{self.configuration.client_id}:{self.configuration.client_secret}"
            return f"Basic {base64.b64encode(raw.encode()).decode()}"


class BasicAndBody(Broken):
    """Sends the client secret in the header and in the body."""

    seen_in = ("oidc-wp/openid-connect-generic#442", "stoplightio/desktop#367")

    class Requests(TokenRequestBuilder):
        def parameters(self, *args: Any, **kwargs: Any) -> Any:
            pairs = super().parameters(*args, **kwargs)
            return [*pairs, ("client_secret", self.configuration.client_secret or "")]


class MethodIgnored(Broken):
    """Ignores the configured method, and authenticates with Basic."""

    seen_in = ("openai/codex#40928",)

    class Configurations(ConfigurationReader):
        def auth_method(self, given: Any, grant: Any) -> str:
            return "client_secret_basic"


class PostsForBasic(Broken):
    """Sends its credentials in the body if client_secret_basic is configured: it has the two methods the wrong way round."""

    class Configurations(ConfigurationReader):
        def auth_method(self, given: Any, grant: Any) -> str:
            configured = given.get("token_endpoint_auth_method")
            return "client_secret_post" if configured == "client_secret_basic" else super().auth_method(given, grant)


class CredentialsInUrl(Broken):
    """Also sends its credentials in the URL."""

    seen_in = ("cloudfoundry/cf-java-client#580",)

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            c = self.configuration
            url = super().url(pairs)
            credentials = urlencode({"client_id": c.client_id, "client_secret": c.client_secret})
            return f"{url}{'&' if '?' in url else '?'}{credentials}" if c.client_secret else url


class UnauthorizedTriedAgain(Broken):
    """Repeats a request several times after 401."""

    seen_in = ("cloudfoundry/cf-java-client#1026", "camunda-community-hub/zeebe-client-node-js#244")

    reached_by = ("a status other than 200",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            for _ in range(5):
                response = super().send(method, url, headers, body)
                if response.status != 401 or method != "POST":
                    break
            return response
