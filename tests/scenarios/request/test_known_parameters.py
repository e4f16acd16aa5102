"""Names that are nearly those of parameters which the request lacks, and names of other requests."""

import pytest

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_scenarios.request.known_parameters import misspelt, of_other_requests


@pytest.mark.parametrize("name", ["scopes", "Scope", "clientId", "client-id", "refreshToken", "CLIENT_SECRET", "resources"])
def test_a_name_in_another_spelling_is_found(name):
    assert misspelt({"grant_type", name}) == {name}


@pytest.mark.parametrize(
    "names",
    [
        {"scope", "scopes"},
        {"x-client-SKU", "client_info"},
        {"client-request-id"},
        {"audience", "claims"},
        {"scope", "resource"},
    ],
    ids=["both", "telemetry", "request-id", "extensions", "right"],
)
def test_other_names_are_legal(names):
    assert misspelt(names) == set()


@pytest.mark.parametrize(
    ("name", "grant", "foreign"),
    [
        ("password", GrantType.PASSWORD, False),
        ("password", GrantType.REFRESH_TOKEN, True),
        ("code_verifier", GrantType.PASSWORD, True),
        ("client_assertion", GrantType.JWT_BEARER, False),
        ("telemetry", GrantType.JWT_BEARER, False),
    ],
)
def test_a_parameter_of_another_grant_or_endpoint_is_foreign(name, grant, foreign):
    assert of_other_requests({"grant_type", name}, grant) == ({name} if foreign else set())
