"""The errors of the client. From a response their messages contain only the error code, and so no secret."""


class Failure(Exception):
    """The base class of the errors that the client raises on purpose."""


class ConfigurationRefused(Failure):
    """A parameter is missing or does not match its grammar; nothing was sent."""


class ServerRefused(Failure):
    """The server returned an error document (RFC 6749 5.2)."""

    def __init__(self, code: str, status: int, *, description: str | None, uri: str | None, retry_after: float | None) -> None:
        super().__init__(f"the authorization server returned {code} (HTTP {status})")
        self.code = code
        self.status = status
        self.description = description
        self.uri = uri
        self.retry_after = retry_after


class AnswerRefused(Failure):
    """The response does not follow the specification."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ExchangeFailed(Failure):
    """No response came, or an HTTP error without an error document."""

    def __init__(self, message: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class ExchangeTimedOut(Failure):
    """The time limit of an exchange passed."""
