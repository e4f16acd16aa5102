import pytest

from oauth_gauntlet_server.faults import delay
from oauth_gauntlet_server.http.json_values import as_json


@pytest.mark.parametrize(
    ("value", "document"),
    [
        ("é".encode(), "é"),
        (b"\xff", {"base64": "/w=="}),
        (frozenset({"b", "a"}), ["a", "b"]),
        ((b"a", ("b", 1)), ["a", ["b", 1]]),
        ({"a": 1}, {"a": 1}),
        (delay(1), delay(1).to_json()),
        (None, None),
        (1.5, 1.5),
    ],
)
def test_a_value_becomes_json(value, document):
    assert as_json(value) == document
