"""The names of the package, and what importing it costs."""

import subprocess
import sys

import pytest

import oauth_gauntlet_server


@pytest.mark.parametrize("name", oauth_gauntlet_server.__all__)
def test_every_public_name_is_there(name):
    assert getattr(oauth_gauntlet_server, name) is not None


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Server'"):
        oauth_gauntlet_server.Server  # noqa: B018


def test_a_started_server_has_not_loaded_flask():
    code = (
        "import sys; from oauth_gauntlet_server import MockServer\n"
        "with MockServer() as server: server.tenant()\n"
        "print(sorted({'flask', 'ssl', 'cryptography', 'trustme'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "[]\n"
