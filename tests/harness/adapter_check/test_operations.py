"""A string form that the runtime gives to any object is not a constant of the adapter."""

import pytest

from oauth_gauntlet.adapter_check.operations import _OF_ITS_RUNTIME


@pytest.mark.parametrize(
    "text",
    ["", "{}", "null", "Configuration {}", "<authlib.client.OAuth2Session object at 0x7f00aa>", "com.example.Client@1b6d3586"],
)
def test_a_string_form_of_a_runtime(text):
    assert _OF_ITS_RUNTIME.fullmatch(text)


@pytest.mark.parametrize("text", ["a client without secrets", "Client(id='a')", "<Client a>", "{'a': 1}"])
def test_a_text_of_a_client_or_an_adapter(text):
    assert not _OF_ITS_RUNTIME.fullmatch(text)
