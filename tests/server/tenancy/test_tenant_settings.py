from dataclasses import replace

import pytest

from oauth_gauntlet_server import RotationPolicy, Tenants
from oauth_gauntlet_server.tenancy.setting_checks import SettingRefused
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"strict": 1}, "strict: got 1: expected True or False"),
        ({"access_token_lifetime_s": "60"}, "access_token_lifetime_s: got '60': expected a whole number or None"),
        ({"access_token_lifetime_s": True}, "access_token_lifetime_s: got True: expected a whole number or None"),
        ({"access_token_lifetime_s": -1}, "access_token_lifetime_s: got -1: expected 0 or more seconds"),
        (
            {"rotation": "rotate"},
            (
                "rotation: got 'rotate': expected one of RotationPolicy.KEEP, RotationPolicy.ROTATE, "
                "RotationPolicy.ROTATE_DETECT_REUSE"
            ),
        ),
        ({"access_token_format": "JWT"}, "access_token_format: got 'JWT': expected one of opaque, jwt"),
        ({"access_token_typ": "jwt"}, "access_token_typ: got 'jwt': expected one of JWT, at+jwt"),
        ({"signing_algorithm": "HS256"}, "signing_algorithm: got 'HS256': expected one of ES256, RS256, EdDSA"),
        (
            {"refresh_token_grants": "password"},
            "refresh_token_grants: got 'password': expected a frozenset, each item a string",
        ),
        (
            {"refresh_token_grants": frozenset({"passwort"})},
            (
                "refresh_token_grants: got 'passwort': expected some of client_credentials, password, refresh_token, "
                "urn:ietf:params:oauth:grant-type:jwt-bearer"
            ),
        ),
        (
            {"claims_from_parameters": {"p": 1}},
            "claims_from_parameters: got {'p': 1}: expected a mapping from names, each value a string",
        ),
    ],
    ids=str,
)
def test_a_value_of_another_type_is_refused(settings, text):
    with pytest.raises(SettingRefused) as caught:
        TenantSettings(**settings)
    assert str(caught.value) == text


NO_REFRESH_TOKEN = {"refresh_token_grants": frozenset(), "refresh_token_lifetime_s": 60}


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (NO_REFRESH_TOKEN, "refresh_token_lifetime_s"),
        ({"token_response_members": {"access_token": "x"}}, "token_response_members"),
        ({"token_response_members": {"token_type": "x"}}, "token_response_members"),
        ({"token_response_members": {"expires_in": 5}}, "token_response_members"),
    ],
    ids=str,
)
def test_a_setting_that_can_never_have_an_effect_is_refused(settings, name):
    with pytest.raises(SettingRefused, match=f"^{name}: no effect") as caught:
        TenantSettings(**settings)
    assert caught.value.name == name


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"strict": False, "clock_skew_s": 5, "assertions_once": True, "most_assertion_lifetime_s": 60},
        {**NO_REFRESH_TOKEN, "rotation": RotationPolicy.ROTATE},
        {"access_token_format": "opaque", "signing_algorithm": "RS256"},
        {"token_response_members": {"expires_in": 5, "scope": "s", "refresh_token": "r"}, "access_token_lifetime_s": None},
        {"refresh_token_grants": {"password"}},
    ],
    ids=str,
)
def test_a_setting_that_can_have_an_effect_is_accepted(settings):
    assert replace(TenantSettings(**settings)) == TenantSettings(**settings)


def test_a_change_that_is_refused_changes_nothing():
    tenant = Tenants().create(refresh_token_lifetime_s=60)
    before = tenant.settings
    with pytest.raises(SettingRefused):
        tenant.configure(refresh_token_grants=frozenset())
    assert tenant.settings is before


def test_a_refused_tenant_is_not_created():
    tenants = Tenants()
    with pytest.raises(SettingRefused):
        tenants.create("n", access_token_format="JWT")
    assert tenants.names() == ()
