"""What a runtime says of an object of its own accord is no adapter's constant."""

import pytest

from oauth_gauntlet.adapter_check.operations import _OF_ITS_RUNTIME


@pytest.mark.parametrize(
    "text",
    ["", "{}", "null", "[object Object]", "<authlib.client.OAuth2Session object at 0x7f00aa>", "com.example.Client@1b6d3586"],
)
def test_these_are_of_a_runtime(text):
    assert _OF_ITS_RUNTIME.fullmatch(text)


@pytest.mark.parametrize("text", ["a client without secrets", "Client(id='a')", "<Client a>", "{'a': 1}"])
def test_these_are_somebodys_words(text):
    assert not _OF_ITS_RUNTIME.fullmatch(text)
