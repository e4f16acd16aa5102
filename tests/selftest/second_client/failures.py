"""The errors of the client. Of what a server wrote their texts hold the error code alone, so that they hold no secret."""


class Failure(Exception):
    """Root of what the client raises on purpose."""


class ConfigurationRefused(Failure):
    """A parameter is missing or not what its grammar says; nothing was sent."""


class ServerRefused(Failure):
    """The server answered with an error document (RFC 6749 5.2)."""

    def __init__(self, code: str, status: int, *, description: str | None, uri: str | None, retry_after: float | None) -> None:
        super().__init__(f"the authorization server answered {code} (HTTP {status})")
        self.code = code
        self.status = status
        self.description = description
        self.uri = uri
        self.retry_after = retry_after


class AnswerRefused(Failure):
    """The answer is not what the specification says of one."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ExchangeFailed(Failure):
    """No answer came, or one of HTTP alone that is no success."""

    def __init__(self, message: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class ExchangeTimedOut(Failure):
    """The time limit of an exchange passed."""
