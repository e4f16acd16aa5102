import pytest

from oauth_gauntlet_server.faults import PRESETS


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - {"slow", "closed"}))
def test_a_preset_is_its_fault_at_an_address(tenant, post, preset):
    fault = PRESETS[preset]
    genuine = post()
    at_its_address = post(path=f"/t/faults/{preset}/token")
    tenant.arm(fault)
    assert at_its_address == post()
    assert at_its_address != genuine
    assert tenant.journal.exchanges()[1].faults == (fault.name,)
    assert tenant.journal.exchanges()[1].endpoint == "token"


def test_a_preset_is_in_force_for_its_request_only(tenant, post):
    genuine = post()
    post(path="/t/faults/invalid-grant/token")
    assert post() == genuine
    assert tenant.armed.list() == ()


def test_the_closed_preset(post):
    assert post(path="/t/faults/closed/token") == b""


def test_names_can_stand_in_a_path():
    assert all(name.replace("-", "").isalnum() and name == name.lower() for name in PRESETS)
