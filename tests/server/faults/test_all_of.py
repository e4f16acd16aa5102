import time

import pytest

from oauth_gauntlet_server import faults


def test_a_delay_a_status_and_a_truncation_act_together(tenant, post, token_app):
    fault = faults.all_of(
        faults.delay(0.1), faults.http_status(503, "gone"), faults.oauth_error("x"), faults.fault("truncate", octets=2)
    )
    tenant.arm(fault)
    began = time.monotonic()
    octets = post()
    assert time.monotonic() - began >= 0.1
    assert octets.startswith(b"HTTP/1.1 503 ")
    assert octets.endswith(b"\r\n\r\ngo")
    assert token_app.seen == []
    assert tenant.journal.exchanges()[0].faults == ("all_of",)


def test_the_fault_is_read_back_from_its_json():
    fault = faults.all_of(faults.delay(1.5), faults.token_member("scope", None))
    assert faults.fault_from_json(fault.to_json()) == fault


def test_several_faults_in_one_of_several_become_one():
    slow, wrong, late = faults.delay(1), faults.oauth_error("x"), faults.delay(2)
    assert faults.all_of(slow, faults.all_of(wrong, late)) == faults.all_of(slow, wrong, late)


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("delay", "faults: got 'delay': expected a list"),
        ([{"fault": "dely"}], "faults: 0: fault: unknown fault 'dely': .*; did you mean delay"),
        ([{"fault": "delay", "seconds": -1}], "faults: 0: seconds: got -1: expected a number between 0 and 86400"),
        ([{"fault": "delay", "seconds": 1, "when": {"nth": 2}}], "faults: 0: when: unknown member 'when'"),
        ([{"fault": "all_of", "faults": []}], "faults: 0: fault: unknown fault 'all_of'"),
    ],
)
def test_an_error_in_an_inner_fault_is_named(inner, message):
    with pytest.raises(faults.FaultError, match=message):
        faults.fault("all_of", faults=inner)
