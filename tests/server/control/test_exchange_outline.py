import pytest

from oauth_gauntlet_server.control.exchange_outline import MOST_READ, exchange_outline
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.tenancy.journal import Exchange


def outline(body=b"", answer=b"", endpoint="token", headers=()):
    request = RecordedRequest(method="POST", target="/t/token", http_version="1.1", headers=headers, body=body, raw=b"")
    response = None if answer is None else RecordedResponse(status=400, reason="", headers=(), body=answer)
    return exchange_outline(Exchange(sequence=1, endpoint=endpoint, request=request, response=response))


def test_grant_client_and_error_are_read():
    found = outline(b"grant_type=password&client_id=c", b'{"error": "invalid_grant"}')
    assert found == {"grant_type": "password", "client_id": "c", "error": "invalid_grant"}
    assert outline(headers=(("Authorization", "Basic YSUyMGI6Yw=="),))["client_id"] == "a b"
    assert outline(b"", b'{"error": "invalid_token"}', endpoint="resource")["error"] == "invalid_token"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"no JSON",
        b'["error"]',
        b'{"error": 1}',
        b'"error"',
        b'{"error": ' * 5000,
        b" " * MOST_READ + b'{"error": "x"}',
    ],
)
def test_a_response_without_a_readable_error_code_has_none(answer):
    assert outline(answer=answer)["error"] is None


@pytest.mark.parametrize("body", [b"", b"%zz", b"\xff\xfe", b"grant_type", b"&&&"])
def test_an_unreadable_request_has_no_grant_and_no_client(body):
    found = outline(body, headers=(("Authorization", "Basic !!!"),))
    assert not found["grant_type"]
    assert found["client_id"] is None
