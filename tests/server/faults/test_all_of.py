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


@pytest.mark.parametrize(
    ("inner", "message"),
    [("delay", "faults: got 'delay': expected a list"), ([{"fault": "dely"}], "unknown fault 'dely'; did you mean delay")],
)
def test_an_error_in_an_inner_fault_is_named(inner, message):
    with pytest.raises(faults.FaultError, match=message):
        faults.fault("all_of", faults=inner)
