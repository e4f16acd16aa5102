"""A client that answers what a test wants, and the answers that tests use."""

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, ResourceResponse, Token
from oauth_gauntlet.reference.client import ReferenceClient

REFUSED = ErrorInfo(kind=ErrorKind.CONFIG, message="no")
ERROR = ErrorInfo(kind=ErrorKind.OAUTH, message="no", oauth_error="invalid_grant")
CANCELLED = ErrorInfo(kind=ErrorKind.CANCELLED, message="stopped")
TOKEN = Token(access_token="t")
RESPONSE = ResourceResponse(status=200, headers=(), body="b")


class Scripted(ReferenceClient):
    """A client that records its calls, and returns the answers that a test sets."""

    def __init__(self):
        super().__init__()
        self.asked = []
        self.answer = None

    def _answer(self, *asked):
        self.asked.append(asked)
        if isinstance(self.answer, ErrorInfo):
            raise ClientFailure(self.answer)
        return self.answer

    def configure(self, config):
        if self.answer is REFUSED:
            raise ClientFailure(REFUSED)
        self.asked.append(("configure",))
        return "done"  # an adapter may return a value where none is expected

    def get_token(self):
        return self._answer("get_token")

    def get_tokens(self, count, cancel=0):
        return self._answer("get_tokens", count, cancel)

    def refresh(self):
        return self._answer("refresh")

    def request(self, method, url, headers, body):
        return self._answer("request", method, url, headers, body)

    def requests(self, requests, cancel=0):
        return self._answer("requests", requests, cancel)

    def describe(self):
        return self._answer("describe")
