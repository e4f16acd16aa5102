"""Which error texts look like a crash, and which like a documented error."""

import pytest

from oauth_gauntlet.adapter_check.fault_cases import _CRASHES


@pytest.mark.parametrize(
    "text",
    [
        "builtins.KeyError: 'access_token'",
        "builtins.TypeError: 'NoneType' object is not subscriptable",
        "TypeError: Cannot read properties of undefined (reading 'access_token')",
        "TypeError: x.split is not a function",
        "java.lang.NullPointerException: null",
        ": runtime error: invalid memory address or nil pointer dereference",
        "NoMethodError: undefined method `[]' for nil",
    ],
)
def test_a_crash_is_recognised(text):
    assert _CRASHES.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "TypeError: fetch failed",
        "builtins.ValueError: Service account info was not in the expected format",
        "requests.exceptions.ConnectionError: Connection aborted",
        "MissingTokenError: (missing_token) Missing access token parameter.",
        "SyntaxError: Unexpected token < in JSON at position 0",
        "OAuthKeyErrorResponse: no",
    ],
)
def test_an_error_that_a_client_may_document_is_no_crash(text):
    assert not _CRASHES.search(text)
