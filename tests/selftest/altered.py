"""The reference client with some of its parts replaced: what broken clients and correct variants are made of."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Transport

AnyAltered = TypeVar("AnyAltered", bound="Altered")


class Altered(ReferenceClient):
    """A subclass names the parts that are other than the reference client's, or overrides decisions of the client itself."""

    Configurations: type[ConfigurationReader] = ConfigurationReader
    Requests: type[TokenRequestBuilder] = TokenRequestBuilder
    Responses: type[TokenResponseReader] = TokenResponseReader
    Exchanges: type[Transport] = Transport

    reached_by: ClassVar[tuple[str, ...]] = ()
    """What has to happen in a scenario for it to make a difference, in the words of reach.py, where those find too much."""

    def configuration_reader(self) -> ConfigurationReader:
        return self.Configurations()

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        return self.Requests(configuration)

    def response_reader(self) -> TokenResponseReader:
        return self.Responses()

    def new_transport(self, configuration: Any) -> Transport:
        return self.Exchanges(ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)


def classes_in(package: str, base: type[AnyAltered]) -> dict[str, type[AnyAltered]]:
    """Return the classes below `base` that the modules of a package define, by name, in the order of modules and lines."""
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
                assert value.__name__ not in found, f"two are called {value.__name__}"
                if not value.__name__.startswith("_"):
                    found[value.__name__] = value
    return found
