import json

import pytest
from click.testing import CliRunner

from oauth_gauntlet_server.commands.errors import UsageError
from oauth_gauntlet_server.commands.faults import faults
from oauth_gauntlet_server.faults import PRESETS, all_faults


def test_every_fault_and_preset_is_listed():
    text = CliRunner().invoke(faults, []).output
    assert all(f"\n{name}(" in f"\n{text}" for name in all_faults())
    assert all(f"/faults/{preset}/" in text for preset in PRESETS)


def test_one_fault_is_printed_in_full_by_its_name_or_by_a_preset():
    by_fault = CliRunner().invoke(faults, ["redirect"]).output
    assert by_fault == CliRunner().invoke(faults, ["redirect-307"]).output
    assert "RFC 9110 §15.4" in by_fault
    assert "relative: true or false" in by_fault


def test_all_faults_are_printed_as_json():
    documents = json.loads(CliRunner().invoke(faults, ["--format", "json"]).output)
    assert {document["name"] for document in documents} > set(all_faults())


def test_an_unknown_name_is_rejected_with_the_nearest_names():
    with pytest.raises(UsageError, match="no fault or preset 'drop'; did you mean drip"):
        CliRunner().invoke(faults, ["drop"], catch_exceptions=False)
