"""Names that are nearly those of parameters which the request lacks."""

import pytest

from oauth_gauntlet_scenarios.request.test_parameters import _misspelt
from oauth_gauntlet_server import RecordedRequest


def misspelt(body):
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    return _misspelt(RecordedRequest(method="POST", target="/", http_version="1.1", headers=headers, body=body, raw=b""))


@pytest.mark.parametrize("name", ["scopes", "Scope", "clientId", "client-id", "refreshToken", "CLIENT_SECRET", "resources"])
def test_a_name_in_another_spelling_is_found(name):
    assert misspelt(f"grant_type=password&{name}=x".encode()) == {name}


@pytest.mark.parametrize(
    "body",
    [
        b"scope=a&scopes=a",
        b"x-client-SKU=MSAL&client_info=1",
        b"client-request-id=1",
        b"audience=a&claims=b",
        b"scope=a&resource=b",
    ],
    ids=["both", "telemetry", "request-id", "extensions", "right"],
)
def test_other_names_are_legal(body):
    assert misspelt(body) == set()
