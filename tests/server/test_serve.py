import json
import shlex
import subprocess

import pytest

from oauth_gauntlet_server.serve import default_tenant, hints


@pytest.fixture(scope="module")
def tenant(server):
    return default_tenant(server)


@pytest.mark.parametrize("title", ["client_credentials", "password", "refresh_token", "jwt-bearer"])
def test_the_command_of_each_grant_gets_a_token(tenant, title):
    command = {hint.title: hint.command for hint in hints(tenant)}[title]
    done = subprocess.run(shlex.split(command), capture_output=True, timeout=120, check=True)
    assert json.loads(done.stdout)["token_type"] == "Bearer"


@pytest.mark.parametrize(
    ("title", "member", "value"),
    [
        ("introspection", "active", True),
        ("protected resource", "client_id", "demo-client"),
        ("a failure on demand", "error", "invalid_grant"),
    ],
)
def test_the_other_commands_work(tenant, title, member, value):
    command = {hint.title: hint.command for hint in hints(tenant)}[title]
    done = subprocess.run(shlex.split(command), capture_output=True, timeout=120, check=True)
    assert json.loads(done.stdout)[member] == value
