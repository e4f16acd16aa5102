"""The schemas have exactly the members of the Python API."""

import dataclasses

import pytest

from oauth_gauntlet_server import AssertionIssuer, RegisteredClient, TenantSettings, User
from oauth_gauntlet_server.control.tenant_schemas import CHANGED_SETTINGS, CLIENT, ISSUER, NEW_TENANT, SETTINGS, USER
from oauth_gauntlet_server.http.json_schema import read
from oauth_gauntlet_server.http.json_values import fields_as_json
from oauth_gauntlet_server.tenancy.settings_json import settings_from


@pytest.mark.parametrize(
    ("properties", "value"),
    [
        (SETTINGS, TenantSettings),
        (CLIENT["properties"], RegisteredClient),
        (USER["properties"], User),
        (ISSUER["properties"], AssertionIssuer),
    ],
)
def test_the_members_are_the_fields_of_the_dataclass(properties, value):
    assert sorted(properties) == sorted(field.name for field in dataclasses.fields(value))


def test_the_defaults_are_those_of_python_and_match_the_schema():
    defaults = fields_as_json(TenantSettings())
    assert {name: schema["default"] for name, schema in SETTINGS.items()} == defaults
    assert TenantSettings(**settings_from(read(defaults, NEW_TENANT))) == TenantSettings()
    assert list(NEW_TENANT["properties"]) == ["name", *SETTINGS]


def test_the_schema_of_a_change_has_no_defaults():
    assert not any("default" in schema for schema in CHANGED_SETTINGS["properties"].values())
