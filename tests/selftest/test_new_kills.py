"""What `make generate` adds to kills.toml."""

import pytest

from tests.selftest import kills, new_kills

FORGOTTEN = "scope.space-delimited"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """kills.toml in a folder of the test."""
    copied = tmp_path / "kills.toml"
    copied.write_text(kills.FILE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(kills, "FILE", copied)
    return copied


def test_nothing_is_judged_if_nothing_is_new(copy):
    before = copy.read_text(encoding="utf-8")
    assert list(new_kills.complete()) == []
    assert copy.read_text(encoding="utf-8") == before


def test_a_new_scenario_is_judged_with_every_bug(copy):
    before = kills.load()
    forgotten = set(kills.all_scenarios()[FORGOTTEN])
    kills.write({bug: names - forgotten for bug, names in before.items()})
    assert set(kills.scenarios_without_a_bug(kills.load())) == forgotten
    lines = list(new_kills.complete())
    assert lines == [f"new scenarios: {len(forgotten)}; judging every bug and every correct variant in them"]
    assert kills.load() == before


def test_a_scenario_that_no_longer_exists_is_dropped(copy):
    before = kills.load()
    text = copy.read_text(encoding="utf-8")
    copy.write_text(
        text.replace('"scope.space-delimited"', '"scope.gone" = "all"\n"scope.space-delimited"', 1), encoding="utf-8"
    )
    assert kills.load() == before
