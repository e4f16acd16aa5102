"""Bugs in resource indicators (RFC 8707)."""

from typing import Any
from urllib.parse import urlsplit

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.bugs.broken import Broken


class ResourceSlashAdded(Broken):
    """Adds the path / to a resource without a path, as URL classes do."""

    class Requests(TokenRequestBuilder):
        def resource_parameters(self) -> Any:
            return [(name, value if urlsplit(value).path else f"{value}/") for name, value in super().resource_parameters()]


class ResourceEncodedTwice(Broken):
    """Percent-encodes a resource before the form does it again."""

    class Requests(TokenRequestBuilder):
        def resource_parameters(self) -> Any:
            return [(name, self.encoded(value)) for name, value in super().resource_parameters()]


class ResourcesSent(Broken):
    """Sends the resource in a parameter resources."""

    class Requests(TokenRequestBuilder):
        def resource_parameters(self) -> Any:
            return [("resources", value) for _, value in super().resource_parameters()]


class ResourcesJoined(Broken):
    """Joins several resources with spaces, as scopes are."""

    class Requests(TokenRequestBuilder):
        def resource_parameters(self) -> Any:
            pairs = super().resource_parameters()
            return [("resource", " ".join(value for _, value in pairs))] if pairs else []


class OneResourceOnly(Broken):
    """Sends the last of several resources, because it builds the form from a map."""

    class Requests(TokenRequestBuilder):
        def resource_parameters(self) -> Any:
            return super().resource_parameters()[-1:]


class AnyResource(Broken):
    """Sends any text as resource."""

    class Configurations(ConfigurationReader):
        def resources(self, value: Any) -> tuple[str, ...]:
            return tuple(value if isinstance(value, list) else [value] if value else [])


class ResourceForgotten(Broken):
    """Sends no resource in a refresh request."""

    class Requests(TokenRequestBuilder):
        def parameters(self, grant: Any, **named: Any) -> Any:
            pairs = super().parameters(grant, **named)
            first = grant is self.configuration.grant or grant is not GrantType.REFRESH_TOKEN
            return pairs if first else [pair for pair in pairs if pair[0] != "resource"]
