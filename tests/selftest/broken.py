"""What a broken client is made of: the reference client, with one of its parts replaced."""

from typing import Any, ClassVar

from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Transport


class Broken(ReferenceClient):
    """A client with one bug: its docstring says which, `caught_by` names the scenarios that have to notice."""

    caught_by: ClassVar[tuple[str, ...]] = ()

    Configurations: type[ConfigurationReader] = ConfigurationReader
    Requests: type[TokenRequestBuilder] = TokenRequestBuilder
    Responses: type[TokenResponseReader] = TokenResponseReader
    Exchanges: type[Transport] = Transport

    def configuration_reader(self) -> ConfigurationReader:
        return self.Configurations()

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        return self.Requests(configuration)

    def response_reader(self) -> TokenResponseReader:
        return self.Responses()

    def new_transport(self, configuration: Any) -> Transport:
        return self.Exchanges(ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)


def bugs_of(module: Any) -> list[type[Broken]]:
    """Return the broken clients that a module defines."""
    return [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Broken) and each.caught_by]
