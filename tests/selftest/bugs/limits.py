"""Bugs with large responses."""

from typing import Any

from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Transport
from tests.selftest.bugs.broken import Broken


class TokenCut(Broken):
    """Keeps only 4096 characters of the access token."""

    seen_in = ("fastapi-users/fastapi-users-db-sqlalchemy#20", "znuny/Znuny#289", "umbraco/Umbraco.AuthorizedServices#40")

    class Responses(TokenResponseReader):
        def access_token(self, document: Any) -> str:
            return super().access_token(document)[:4096]


class FewMembers(Broken):
    """Crashes if the response has more than a thousand members."""

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            document = super().document(body)
            if document and len(document) > 1000:
                raise IndexError("too many members")
            return document


class ReadsForEver(Broken):
    """Reads a response of any size."""

    seen_in = ("modelcontextprotocol/ruby-sdk#520", "openclaw/openclaw#96644")

    reached_by = ("an exchange that failed",)

    class Exchanges(Transport):
        def most_body(self) -> int:
            return 2**40
