"""The fixtures in a pytest run of a user."""

import subprocess
import sys

import pytest

TEST = """
import sys
import urllib.parse
import urllib.request

def test_nothing_is_loaded_until_a_fixture_is_used():
    assert "flask" not in sys.modules
    assert "authlib" not in sys.modules
    assert "oauth_gauntlet_server.server" not in sys.modules

def ask(tenant):
    form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"})
    with urllib.request.urlopen(tenant.token_url, form.encode(), timeout=60) as answer:
        return answer.status

def test_a_tenant_grants(oauth_tenant):
    from oauth_gauntlet_server import faults

    assert ask(oauth_tenant) == 200
    oauth_tenant.arm(faults.fault("status", status=201))
    assert ask(oauth_tenant) == 201

def test_the_next_test_has_its_own_tenant(oauth_tenant, oauth_server):
    assert ask(oauth_tenant) == 200
    assert oauth_tenant.journal.count() == 1
    assert oauth_tenant.token_url.startswith(oauth_server.base_url)
"""


@pytest.mark.slow
@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_the_fixtures_work_without_any_import(tmp_path, workers):
    (tmp_path / "test_theirs.py").write_text(TEST)
    arguments = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--rootdir=.", "."]
    done = subprocess.run([*arguments, *workers], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
