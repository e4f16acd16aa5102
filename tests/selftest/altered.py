"""Altered reference clients: the base class of all bugs and freedoms, and the function that collects them.

The reference client creates each of its parts (the reader of the configuration, the builder of the token request, the readers
of the token response and of the metadata, the transport) in a separate method. An altered client replaces some of these parts
by a subclass, or overrides methods of the client itself. All the rest is the code of the reference client.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from oauth_gauntlet.protocol import Capability, Hello
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.metadata import MetadataReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Transport

AnyAltered = TypeVar("AnyAltered", bound="Altered")


class Altered(ReferenceClient):
    """The reference client with other parts: a subclass names them, or overrides methods of the client."""

    Configurations: type[ConfigurationReader] = ConfigurationReader
    Requests: type[TokenRequestBuilder] = TokenRequestBuilder
    Responses: type[TokenResponseReader] = TokenResponseReader
    Metadata: type[MetadataReader] = MetadataReader
    Exchanges: type[Transport] = Transport
    """A transport with other connections than those of the reference client says ``uses_proxies = False``."""

    reached_by: ClassVar[tuple[str, ...]] = ()
    """The notes of watched_client.py that must occur in a scenario for this client to matter there.

    Empty: reach.py finds them by what the class overrides. Given where that would select too many scenarios.
    """

    def hello(self) -> Hello:
        hello = super().hello()
        proxied = getattr(self.Exchanges, "uses_proxies", True)
        return hello if proxied else replace(hello, capabilities=hello.capabilities - {Capability.PROXY})

    def configuration_reader(self) -> ConfigurationReader:
        return self.Configurations()

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        return self.Requests(configuration)

    def response_reader(self) -> TokenResponseReader:
        return self.Responses()

    def metadata_reader(self) -> MetadataReader:
        return self.Metadata()

    def new_transport(self, configuration: Any) -> Transport:
        return self.Exchanges(ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)


def classes_in(package: str, base: type[AnyAltered]) -> dict[str, type[AnyAltered]]:
    """Return the subclasses of `base` in the modules of a package by name, sorted by module, then by line.

    Classes with a leading underscore are bases of others and are left out.
    """
    found: dict[str, type[AnyAltered]] = {}
    folder = Path(str(importlib.import_module(package).__path__[0]))
    for name in sorted(info.name for info in pkgutil.iter_modules([str(folder)])):
        module = importlib.import_module(f"{package}.{name}")
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and issubclass(value, base)
                and value.__module__ == module.__name__
                and value is not base
            ):
                assert value.__name__ not in found, f"two classes have the name {value.__name__}"
                if not value.__name__.startswith("_"):
                    found[value.__name__] = value
    return found
