import subprocess
import sys

import pytest

from oauth_gauntlet.time_zones import AUCKLAND, KOLKATA, NEW_YORK

OFFSETS = "import time; print([time.localtime(each).tm_gmtoff for each in (1704067200, 1719792000)])"


def offsets(value):
    done = subprocess.run([sys.executable, "-c", OFFSETS], env={"TZ": value}, capture_output=True, text=True, check=True)
    return set(map(float, done.stdout.strip("[]\n").split(",")))


@pytest.mark.parametrize("zone", [KOLKATA, NEW_YORK, AUCKLAND], ids=lambda zone: zone.name)
def test_the_rule_and_the_variable_have_the_offsets_in_january_and_july(zone):
    assert offsets(zone.rule) == set(zone.offsets_s)
    assert offsets(zone.variable) == set(zone.offsets_s)


def test_without_zone_files_the_rule_is_used(monkeypatch):
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    assert KOLKATA.variable == "IST-5:30"


def test_with_zone_files_the_name_is_used(monkeypatch, tmp_path):
    (tmp_path / "Asia").mkdir()
    (tmp_path / "Asia" / "Kolkata").write_bytes(b"")
    monkeypatch.setattr("zoneinfo.TZPATH", (str(tmp_path),))
    assert KOLKATA.variable == "Asia/Kolkata"
