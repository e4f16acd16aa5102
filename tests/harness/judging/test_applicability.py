import pytest

from oauth_gauntlet.judging.applicability import missing_declaration
from oauth_gauntlet.model import Level, RenewalKind, Requirement
from oauth_gauntlet.protocol import GrantType, hello_from_json

HELLO = hello_from_json(
    {
        "protocol": 1,
        "client": {"name": "c"},
        "grants": ["password"],
        "parameters": ["scope"],
        "capabilities": ["refresh"],
        "token_endpoint_auth_methods": ["none"],
    }
)


def test_a_variant_may_need_a_method_of_its_own():
    needs = "needs token_endpoint_auth_methods to contain private_key_jwt"
    assert missing_declaration(requirement(), GrantType.PASSWORD, HELLO, auth_method="private_key_jwt") == needs
    assert missing_declaration(requirement(), GrantType.PASSWORD, HELLO, auth_method="none") is None


def test_a_renewal_needs_capabilities_of_its_own():
    assert missing_declaration(requirement(), GrantType.PASSWORD, HELLO, renewal=RenewalKind.REFRESH) is None
    missing = missing_declaration(requirement(capabilities=["tls"]), GrantType.PASSWORD, HELLO, renewal=RenewalKind.EXPIRY)
    assert missing == "needs capabilities to contain auto_refresh, cache, clock, tls"


def requirement(**needs):
    return Requirement(
        id="a.b",
        level=Level.MUST,
        basis=(),
        statement="",
        grants=tuple(GrantType),
        **{name: frozenset(values) for name, values in needs.items()},
    )


@pytest.mark.parametrize(
    ("needs", "grant", "missing"),
    [
        ({}, GrantType.PASSWORD, None),
        ({}, GrantType.REFRESH_TOKEN, "needs grants to contain refresh_token"),
        ({"parameters": ["scope"]}, GrantType.PASSWORD, None),
        ({"parameters": ["scope", "ca_file", "a"]}, GrantType.PASSWORD, "needs parameters to contain a, ca_file"),
        ({"capabilities": ["refresh"]}, GrantType.PASSWORD, None),
        ({"capabilities": ["cache"]}, GrantType.PASSWORD, "needs capabilities to contain cache"),
        ({"auth_methods": ["none"]}, GrantType.PASSWORD, None),
        (
            {"auth_methods": ["client_secret_post"]},
            GrantType.PASSWORD,
            "needs token_endpoint_auth_methods to contain client_secret_post",
        ),
    ],
)
def test_applicability_depends_only_on_the_declaration(needs, grant, missing):
    assert missing_declaration(requirement(**needs), grant, HELLO) == missing
