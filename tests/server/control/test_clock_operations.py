import pytest

CLOCK = "/tenants/t/clock"


def test_the_clock_is_moved_set_frozen_and_reset(control, tenant):
    assert control("POST", f"{CLOCK}/set", {"epoch_s": 1_000_000}).json["now"] == pytest.approx(1_000_000, abs=60)
    assert control("POST", f"{CLOCK}/freeze").json["frozen"] is True
    frozen = control("GET", CLOCK).json["now"]
    assert control("POST", f"{CLOCK}/advance", {"seconds": 3600}).json == {"now": frozen + 3600, "frozen": True}
    assert tenant.clock.now() == frozen + 3600
    assert control("POST", f"{CLOCK}/unfreeze", {}).json["frozen"] is False
    assert control("GET", CLOCK).json["now"] >= frozen + 3600
    assert control("POST", f"{CLOCK}/reset").json["now"] > 1_700_000_000


def test_advancing_the_clock_makes_a_token_expire(control, tenant):
    tenant.configure(strict=False)
    token = control.token().json["access_token"]
    assert tenant.active(token)
    control("POST", f"{CLOCK}/advance", {"seconds": 3601})
    assert tenant.active(token) is None


def test_an_instant_outside_the_range_of_http_dates_is_rejected(control, tenant):
    assert control("POST", f"{CLOCK}/set", {"epoch_s": -1}).status == 400
    answer = control("POST", f"{CLOCK}/advance", {"seconds": 253_402_300_799})
    assert answer.status == 409
    assert "253402300799" in answer.json["detail"]
    assert control("POST", f"{CLOCK}/advance", {"second": 1}).json["nearest"] == ["seconds"]
