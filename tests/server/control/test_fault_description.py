import shlex
import subprocess

import pytest

from oauth_gauntlet_server import MockServer
from oauth_gauntlet_server.control.fault_description import describe, preset_command, preset_path
from oauth_gauntlet_server.faults import PRESETS, all_faults
from oauth_gauntlet_server.listening.connection_faults import all_connection_faults
from oauth_gauntlet_server.serve import default_tenant

KNOWN = {fault.name: fault for fault in describe()}


def test_every_fault_and_every_preset_is_described_once():
    assert set(KNOWN) == set(all_faults()) | set(all_connection_faults())
    assert len(KNOWN) == len(describe())
    assert {name for name, fault in KNOWN.items() if fault.needs_port} == set(all_connection_faults())
    assert sorted(preset for fault in KNOWN.values() for preset in fault.presets) == sorted(PRESETS)


def test_parameters_are_described_by_their_json_type_and_default():
    parameters = {each.name: (each.shape, each.default) for each in KNOWN["delay"].parameters}
    assert parameters == {
        "seconds": ("a number between 0 and 86400", None),
        "where": ('"first" or "before-body" or "in-body"', '"first"'),
        "octets": ("a whole number of at least 0", "1"),
    }
    assert {each.name: each.shape for each in KNOWN["http_status"].parameters} == {
        "status": "a whole number between 200 and 999",
        "body": "a string",
        "content_type": "a string or null",
        "headers": "[[name, value], ...], or an object of strings",
    }


def test_the_path_of_a_preset_ends_with_the_endpoint_of_its_fault():
    assert preset_path("drip", tenant="t") == "/t/faults/drip/token"
    assert preset_path("keys-rotated") == "/default/faults/keys-rotated/jwks"
    assert preset_path("wrong-issuer") == "/default/faults/wrong-issuer/.well-known/oauth-authorization-server"
    assert preset_path("no-challenge") == "/default/faults/no-challenge/resource"


@pytest.mark.parametrize("preset", ["invalid-grant", "insufficient-scope", "wrong-issuer", "no-keys"])
def test_the_curl_command_triggers_the_fault(preset):
    with MockServer() as server:
        tenant = default_tenant(server)
        command = preset_command(preset, base_url=server.base_url)
        subprocess.run(shlex.split(command), check=True, capture_output=True, timeout=60)
    assert tenant.journal.exchanges()[-1].faults == (PRESETS[preset].name,)
