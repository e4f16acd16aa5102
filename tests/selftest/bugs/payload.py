"""Bugs in the additional payload."""

import json
from typing import Any

from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.bugs.broken import Broken


class PayloadAsText(Broken):
    """Converts every member of the payload with str()."""

    seen_in = ("psf/requests#4628", "cognitedata/cognite-sdk-python#1076")

    class Configurations(ConfigurationReader):
        def payload_text(self, member: Any) -> str:
            return str(member)


class PayloadIgnored(Broken):
    """Sends no additional payload."""

    seen_in = ("DuendeArchive/Duende.AccessTokenManagement#9", "RESOStandards/RESO-WebAPI-Client-dotNet#24")

    class Requests(TokenRequestBuilder):
        def payload_parameters(self) -> Any:
            return []


class PayloadRepeats(Broken):
    """Sends an array of the payload as the same parameter several times."""

    class Configurations(ConfigurationReader):
        def payload_text(self, member: Any) -> Any:
            return member if isinstance(member, list) else super().payload_text(member)

    class Requests(TokenRequestBuilder):
        def payload_parameters(self) -> Any:
            for name, member in super().payload_parameters():
                for each in member if isinstance(member, list) else [member]:
                    yield name, each if isinstance(each, str) else json.dumps(each)


class PayloadDoubles(Broken):
    """Lets the payload repeat a parameter of the protocol."""

    seen_in = ("modelcontextprotocol/rust-sdk#322",)

    class Configurations(ConfigurationReader):
        def payload(self, value: Any) -> Any:
            return {name: self.payload_text(member) for name, member in (value or {}).items()}
