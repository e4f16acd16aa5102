import pytest

from oauth_gauntlet_server.faults import delay, http_status
from oauth_gauntlet_server.http.json_values import as_json, fields_as_json


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


def test_the_fields_of_a_dataclass_become_a_json_object():
    assert fields_as_json(http_status(503, headers={"A": "b"})) == {
        "status": 503,
        "body": "",
        "content_type": None,
        "headers": [["A", "b"]],
    }
