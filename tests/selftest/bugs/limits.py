"""Bugs in front of answers that are large."""

from typing import Any

from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Transport
from tests.selftest.bugs.broken import Broken


class TokenCut(Broken):
    """Has room for 4096 characters of a token."""

    seen_in = ("fastapi-users/fastapi-users-db-sqlalchemy#20", "znuny/Znuny#289", "umbraco/Umbraco.AuthorizedServices#40")

    class Responses(TokenResponseReader):
        def access_token(self, document: Any) -> str:
            return super().access_token(document)[:4096]


class FewMembers(Broken):
    """Has room for a thousand members."""

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            document = super().document(body)
            if document and len(document) > 1000:
                raise IndexError("too many members")
            return document


class ReadsForEver(Broken):
    """Reads an answer to its end, however far that is."""

    seen_in = ("modelcontextprotocol/ruby-sdk#520", "openclaw/openclaw#96644")

    reached_by = ("an exchange that failed",)

    class Exchanges(Transport):
        def most_body(self) -> int:
            return 2**40
